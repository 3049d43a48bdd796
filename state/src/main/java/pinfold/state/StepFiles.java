package pinfold.state;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the core was given, beside what people are told: files of frames that nobody appends to once
 * another one was begun. Each begins with all that is needed to go on from there, so the oldest can
 * be removed. Not thread-safe; nothing is opened before the first {@link #begin}.
 *
 * <p>As with {@link Journal}, what was written survives any death of processes, and a crash of the
 * machine may cost the end.
 */
public final class StepFiles implements AutoCloseable {
  /** Bytes that a frame's body may have: more than the largest manifest. */
  static final int MAX_FRAME = 32 << 20;

  static final String SUFFIX = ".steps";

  /** A supervisor that dies again and again begins a small file each time. */
  private static final int MOST_FILES = 64;

  private final Path folder;
  private final long fileBytes;
  private final long totalBytes;
  private @Nullable FileChannel file;
  private long size;
  private long frames;

  /** Size after which the open one is full. */
  private long bound;

  private ByteBuffer out = ByteBuffer.allocate(0);

  /**
   * Files in this folder.
   *
   * @param folder {@link Places#journal}, exists
   * @param fileBytes size at which a file is full
   * @param totalBytes size of all files beyond which the oldest are removed
   */
  public StepFiles(Path folder, long fileBytes, long totalBytes) {
    this.folder = folder;
    this.fileBytes = fileBytes;
    this.totalBytes = totalBytes;
  }

  /** Whether what comes next belongs into a new file: there is none, or it is full. */
  public boolean full() {
    return file == null || size + out.position() >= bound;
  }

  /** Closes the file, if there is one, and makes the next; the oldest go. */
  public void begin() throws IOException {
    close();
    NavigableMap<Long, Path> files = FrameFile.list(folder, SUFFIX);
    long number = files.isEmpty() ? 1 : files.lastKey() + 1;
    long total = fileBytes;
    int count = 1;
    for (Map.Entry<Long, Path> entry : files.descendingMap().entrySet()) {
      total += Files.size(entry.getValue());
      if (total > totalBytes || ++count > MOST_FILES) {
        Files.deleteIfExists(entry.getValue());
      }
    }
    out = ByteBuffer.allocate(1 << 14);
    file =
        FileChannel.open(
            FrameFile.named(folder, number, SUFFIX),
            Set.of(CREATE_NEW, WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    size = 0;
    frames = 0;
    bound = fileBytes;
  }

  /** What the file has so far is only its beginning: that alone does not fill it. */
  public void begun() {
    bound = Math.max(fileBytes, 4 * (size + out.position()));
  }

  /**
   * Notes a frame; {@link #flush} writes it at the latest.
   *
   * @throws IOException also when the frame is too long; the file has to be given up then
   */
  public void append(Instant time, byte[] body) throws IOException {
    if (body.length > MAX_FRAME) {
      throw new IOException("a step of " + body.length + " bytes");
    }
    ByteBuffer frame = FrameFile.bytes(new FrameFile.Frame(++frames, time, body));
    if (frame.remaining() > out.remaining()) {
      flush();
    }
    if (frame.remaining() > out.remaining()) {
      write(frame);
    } else {
      out.put(frame);
    }
  }

  /** Writes what was noted. */
  public void flush() throws IOException {
    write(out.flip());
    out.clear();
  }

  private void write(ByteBuffer bytes) throws IOException {
    FileChannel to = file;
    if (to == null) {
      throw new IOException("there is no open file of steps");
    }
    long at = size;
    while (bytes.hasRemaining()) {
      at += to.write(bytes, at);
    }
    size = at;
  }

  /** Ends the file where its last whole flush ended; nothing more is written to it. */
  public void giveUp() throws IOException {
    FileChannel partly = file;
    file = null;
    if (partly != null) {
      try (partly) {
        partly.truncate(size);
      }
    }
  }

  /** Writes what was noted, fsyncs, closes. A second time does nothing. */
  @Override
  public void close() throws IOException {
    if (file != null) {
      flush();
      try (FileChannel last = file) {
        file = null;
        last.force(true);
      }
    }
  }
}
