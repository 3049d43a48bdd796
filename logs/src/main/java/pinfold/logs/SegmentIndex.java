package pinfold.logs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The index of one segment: which byte was written when, by which run. Holds a small table, one row
 * per {@link #ROW} records, that is searched; the records themselves are read from the file when
 * they are needed.
 *
 * <p>The file is append only until somebody truncates the log that it describes: then the keeper
 * begins it anew, with one record for what was left. A record that begins before the end of the one
 * before it likewise ends the validity of everything from its offset on.
 *
 * <p>For one thread.
 */
final class SegmentIndex implements AutoCloseable {
  /** Records per row of the table. */
  static final int ROW = 128;

  private static final int CHUNK = ROW * IndexRecord.SIZE;

  /**
   * Something at an offset that ends a line there.
   *
   * @param bytes what a gap lost; 0 for the beginning of a run
   * @param implied not recorded: follows from a change of the run number
   */
  record Mark(long offset, long timeNs, int run, long bytes, boolean implied) {}

  /** When and by whom a byte was written. */
  record Stamp(long timeNs, int run) {}

  /** Consecutive data records: where they are in the file, what they cover. */
  private static final class Row {
    final long position;
    final long start;
    int count;
    long limit = Long.MAX_VALUE;
    long minTime = Long.MAX_VALUE;
    long maxTime = Long.MIN_VALUE;

    Row(long position, long start) {
      this.position = position;
      this.start = start;
    }
  }

  private final @Nullable ReadFile file;
  private final long fallbackTimeNs;
  private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
  private final List<Row> rows = new ArrayList<>();
  private final List<Mark> marks = new ArrayList<>();
  private long position;
  private long end;
  private int lastRun;

  /** The first record, as far as it was read; null when none was. */
  private @Nullable IndexRecord first;

  /** The file was begun anew, and its first record has not been seen yet. */
  private boolean begunAnew;

  private int keptMarks = Integer.MAX_VALUE;

  /** The row whose records are decoded, and they. */
  private @Nullable Row decoded;

  private IndexRecord[] records = {};

  private SegmentIndex(@Nullable ReadFile file, long fallbackTimeNs) {
    this.file = file;
    this.fallbackTimeNs = fallbackTimeNs;
  }

  /**
   * Reads an index once from its beginning.
   *
   * @param file open for reading, closed with the index; null when the segment has none
   * @param fallbackTimeNs time of all bytes when there is no record
   */
  static SegmentIndex of(@Nullable ReadFile file, long fallbackTimeNs) throws IOException {
    SegmentIndex index = new SegmentIndex(file, fallbackTimeNs);
    index.refresh();
    return index;
  }

  /**
   * Reads what was appended since.
   *
   * @return the lowest offset from which on earlier bytes were replaced by others, {@link
   *     Long#MAX_VALUE} when none were
   */
  long refresh() throws IOException {
    if (file == null) {
      return Long.MAX_VALUE;
    }
    long replaced = Long.MAX_VALUE;
    keptMarks = marks.size();
    if (file.size() < position || !Objects.equals(first, peekFirst())) {
      rows.clear();
      marks.clear();
      begunAnew = begunAnew || first != null;
      first = null;
      position = 0;
      end = 0;
      lastRun = 0;
      decoded = null;
      keptMarks = 0;
    }
    while (true) {
      chunk.clear();
      while (chunk.hasRemaining() && file.read(chunk, position + chunk.position()) > 0) {
        // until the chunk is full or the file ends
      }
      chunk.flip();
      int whole = chunk.limit() / IndexRecord.SIZE;
      for (int i = 0; i < whole; i++) {
        IndexRecord next = IndexRecord.read(chunk);
        if (position == 0) {
          first = next;
        }
        if (next.plausible()) {
          if (next.offset() < end) {
            replaced = Math.min(replaced, next.offset());
          } else if (begunAnew) {
            // What was left of the log is made up for by one record.
            boolean left = (next.flags() & IndexRecord.RECOVERED) != 0;
            replaced = Math.min(replaced, left ? next.end() : next.offset());
          }
          begunAnew = false;
          add(next, position);
        }
        position += IndexRecord.SIZE;
      }
      if (whole < ROW) {
        return replaced;
      }
    }
  }

  private @Nullable IndexRecord peekFirst() throws IOException {
    ByteBuffer one = ByteBuffer.allocate(IndexRecord.SIZE).order(ByteOrder.LITTLE_ENDIAN);
    if (file == null || file.read(one, 0) < IndexRecord.SIZE) {
      return null;
    }
    return IndexRecord.read(one.flip());
  }

  private void add(IndexRecord next, long at) throws IOException {
    if (next.offset() < end) {
      cut(next.offset());
    }
    if (next.marks()) {
      boolean dropped = (next.flags() & IndexRecord.DROPPED) != 0;
      if (!dropped || next.length() > 0) {
        marks.add(
            new Mark(next.offset(), next.timeNs(), next.run(), dropped ? next.length() : 0, false));
      }
    } else if (next.offset() > 0 && next.run() != 0 && next.run() != lastRun) {
      marks.add(new Mark(next.offset(), next.timeNs(), next.run(), 0, true));
    }
    lastRun = next.run();
    Row row = rows.isEmpty() ? null : rows.getLast();
    if (row == null
        || row.limit != Long.MAX_VALUE
        || at - row.position >= (long) ROW * IndexRecord.SIZE) {
      row = new Row(at, next.offset());
      rows.add(row);
    }
    row.count = (int) ((at - row.position) / IndexRecord.SIZE) + 1;
    row.minTime = Math.min(row.minTime, next.timeNs());
    row.maxTime = Math.max(row.maxTime, next.timeNs());
    if (row == decoded) {
      decoded = null;
    }
    end = next.end();
  }

  /** Bytes from this offset on are no longer those that were recorded. */
  void cut(long offset) throws IOException {
    while (!rows.isEmpty() && rows.getLast().start >= offset) {
      rows.removeLast();
    }
    while (!marks.isEmpty() && goesWith(marks.getLast(), offset)) {
      marks.removeLast();
    }
    keptMarks = Math.min(keptMarks, marks.size());
    if (!rows.isEmpty()) {
      rows.getLast().limit = offset;
    }
    decoded = null;
    end = Math.min(end, offset);
    lastRun = 0;
    long known = -1;
    if (!rows.isEmpty()) {
      IndexRecord[] left = decode(rows.getLast());
      lastRun = left[left.length - 1].run();
      known = left[left.length - 1].offset();
    }
    if (!marks.isEmpty() && marks.getLast().offset >= known) {
      lastRun = marks.getLast().run;
    }
  }

  /**
   * Whether a mark goes with the bytes from an offset on. What was recorded at the offset itself
   * came before those bytes, what was implied by them did not; a file cut to nothing begins anew.
   */
  private static boolean goesWith(Mark mark, long offset) {
    return mark.offset > offset || (mark.offset == offset && mark.implied) || offset == 0;
  }

  /** First offset that no record covers. */
  long end() {
    return end;
  }

  /** How many of the first marks are those of before the last {@link #refresh}. */
  int keptMarks() {
    return Math.min(keptMarks, marks.size());
  }

  /** Births and gaps in the order of their offsets. */
  List<Mark> marks() {
    return marks;
  }

  /** Index of the first mark at this offset or behind it. */
  int firstMark(long offset) {
    int low = 0;
    int high = marks.size();
    while (low < high) {
      int mid = (low + high) >>> 1;
      if (marks.get(mid).offset < offset) {
        low = mid + 1;
      } else {
        high = mid;
      }
    }
    return low;
  }

  /** When the byte at this offset was written: by the last record that begins at or before it. */
  Stamp stamp(long offset) throws IOException {
    if (rows.isEmpty()) {
      return new Stamp(fallbackTimeNs, 0);
    }
    IndexRecord[] list = decode(rows.get(rowOf(offset)));
    int low = 0;
    int high = list.length;
    while (low < high) {
      int mid = (low + high) >>> 1;
      if (list[mid].offset() <= offset) {
        low = mid + 1;
      } else {
        high = mid;
      }
    }
    IndexRecord found = list[Math.max(0, low - 1)];
    return new Stamp(found.timeNs(), found.run());
  }

  /** The offset of the first record of this time or later; -1 when there is none. */
  long seek(long timeNs) throws IOException {
    for (Row row : rows) {
      if (row.maxTime >= timeNs) {
        for (IndexRecord next : decode(row)) {
          if (next.timeNs() >= timeNs) {
            return next.offset();
          }
        }
      }
    }
    return rows.isEmpty() && fallbackTimeNs >= timeNs ? 0 : -1;
  }

  /** Whether a byte at this offset or behind it may be older than the time. */
  boolean anyBefore(long timeNs, long offset) {
    if (rows.isEmpty()) {
      return fallbackTimeNs < timeNs;
    }
    for (int i = rowOf(offset); i < rows.size(); i++) {
      if (rows.get(i).minTime < timeNs) {
        return true;
      }
    }
    return false;
  }

  /** Whether a byte at this offset or before it may be of this time or later. */
  boolean anySince(long timeNs, long offset) {
    if (rows.isEmpty()) {
      return fallbackTimeNs >= timeNs;
    }
    for (int i = rowOf(offset); i >= 0; i--) {
      if (rows.get(i).maxTime >= timeNs) {
        return true;
      }
    }
    return false;
  }

  /** Last row that begins at or before the offset, else the first. */
  private int rowOf(long offset) {
    int low = 0;
    int high = rows.size();
    while (low < high) {
      int mid = (low + high) >>> 1;
      if (rows.get(mid).start <= offset) {
        low = mid + 1;
      } else {
        high = mid;
      }
    }
    return Math.max(0, low - 1);
  }

  private IndexRecord[] decode(Row row) throws IOException {
    if (row == decoded) {
      return records;
    }
    List<IndexRecord> list = new ArrayList<>(row.count);
    if (file != null) {
      ByteBuffer read =
          ByteBuffer.allocate(row.count * IndexRecord.SIZE).order(ByteOrder.LITTLE_ENDIAN);
      while (read.hasRemaining() && file.read(read, row.position + read.position()) > 0) {
        // until the row is read
      }
      read.flip();
      while (read.remaining() >= IndexRecord.SIZE) {
        IndexRecord next = IndexRecord.read(read);
        if (next.plausible() && next.offset() < row.limit) {
          list.add(next);
        }
      }
    }
    if (list.isEmpty()) {
      list.add(new IndexRecord(row.maxTime, row.start, 1, 0, 0));
    }
    records = list.toArray(IndexRecord[]::new);
    decoded = row;
    return records;
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
