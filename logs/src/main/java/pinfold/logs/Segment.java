package pinfold.logs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An open segment: bytes and index. For one thread. */
final class Segment implements AutoCloseable {
  /** Stands for a name where the segment is the one being written. */
  static final long CURRENT = Long.MAX_VALUE;

  private static final int SAMPLE = 4096;

  private final Path path;
  private final SegmentData data;
  private final long fallbackTimeNs;
  private final @Nullable Object dataKey;
  private SegmentIndex index;
  private @Nullable Object indexKey;
  private long size;

  private Segment(
      Path path, SegmentData data, Opened index, long fallbackTimeNs, @Nullable Object dataKey)
      throws IOException {
    this.path = path;
    this.data = data;
    this.dataKey = dataKey;
    this.fallbackTimeNs = fallbackTimeNs;
    // Bytes are written before their record: with the size taken first, the index covers it.
    this.size = data.size();
    this.index = SegmentIndex.of(index.file, fallbackTimeNs);
    this.indexKey = index.key;
    forgetCut();
  }

  /**
   * Forgets what the index says of bytes that somebody cut off, which the keeper sees no sooner
   * than when it writes again, and never when it closed the segment first. Asked after the index
   * was read, the size is at least what the records cover unless the file was cut.
   */
  private void forgetCut() throws IOException {
    long now = data.size();
    if (now < index.end()) {
      index.cut(now);
      size = Math.min(size, now);
    }
  }

  /** A file and what it is, or two nulls. */
  private record Opened(@Nullable ReadFile file, @Nullable Object key) {
    static final Opened NOTHING = new Opened(null, null);
  }

  /** Opens a file so that the key is certainly that of the open one. */
  private static Opened open(Path path) throws IOException {
    while (true) {
      Object before = SegmentFiles.key(path);
      if (before == null) {
        return Opened.NOTHING;
      }
      ReadFile file;
      try {
        file = ReadFile.open(path);
      } catch (NoSuchFileException e) {
        continue; // replaced at this moment
      }
      if (before.equals(SegmentFiles.key(path))) {
        return new Opened(file, before);
      }
      file.close();
    }
  }

  /** Opens the segment being written; null when there is none. */
  static @Nullable Segment current(Path file) throws IOException {
    Opened data = open(file);
    if (data.file == null) {
      return null;
    }
    Opened index = Opened.NOTHING;
    try {
      index = open(SegmentFiles.index(file));
      long modified = Files.getLastModifiedTime(file).to(TimeUnit.NANOSECONDS);
      return new Segment(file, new SegmentData.Plain(data.file), index, modified, data.key);
    } catch (NoSuchFileException e) {
      close(data, index);
      return null; // closed at this moment
    } catch (IOException e) {
      close(data, index);
      throw e;
    }
  }

  private static void close(Opened data, Opened index) throws IOException {
    if (data.file != null) {
      data.file.close();
    }
    if (index.file != null) {
      index.file.close();
    }
  }

  /** Opens a closed segment, compressed or not; null when it was removed. */
  static @Nullable Segment closed(Path file, long name) throws IOException {
    Path plain = SegmentFiles.closed(file, name);
    Opened index = open(SegmentFiles.index(plain));
    Opened data = open(plain);
    try {
      if (data.file != null) {
        return new Segment(plain, new SegmentData.Plain(data.file), index, name, data.key);
      }
      Path packed = SegmentFiles.compressed(file, name);
      data = open(packed);
      if (data.file != null) {
        SeekableZstd archive = SeekableZstd.of(data.file);
        return new Segment(packed, new SegmentData.Compressed(archive), index, name, data.key);
      }
    } catch (IOException e) {
      close(data, index);
      throw e;
    }
    close(data, index);
    return null;
  }

  Path path() {
    return path;
  }

  SegmentData data() {
    return data;
  }

  SegmentIndex index() {
    return index;
  }

  /** Whether the other, opened later, is this one, renamed or compressed in between or not. */
  boolean same(Segment other) throws IOException {
    if (other.data instanceof SegmentData.Plain) {
      return dataKey != null && dataKey.equals(other.dataKey);
    }
    // Compressed it is another file. It keeps its index, which was perhaps not there yet when this
    // was opened; that of a deleted file may go on for its successor.
    return (indexKey == null || indexKey.equals(other.indexKey))
        && data.size() == other.size
        && Arrays.equals(head(), other.head());
  }

  private byte[] head() throws IOException {
    byte[] bytes = new byte[SAMPLE];
    int length = Math.max(0, data.read(0, bytes, 0, SAMPLE));
    return Arrays.copyOf(bytes, length);
  }

  /** Whether the file at this segment's path is still this one. */
  boolean inPlace() throws IOException {
    return dataKey != null && dataKey.equals(SegmentFiles.key(path));
  }

  /** Bytes to be read: those that there were when it was opened or last refreshed. */
  long size() {
    return size;
  }

  /**
   * Looks what was appended or cut off since.
   *
   * @return the offset from which on earlier bytes were replaced or cut off, {@link Long#MAX_VALUE}
   *     when none were
   */
  long refresh() throws IOException {
    long now = data.size();
    long replaced = indexKey == null ? lateIndex() : index.refresh();
    if (now < size) {
      replaced = Math.min(replaced, now);
    }
    size = now;
    forgetCut();
    return replaced;
  }

  /** Looks for an index that was not there yet: the keeper makes it after the first bytes. */
  private long lateIndex() throws IOException {
    Opened found = open(SegmentFiles.index(path));
    if (found.file != null && inPlace()) {
      index = SegmentIndex.of(found.file, fallbackTimeNs);
      indexKey = found.key;
    } else if (found.file != null) {
      found.file.close(); // of the segment that took this one's place
    }
    return Long.MAX_VALUE;
  }

  /** The byte before an offset that is above 0. */
  int before(long offset) throws IOException {
    byte[] one = new byte[1];
    return data.read(offset - 1, one, 0, 1) == 1 ? one[0] : -1;
  }

  @Override
  public void close() throws IOException {
    try {
      data.close();
    } finally {
      index.close();
    }
  }
}
