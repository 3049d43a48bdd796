package pinfold.logs;

import java.io.IOException;
import java.util.Comparator;
import java.util.Optional;

/** Finds the last lines of one stream that a selection takes, newest first. For one thread. */
final class TailSearch {
  /**
   * The newest candidate first; of equal times that of the later stream, as the merge forwards
   * would give it last.
   */
  static final Comparator<TailSearch> NEWEST =
      Comparator.<TailSearch>comparingLong(search -> search.starts.stamp().timeNs())
          .thenComparingInt(search -> search.order)
          .reversed();

  private final int order;
  private final Selection selection;
  private final Optional<LogPattern> grep;
  private final LineStarts starts;
  private final StreamReader probe;
  private final StreamView.Position floor;
  private StreamView.Position accepted;

  TailSearch(int order, StreamView view, Selection selection, Optional<LogPattern> grep)
      throws IOException {
    this.order = order;
    this.selection = selection;
    this.grep = grep;
    this.starts = new LineStarts(view);
    this.probe = new StreamReader(view, false, StreamReader.Patience.NONE);
    this.floor = StreamStart.of(view, selection, false);
    this.accepted = view.end();
  }

  /** Goes to the next older line that is taken; false when there is none. */
  boolean previous() throws IOException {
    while (starts.previous()) {
      SegmentIndex.Stamp stamp = starts.stamp();
      if (starts.position().compareTo(floor) < 0
          || selection.below(stamp.run())
          || !starts.anySince(selection.sinceNs())) {
        return false;
      }
      if (selection.takes(stamp.timeNs(), stamp.run()) && matches()) {
        return true;
      }
    }
    return false;
  }

  private boolean matches() throws IOException {
    if (grep.isEmpty()) {
      return true;
    }
    probe.seek(starts.position());
    LogEntry entry = probe.next();
    while (entry instanceof LogEntry.Gap) {
      entry = probe.next();
    }
    if (entry == null) {
      entry = probe.rest();
    }
    return entry instanceof LogEntry.Line line && grep.get().find(line.bytes());
  }

  /** Notes the present line as the oldest one that is wanted. */
  void accept() {
    accepted = starts.position();
  }

  /** Where the oldest wanted line begins; the end of the stream when none is wanted. */
  StreamView.Position accepted() {
    return accepted;
  }
}
