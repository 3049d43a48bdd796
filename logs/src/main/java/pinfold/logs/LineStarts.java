package pinfold.logs;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the beginnings of the lines of one stream, from the end backwards. For one thread.
 */
final class LineStarts {
  private static final int BUFFER = 1 << 16;

  private final StreamView view;
  private int number;
  private @Nullable Segment segment;
  private long offset;
  private SegmentIndex.Stamp stamp = new SegmentIndex.Stamp(0, 0);
  private final byte[] buffer = new byte[BUFFER];
  private long bufferStart;
  private int bufferLength;

  LineStarts(StreamView view) {
    this.view = view;
    this.number = view.count();
  }

  /** Goes to the line before; false when there is none. */
  boolean previous() throws IOException {
    while (true) {
      if (segment == null) {
        if (number == 0) {
          return false;
        }
        view.release(number + 1);
        segment = view.open(--number);
        offset = segment == null ? 0 : segment.size();
        bufferLength = 0;
      }
      try {
        if (segment != null && back(segment)) {
          return true;
        }
      } catch (IOException e) {
        view.fail(number, e);
      }
      segment = null;
    }
  }

  private boolean back(Segment in) throws IOException {
    if (offset == 0) {
      return false;
    }
    offset = startBefore(in);
    stamp = in.index().stamp(offset);
    return offset > 0 || view.beginsLine(number);
  }

  /** The greatest offset below the present one at which a line begins, else 0. */
  private long startBefore(Segment in) throws IOException {
    List<SegmentIndex.Mark> marks = in.index().marks();
    int mark = in.index().firstMark(offset) - 1;
    long floor = mark < 0 ? 0 : marks.get(mark).offset();
    for (long at = offset - 2; at >= floor; at--) {
      if (at < bufferStart || at >= bufferStart + bufferLength) {
        load(in, at);
      }
      if (buffer[(int) (at - bufferStart)] == '\n') {
        return at + 1;
      }
    }
    return floor;
  }

  /** Fills the buffer so that it ends with the byte at an offset. */
  private void load(Segment in, long last) throws IOException {
    bufferStart = Math.max(0, last + 1 - BUFFER);
    int wanted = (int) (last + 1 - bufferStart);
    bufferLength = 0;
    while (bufferLength < wanted) {
      int got =
          in.data().read(bufferStart + bufferLength, buffer, bufferLength, wanted - bufferLength);
      if (got <= 0) {
        throw new IOException("the file became shorter while it was read");
      }
      bufferLength += got;
    }
  }

  /** Where the line begins. */
  StreamView.Position position() {
    return new StreamView.Position(number, offset);
  }

  /** When it was written, by which run. */
  SegmentIndex.Stamp stamp() {
    return stamp;
  }

  /**
   * Whether this line or an earlier one may be of this time or later; segments follow each other in
   * time.
   */
  boolean anySince(long timeNs) {
    Segment here = segment;
    return here == null || here.index().anySince(timeNs, offset);
  }
}
