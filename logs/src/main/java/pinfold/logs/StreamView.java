package pinfold.logs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The segments of one stream at one moment, oldest first, the one being written last. Closed ones
 * are opened when they are needed. For one thread.
 */
final class StreamView implements AutoCloseable {
  private static final int ATTEMPTS = 10;

  /**
   * A place in the stream.
   *
   * @param segment number of the segment in the view
   * @param offset in the segment
   */
  record Position(int segment, long offset) implements Comparable<Position> {
    static final Position BEGINNING = new Position(0, 0);

    @Override
    public int compareTo(Position other) {
      return segment != other.segment
          ? Integer.compare(segment, other.segment)
          : Long.compare(offset, other.offset);
    }
  }

  private final LogSource source;
  private final List<Long> names;
  private final Map<Integer, Segment> open = new HashMap<>();
  private final List<LogEntry.Unreadable> unreadable = new ArrayList<>();
  private final boolean[] failed;

  private StreamView(LogSource source, List<Long> names, @Nullable Segment current) {
    this.source = source;
    this.names = names;
    if (current != null) {
      names.add(Segment.CURRENT);
      open.put(names.size() - 1, current);
    }
    this.failed = new boolean[names.size()];
  }

  /** What there is of a stream now, with no segment missing or twice. */
  static StreamView of(LogSource source) throws IOException {
    for (int attempt = 1; ; attempt++) {
      Segment current = Segment.current(source.file());
      SortedSet<Long> closed = SegmentFiles.closedNames(source.file());
      boolean settled =
          current == null ? SegmentFiles.key(source.file()) == null : current.inPlace();
      if (settled || attempt == ATTEMPTS) {
        return new StreamView(source, new ArrayList<>(closed), current);
      }
      if (current != null) {
        current.close();
      }
    }
  }

  LogSource source() {
    return source;
  }

  /** How many segments. */
  int count() {
    return names.size();
  }

  /** Name of a segment, {@link Segment#CURRENT} for the one being written. */
  long name(int segment) {
    return names.get(segment);
  }

  /** Opens a segment; null when it was removed meanwhile or cannot be read, which is noted. */
  @Nullable Segment open(int number) {
    Segment found = open.get(number);
    if (found == null && !failed[number] && names.get(number) != Segment.CURRENT) {
      try {
        found = Segment.closed(source.file(), names.get(number));
        failed[number] = found == null;
      } catch (IOException e) {
        fail(number, e);
      }
      if (found != null) {
        open.put(number, found);
      }
    }
    return found;
  }

  /** Notes that a segment cannot be read and closes it. */
  void fail(int number, IOException why) {
    failed[number] = true;
    long name = names.get(number);
    Path file = source.file();
    if (name != Segment.CURRENT) {
      Path packed = SegmentFiles.compressed(file, name);
      file = Files.exists(packed) ? packed : SegmentFiles.closed(file, name);
    }
    unreadable.add(
        new LogEntry.Unreadable(
            source,
            name == Segment.CURRENT ? 0 : name,
            0,
            file,
            Objects.requireNonNullElse(why.getMessage(), why.toString())));
    Segment found = open.remove(number);
    if (found != null) {
      closeQuietly(found);
    }
  }

  /** Gives away what could not be read so far. */
  void drainUnreadable(Consumer<LogEntry.Unreadable> to) {
    unreadable.forEach(to);
    unreadable.clear();
  }

  /** Closes a segment, which can be opened again; the one being written stays open. */
  void release(int number) {
    Segment found =
        number < names.size() && names.get(number) != Segment.CURRENT ? open.remove(number) : null;
    if (found != null) {
      closeQuietly(found);
    }
  }

  /** Whether the view has a closed segment of this name. */
  boolean has(long name) {
    return names.contains(name);
  }

  /** Whether a line begins at the beginning of this segment; the segment has bytes. */
  boolean beginsLine(int number) throws IOException {
    Segment here = open(number);
    if (here == null || markAt(here, 0)) {
      return true;
    }
    for (int i = number - 1; i >= 0; i--) {
      Segment before = open(i);
      if (before != null && before.size() > 0) {
        return endsLine(before) || !sameRun(before, here);
      }
      if (before != null && markAt(before, 0)) {
        return true; // nothing but losses or a beginning: they end a line as well
      }
    }
    return true;
  }

  private static boolean endsLine(Segment segment) throws IOException {
    return markAt(segment, segment.size()) || segment.before(segment.size()) == '\n';
  }

  private static boolean markAt(Segment segment, long offset) {
    int mark = segment.index().firstMark(offset);
    List<SegmentIndex.Mark> marks = segment.index().marks();
    return mark < marks.size() && marks.get(mark).offset() == offset;
  }

  /**
   * Whether the later segment begins with the run that the earlier one, which has bytes, ended
   * with.
   */
  private static boolean sameRun(Segment earlier, Segment later) throws IOException {
    int before = earlier.index().stamp(earlier.size() - 1).run();
    int after = later.index().stamp(0).run();
    return before == after || before == 0 || after == 0;
  }

  /** Whether a line begins at a position. */
  boolean beginsLine(Position at) throws IOException {
    Segment here = open(at.segment());
    if (here == null) {
      return true;
    }
    if (at.offset() == 0) {
      return beginsLine(at.segment());
    }
    return markAt(here, at.offset()) || here.before(at.offset()) == '\n';
  }

  /** Behind everything. */
  Position end() throws IOException {
    int last = names.size() - 1;
    Segment segment = last < 0 ? null : open(last);
    return new Position(Math.max(0, last), segment == null ? 0 : segment.size());
  }

  @Override
  public void close() {
    open.values().forEach(StreamView::closeQuietly);
    open.clear();
  }

  private static void closeQuietly(Segment segment) {
    try {
      segment.close();
    } catch (IOException e) {
      // Only read from: nothing can be lost, and what was read is good.
    }
  }
}
