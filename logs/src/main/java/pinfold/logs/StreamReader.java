package pinfold.logs;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the entries of one stream from a position on, over all segments, and goes on when there is
 * more. For one thread.
 *
 * <p>A line ends at a line feed, and where a run begins or bytes were lost; not at the end of a
 * segment, which the keeper may have had to cut in the middle of a line.
 */
final class StreamReader {
  private static final int BUFFER = 1 << 16;

  /** How long bytes are left alone that have no record yet: of what time and run they are. */
  enum Patience {
    /** They are given as they are: nothing more is coming. */
    NONE,
    /** Until nothing has changed for a while. */
    A_WHILE,
    /** For ever: without their run it cannot be said whether they are wanted. */
    ALWAYS
  }

  private StreamView view;
  private final Patience patience;
  private final boolean releases;
  private int number;
  private @Nullable Segment segment;
  private long offset;
  private int mark;
  private final byte[] buffer = new byte[BUFFER];
  private long bufferStart;
  private int bufferLength;
  private final Deque<LogEntry> ready = new ArrayDeque<>();

  /** The line under way: what was read of it, unless it is skipped. */
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  private boolean inLine;
  private boolean skipping;
  private boolean continued;

  /** Whether to stop where the index ends. */
  private boolean patient;

  /** Whether bytes of this segment were cut off or replaced after they had been read. */
  private boolean rewound;

  private long lineTimeNs;
  private int lineRun;

  /** Of the last byte of the line under way: where nobody knows whose bytes are, it may differ. */
  private int lastRun;

  /**
   * A reader of a view.
   *
   * @param releases whether segments are closed when they have been read
   */
  StreamReader(StreamView view, boolean releases, Patience patience) {
    this.view = view;
    this.releases = releases;
    this.patience = patience;
  }

  StreamView view() {
    return view;
  }

  /** Goes to a position; the rest of a line that began before it is skipped. */
  void seek(StreamView.Position to) throws IOException {
    if (to.segment() != number || segment == null) {
      bufferLength = 0;
    }
    number = to.segment();
    offset = to.offset();
    segment = number < view.count() ? view.open(number) : null;
    patient = waits(number);
    mark = segment == null ? 0 : segment.index().firstMark(offset);
    line.reset();
    ready.clear();
    continued = false;
    boolean middle = segment != null && offset < segment.size() && !view.beginsLine(to);
    inLine = middle;
    skipping = middle;
    lineRun = segment != null && middle ? segment.index().stamp(offset).run() : 0;
    lastRun = lineRun;
  }

  /** Where the next byte is read. */
  StreamView.Position position() {
    return new StreamView.Position(number, offset);
  }

  /** The segment being read; null when there is none. */
  @Nullable Segment segment() {
    return segment;
  }

  /** The next entry; null when there is no whole one (yet). */
  @Nullable LogEntry next() throws IOException {
    while (ready.isEmpty()) {
      try {
        if (!step()) {
          break;
        }
      } catch (IOException e) {
        view.fail(number, e);
        segment = null;
        bufferLength = 0;
      }
    }
    return ready.poll();
  }

  /** The unfinished line at the end, if there is one; what follows later continues it. */
  @Nullable LogEntry rest() {
    if (inLine && !skipping && line.size() > 0) {
      piece(false);
      continued = true;
    }
    return ready.poll();
  }

  /** Reads a part; false when there is nothing to read. */
  private boolean step() throws IOException {
    if (segment == null) {
      return openNext();
    }
    List<SegmentIndex.Mark> marks = segment.index().marks();
    if (mark < marks.size() && marks.get(mark).offset() <= offset) {
      pass(marks.get(mark++));
      return true;
    }
    long limit = limit(segment);
    if (mark < marks.size()) {
      limit = Math.min(limit, marks.get(mark).offset());
    }
    if (offset < limit) {
      return scan(segment, limit);
    }
    return openNext();
  }

  private void pass(SegmentIndex.Mark mark) {
    // After a truncation that was seen the run may seem to begin here a second time.
    if (!rewound || !mark.implied() || lineRun != mark.run()) {
      endLine(false);
    }
    if (mark.bytes() > 0) {
      ready.add(new LogEntry.Gap(view.source(), mark.timeNs(), mark.run(), mark.bytes()));
    }
  }

