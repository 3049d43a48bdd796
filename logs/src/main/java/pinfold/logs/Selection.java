package pinfold.logs;

import java.util.OptionalInt;

/** Which entries of one stream a query takes. For one thread. */
final class Selection {
  private final long sinceNs;
  private final long untilNs;
  private final LogQuery query;
  private final OptionalInt run;
  private boolean taken;

  /**
   * The selection of a query for one stream.
   *
   * @param run the only run that is wanted; empty for all
   */
  Selection(LogQuery query, OptionalInt run) {
    this.query = query;
    this.run = run;
    this.sinceNs = query.sinceNs().orElse(Long.MIN_VALUE);
    this.untilNs = query.untilNs().orElse(Long.MAX_VALUE);
  }

  long sinceNs() {
    return sinceNs;
  }

  long untilNs() {
    return untilNs;
  }

  OptionalInt run() {
    return run;
  }

  boolean takes(long timeNs, int ofRun) {
    return timeNs >= sinceNs
        && (timeNs < untilNs || query.untilNs().isEmpty())
        && (run.isEmpty() || run.getAsInt() == ofRun);
  }

  /**
   * Whether the entry is wanted. Entries are asked for in order: the pieces of a line share the
   * fate of its first.
   */
  boolean takes(LogEntry entry) {
    return switch (entry) {
      case LogEntry.Line line -> {
        if (!line.continued()) {
          taken =
              takes(line.timeNs(), line.run())
                  && (query.grep().isEmpty() || query.grep().get().find(line.bytes()));
        }
        yield taken;
      }
      case LogEntry.Gap gap -> query.grep().isEmpty() && takes(gap.timeNs(), gap.run());
      case LogEntry.Unreadable unreadable ->
          unreadable.timeNs() == 0 || unreadable.timeNs() < untilNs;
    };
  }

  /** Whether entries of this run and later ones are beyond the only one that is wanted. */
  boolean beyond(int ofRun) {
    return run.isPresent() && ofRun > run.getAsInt();
  }

  /** Whether entries of this run and earlier ones are before the only one that is wanted. */
  boolean below(int ofRun) {
    return run.isPresent() && ofRun != 0 && ofRun < run.getAsInt();
  }
}
