package pinfold.logs;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Which log entries of which streams.
 *
 * @param sources streams, merged in time order
 * @param sinceNs lines of this time or later, realtime nanoseconds
 * @param untilNs lines before this time
 * @param tail at most so many lines, the last ones of those that fit everything else
 * @param grep lines that match
 * @param runs which runs
 */
public record LogQuery(
    List<LogSource> sources,
    OptionalLong sinceNs,
    OptionalLong untilNs,
    OptionalInt tail,
    Optional<LogPattern> grep,
    Runs runs) {
  /** Longest line given in one piece, in bytes. */
  public static final int MAX_PIECE = 1 << 20;

  public LogQuery {
    sources = List.copyOf(sources);
    requireNonNull(sinceNs, "sinceNs is null");
    requireNonNull(untilNs, "untilNs is null");
    requireNonNull(grep, "grep is null");
    requireNonNull(runs, "runs is null");
    if (tail.isPresent() && tail.getAsInt() < 0) {
      throw new IllegalArgumentException("tail is negative: " + tail.getAsInt());
    }
  }

  /** Everything of these streams. */
  public static LogQuery all(List<LogSource> sources) {
    return new LogQuery(
        sources,
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        new Runs.All());
  }

  public LogQuery since(long timeNs) {
    return new LogQuery(sources, OptionalLong.of(timeNs), untilNs, tail, grep, runs);
  }

  public LogQuery until(long timeNs) {
    return new LogQuery(sources, sinceNs, OptionalLong.of(timeNs), tail, grep, runs);
  }

  public LogQuery tail(int lines) {
    return new LogQuery(sources, sinceNs, untilNs, OptionalInt.of(lines), grep, runs);
  }

  public LogQuery grep(LogPattern pattern) {
    return new LogQuery(sources, sinceNs, untilNs, tail, Optional.of(pattern), runs);
  }

  public LogQuery runs(Runs which) {
    return new LogQuery(sources, sinceNs, untilNs, tail, grep, which);
  }

  /** Which runs of a slot. */
  public sealed interface Runs {
    /** All of them. */
    record All() implements Runs {}

    /** The run of this number. */
    record Only(int run) implements Runs {}

    /** The run before the newest one that wrote anything, for each slot by itself. */
    record Previous() implements Runs {}
  }
}
