package pinfold.logs;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Reads logs from their files; needs no supervisor. Streams are merged by time; entries of one
 * stream keep their order. A line has the time of the record of its first byte: lines that were
 * moved together share one.
 *
 * <p>Lines are told apart at line feeds, and where a run begins. Where a clock was set back, times
 * within a stream go back too; `since` and `until` then look at each line, but may leave out whole
 * segments by their names.
 */
public final class LogReader {
  private LogReader() {}

  /**
   * Gives all entries that there are, then returns.
   *
   * @param sink takes them on this thread
   * @throws IOException when a folder cannot be read, or the sink fails; a file that cannot be read
   *     is an {@link LogEntry.Unreadable}
   */
  public static void read(LogQuery query, LogSink sink) throws IOException {
    try (LogSession session = LogSession.open(query)) {
      session.pump(sink, true);
    }
  }

  /**
   * Gives all entries that there are, then those that come, across rotation, deletion, truncation
   * and compression, no byte twice. Streams need not exist yet. Returns when the sink wants no
   * more, when `until` has passed, or when the thread is interrupted, with its interrupt status
   * set; unfinished lines are given before that.
   *
   * @param sink takes them on this thread
   * @throws IOException as {@link #read}
   */
  public static void follow(LogQuery query, LogSink sink) throws IOException {
    follow(query, sink, Clock.systemUTC(), false);
  }

  /**
   * The same, giving what is there of an unfinished line at once and the rest as further pieces of
   * it: for whoever waits for a prompt.
   */
  public static void followPieces(LogQuery query, LogSink sink) throws IOException {
    follow(query, sink, Clock.systemUTC(), true);
  }

  static void follow(LogQuery query, LogSink sink, Clock clock, boolean pieces) throws IOException {
    Set<Path> folders =
        query.sources().stream()
            .map(source -> SegmentFiles.folder(source.file()))
            .collect(Collectors.toUnmodifiableSet());
    try (LogWatch watch = new LogWatch(folders);
        LogSession session = LogSession.following(query)) {
      try {
        if (watch(query, sink, clock, session, watch, pieces)) {
          session.flush(sink);
        }
      } catch (InterruptedException e) {
        // Until now, as whoever interrupts expects.
        session.more(Set.of());
        session.pump(sink, true);
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Returns whether unfinished lines are wanted too. */
  private static boolean watch(
      LogQuery query, LogSink sink, Clock clock, LogSession session, LogWatch watch, boolean pieces)
      throws IOException, InterruptedException {
    boolean over = false;
    while (session.pump(sink, pieces)) {
      if (over) {
        return true;
      }
      Set<Path> changed = watch.await();
      over = over(query, clock);
      session.more(over ? Set.of() : changed);
    }
    return false;
  }

  private static boolean over(LogQuery query, Clock clock) {
    return query.untilNs().isPresent()
        && clock.millis() >= TimeUnit.NANOSECONDS.toMillis(query.untilNs().getAsLong());
  }
}
