package pinfold.logs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The streams of a query, opened, positioned and merged by time. For one thread. */
final class LogSession implements AutoCloseable {
  /** One stream and its next entry. */
  private static final class Cursor {
    final int order;
    final StreamReader reader;
    final Selection selection;
    @Nullable LogEntry head;
    boolean done;

    Cursor(int order, StreamReader reader, Selection selection) {
      this.order = order;
      this.reader = reader;
      this.selection = selection;
    }

    long headTimeNs() {
      return head == null ? Long.MAX_VALUE : head.timeNs();
    }

    /**
     * Reads up to the next entry that is wanted.
     *
     * @param rest also the unfinished line at the end
     * @return whether there is one
     */
    boolean fill(boolean rest) throws IOException {
      while (head == null && !done) {
        LogEntry next = reader.next();
        if (next == null && rest) {
          next = reader.rest();
        }
        if (next == null) {
          return false;
        }
        if (selection.takes(next)) {
          head = next;
        } else {
          done = over(next);
        }
      }
      return head != null;
    }

    /** Whether nothing behind this unwanted entry can be wanted. */
    private boolean over(LogEntry entry) {
      if (selection.beyond(entry.run())) {
        return true;
      }
      Segment segment = reader.segment();
      StreamView.Position at = reader.position();
      return entry.timeNs() >= selection.untilNs()
          && segment != null
          && !segment.index().anyBefore(selection.untilNs(), at.offset())
          && (at.segment() + 1 >= reader.view().count()
              || reader.view().name(at.segment() + 1) >= selection.untilNs());
    }

    @Nullable LogEntry take() {
      LogEntry taken = head;
      head = null;
      return taken;
    }
  }

  private static final Comparator<Cursor> FORWARD =
      Comparator.comparingLong(Cursor::headTimeNs).thenComparingInt(cursor -> cursor.order);

  private final List<Cursor> cursors = new ArrayList<>();

  private LogSession() {}

  /** Opens the streams of a query where its first entries are, to read what there is. */
  static LogSession open(LogQuery query) throws IOException {
    return open(query, StreamReader.Patience.NONE);
  }

  /** The same, to be asked for more. */
  static LogSession following(LogQuery query) throws IOException {
    return open(
        query,
        query.runs() instanceof LogQuery.Runs.All
            ? StreamReader.Patience.A_WHILE
            : StreamReader.Patience.ALWAYS);
  }

  private static LogSession open(LogQuery query, StreamReader.Patience patience)
      throws IOException {
    LogSession session = new LogSession();
    List<StreamView> views = new ArrayList<>();
    try {
      for (LogSource source : query.sources()) {
        views.add(StreamView.of(source));
      }
      Map<Path, Integer> previous = previousRuns(query, views);
      for (StreamView view : views) {
        OptionalInt run =
            switch (query.runs()) {
              case LogQuery.Runs.All() -> OptionalInt.empty();
              case LogQuery.Runs.Only(int only) -> OptionalInt.of(only);
              case LogQuery.Runs.Previous() ->
                  OptionalInt.of(previous.getOrDefault(slot(view.source()), -1));
            };
        session.cursors.add(
            new Cursor(
                session.cursors.size(),
                new StreamReader(view, true, patience),
                new Selection(query, run)));
      }
      if (query.tail().isPresent()) {
        session.seekTail(query, query.tail().getAsInt());
      } else {
        for (Cursor cursor : session.cursors) {
          boolean following = patience == StreamReader.Patience.ALWAYS;
          cursor.reader.seek(StreamStart.of(cursor.reader.view(), cursor.selection, following));
        }
      }
      return session;
    } catch (IOException | RuntimeException e) {
      views.forEach(StreamView::close);
      throw e;
    }
  }

  private static Map<Path, Integer> previousRuns(LogQuery query, List<StreamView> views)
      throws IOException {
    Map<Path, Integer> runs = new HashMap<>();
    if (query.runs() instanceof LogQuery.Runs.Previous) {
      Map<Path, List<StreamView>> slots = new HashMap<>();
      views.forEach(
          view -> slots.computeIfAbsent(slot(view.source()), _ -> new ArrayList<>()).add(view));
      for (Map.Entry<Path, List<StreamView>> slot : slots.entrySet()) {
        runs.put(slot.getKey(), StreamStart.previousRun(slot.getValue()));
      }
    }
    return runs;
  }

  private static Path slot(LogSource source) {
    return source.file().resolveSibling(source.slot());
  }

  private void seekTail(LogQuery query, int lines) throws IOException {
    List<TailSearch> searches = new ArrayList<>();
    PriorityQueue<TailSearch> newest = new PriorityQueue<>(TailSearch.NEWEST);
    for (Cursor cursor : cursors) {
      TailSearch search =
          new TailSearch(cursor.order, cursor.reader.view(), cursor.selection, query.grep());
      searches.add(search);
      if (lines > 0 && search.previous()) {
        newest.add(search);
      }
    }
    for (int left = lines; left > 0 && !newest.isEmpty(); left--) {
      TailSearch search = newest.remove();
      search.accept();
      if (left > 1 && search.previous()) {
        newest.add(search);
      }
    }
    for (Cursor cursor : cursors) {
      cursor.reader.seek(searches.get(cursor.order).accepted());
    }
  }

  /**
   * Gives what there is, in the order of time.
   *
   * @param rest also unfinished lines
   * @return false when the sink wants no more
   */
  boolean pump(LogSink sink, boolean rest) throws IOException {
    PriorityQueue<Cursor> heads = new PriorityQueue<>(FORWARD);
    for (Cursor cursor : cursors) {
      if (cursor.fill(rest)) {
        heads.add(cursor);
      }
    }
    while (!heads.isEmpty()) {
      Cursor cursor = heads.remove();
      do {
        LogEntry entry = cursor.take();
        if (entry != null && !sink.take(entry)) {
          return false;
        }
      } while (cursor.fill(rest) && cursor.head instanceof LogEntry.Line line && line.continued());
      if (cursor.head != null) {
        heads.add(cursor);
      }
    }
    return true;
  }

  /** Gives the unfinished lines, reading nothing more. */
  void flush(LogSink sink) throws IOException {
    List<LogEntry> rests = new ArrayList<>();
    for (Cursor cursor : cursors) {
      LogEntry rest = cursor.reader.rest();
      if (rest != null && !cursor.done && cursor.selection.takes(rest)) {
        rests.add(rest);
      }
    }
    rests.sort(Comparator.comparingLong(LogEntry::timeNs));
    for (LogEntry rest : rests) {
      if (!sink.take(rest)) {
        return;
      }
    }
  }

  /**
   * Looks for what came since, in the streams of these folders; in all, and also what is not
   * indexed, if empty.
   */
  void more(Set<Path> folders) throws IOException {
    for (Cursor cursor : cursors) {
      Path folder = SegmentFiles.folder(cursor.reader.view().source().file());
      if (!cursor.done && (folders.isEmpty() || folders.contains(folder))) {
        cursor.reader.more(folders.isEmpty());
      }
    }
  }

  @Override
  public void close() {
    cursors.forEach(cursor -> cursor.reader.view().close());
  }
}
