package pinfold.logs;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableSet;
import java.util.OptionalInt;
import java.util.TreeSet;

/** Where the reading of a stream begins; found in the indices, without reading bytes. */
final class StreamStart {
  private StreamStart() {}

  /**
   * The first position that can hold something that the selection takes.
   *
   * @param following whether records are waited for: bytes that have none yet may be of any run
   */
  static StreamView.Position of(StreamView view, Selection selection, boolean following)
      throws IOException {
    StreamView.Position start = StreamView.Position.BEGINNING;
    if (selection.sinceNs() != Long.MIN_VALUE) {
      start = since(view, selection.sinceNs());
    }
    OptionalInt run = selection.run();
    if (run.isPresent()) {
      StreamView.Position birth = run(view, run.getAsInt(), following);
      start = birth.compareTo(start) > 0 ? birth : start;
    }
    return start;
  }

  private static StreamView.Position since(StreamView view, long sinceNs) throws IOException {
    for (int i = 0; i < view.count(); i++) {
      boolean closedFollows = i + 1 < view.count() && view.name(i + 1) != Segment.CURRENT;
      if (closedFollows && view.name(i + 1) < sinceNs) {
        continue; // the next one already begins before
      }
      Segment segment = view.open(i);
      long offset = segment == null ? -1 : segment.index().seek(sinceNs);
      if (segment != null && offset >= 0 && offset < segment.size()) {
        return new StreamView.Position(i, offset);
      }
      view.release(i);
    }
    return view.end();
  }

  private static StreamView.Position run(StreamView view, int run, boolean following)
      throws IOException {
    for (int i = 0; i < view.count(); i++) {
      Segment segment = view.open(i);
      if (segment != null) {
        SegmentIndex index = segment.index();
        int first = index.stamp(0).run();
        if (first >= run) {
          return new StreamView.Position(i, 0);
        }
        for (SegmentIndex.Mark mark : index.marks()) {
          if (mark.run() >= run) {
            return new StreamView.Position(i, mark.offset());
          }
        }
        view.release(i);
      }
    }
    return following ? unrecorded(view) : view.end();
  }

  /** Behind all records: of bytes that have none yet it is not known whose they are. */
  private static StreamView.Position unrecorded(StreamView view) throws IOException {
    StreamView.Position end = view.end();
    Segment last = end.segment() < view.count() ? view.open(end.segment()) : null;
    return last == null
        ? end
        : new StreamView.Position(end.segment(), Math.min(end.offset(), last.index().end()));
  }

  /**
   * The run before the newest one that wrote anything to one of these streams of one slot; -1,
   * which no run and no byte of an unknown run has, when there is none.
   */
  static int previousRun(List<StreamView> views) throws IOException {
    NavigableSet<Integer> newest = new TreeSet<>();
    for (StreamView view : views) {
      NavigableSet<Integer> runs = new TreeSet<>();
      for (int i = view.count() - 1; i >= 0 && runs.size() < 2; i--) {
        Segment segment = view.open(i);
        if (segment != null) {
          long size = segment.size();
          if (size > 0) {
            runs.add(segment.index().stamp(0).run());
          }
          segment.index().marks().stream()
              .filter(mark -> mark.offset() <= size)
              .forEach(mark -> runs.add(mark.run()));
          runs.remove(0);
          view.release(i);
        }
      }
      newest.addAll(runs);
    }
    Iterator<Integer> down = newest.descendingIterator();
    if (down.hasNext()) {
      down.next();
    }
    return down.hasNext() ? down.next() : -1;
  }
}