  private boolean scan(Segment from, long limit) throws IOException {
    if (offset < bufferStart || offset >= bufferStart + bufferLength) {
      bufferStart = offset;
      bufferLength = Math.max(0, from.data().read(offset, buffer, 0, BUFFER));
      if (bufferLength == 0) {
        return false; // shorter than it was
      }
    }
    if (!inLine) {
      SegmentIndex.Stamp stamp = from.index().stamp(offset);
      inLine = true;
      lineTimeNs = stamp.timeNs();
      lineRun = stamp.run();
    }
    int start = (int) (offset - bufferStart);
    int end = (int) Math.min(bufferLength, limit - bufferStart);
    int room = LogQuery.MAX_PIECE - line.size();
    int feed = start;
    while (feed < end && buffer[feed] != '\n') {
      feed++;
    }
    if (!skipping && feed - start > room) {
      line.write(buffer, start, room);
      offset += room;
      piece(false);
      continued = true;
      return true;
    }
    if (!skipping) {
      line.write(buffer, start, feed - start);
    }
    offset = bufferStart + feed;
    if (feed < end) {
      offset++;
      endLine(true);
    } else {
      lastRun = from.index().stamp(offset - 1).run();
    }
    return true;
  }

  /** Ends the line under way, if any. */
  private void endLine(boolean ended) {
    if (inLine && !skipping && (ended || line.size() > 0)) {
      piece(ended);
    }
    line.reset();
    inLine = false;
    skipping = false;
    continued = false;
  }

  private void piece(boolean ended) {
    ready.add(
        new LogEntry.Line(
            view.source(), lineTimeNs, lineRun, line.toByteArray(), continued, ended));
    line.reset();
  }

  private boolean openNext() throws IOException {
    for (int i = segment == null ? number : number + 1; i < view.count(); i++) {
      Segment after = view.open(i);
      if (after != null) {
        enter(after, waits(i));
        if (releases && i != number) {
          view.release(number);
        }
        number = i;
        return true;
      }
      view.drainUnreadable(ready::add);
      if (!ready.isEmpty()) {
        if (releases && i != number) {
          view.release(number);
        }
        segment = null;
        number = i;
        return true;
      }
    }
    return false;
  }

  /**
   * The keeper writes bytes first and their record next; a closed segment has all of its records.
   */
  private boolean waits(int segmentNumber) {
    return patience != Patience.NONE
        && segmentNumber < view.count()
        && view.name(segmentNumber) == Segment.CURRENT;
  }

  private void enter(Segment after, boolean waits) throws IOException {
    int run = after.index().stamp(0).run();
    if (inLine && lastRun != run && lastRun != 0 && run != 0) {
      endLine(false);
    }
    segment = after;
    offset = 0;
    mark = 0;
    bufferLength = 0;
    patient = waits;
    rewound = false;
  }

  /**
   * Looks for what came since: more bytes, other bytes after a truncation, another file.
   *
   * @param all also bytes that the index does not cover yet; the keeper writes bytes first, their
   *     record next
   * @return whether {@link #next} may give something
   */
  boolean more(boolean all) throws IOException {
    Segment here = segment;
    if (here != null && number < view.count() && view.name(number) == Segment.CURRENT) {
      patient = patience == Patience.ALWAYS || !all;
      if (grown(here)) {
        return true;
      }
      if (here.inPlace()) {
        return false;
      }
      patient = false;
      if (grown(here)) {
        return true;
      }
    }
    return follow(here);
  }

  private boolean grown(Segment here) throws IOException {
    long replaced = here.refresh();
    if (replaced != Long.MAX_VALUE) {
      if (here.inPlace() || closed(here)) {
        bufferLength = 0;
        offset = Math.min(offset, replaced);
        rewound = true;
        int kept = Math.min(mark, here.index().keptMarks());
        mark = Math.max(kept, here.index().firstMark(offset));
      } else {
        // The file was deleted and its index goes on for the next one: it says nothing of this one
        // any more.
        mark = here.index().marks().size();
        patient = false;
      }
    }
    return offset < limit(here) || mark < here.index().marks().size();
  }

  /** Whether it is one of the segments that were closed since. */
  private boolean closed(Segment here) throws IOException {
    try (StreamView now = StreamView.of(view.source())) {
      for (int i = 0; i < now.count(); i++) {
        Segment found = view.has(now.name(i)) ? null : now.open(i);
        if (found != null && here.same(found)) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean follow(@Nullable Segment here) throws IOException {
    StreamView now = StreamView.of(view.source());
    for (int i = 0; i < now.count(); i++) {
      long name = now.name(i);
      Segment found = name != Segment.CURRENT && view.has(name) ? null : now.open(i);
      if (found != null && (here == null || !here.same(found))) {
        view.close();
        view = now;
        number = i;
        enter(found, waits(i));
        return true;
      }
    }
    now.close();
    return false;
  }

  private long limit(Segment here) {
    return patient ? Math.min(here.size(), here.index().end()) : here.size();
  }
}
