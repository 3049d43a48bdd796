package pinfold.state;

import static java.util.Objects.requireNonNull;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * Files of frames, numbered by their names. A frame is, little-endian: length of what follows the
 * checksum (4 bytes), CRC32C of that (4), then sequence number (8), realtime nanoseconds (8), and
 * its body.
 */
final class FrameFile {
  static final int HEADER = 8;
  static final int FIXED = 16;
  private static final int NUMBER = 19;

  private FrameFile() {}

  /** One frame. Its body belongs to whoever reads it. */
  static final class Frame {
    private final long seq;
    private final Instant time;
    private final byte[] body;

    /**
     * A frame of these parts.
     *
     * @param seq from 1
     * @param time when it was made
     */
    Frame(long seq, Instant time, byte[] body) {
      this.seq = seq;
      this.time = requireNonNull(time, "time is null");
      this.body = requireNonNull(body, "body is null");
    }

    long seq() {
      return seq;
    }

    Instant time() {
      return time;
    }

    byte[] body() {
      return body;
    }

    /** Bytes that it takes. */
    long size() {
      return HEADER + FIXED + (long) body.length;
    }
  }

  /** The bytes at an offset are no frame. */
  static final class Torn extends IOException {
    private static final long serialVersionUID = 1;

    Torn(String what) {
      super(what);
    }
  }

  /** The files with this suffix by their numbers; none when there is no folder. */
  static NavigableMap<Long, Path> list(Path folder, String suffix) throws IOException {
    NavigableMap<Long, Path> found = new TreeMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + suffix)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        String number = name.substring(0, name.length() - suffix.length());
        if (number.length() == NUMBER && number.chars().allMatch(c -> c >= '0' && c <= '9')) {
          found.put(Long.parseLong(number), file);
        }
      }
    } catch (NoSuchFileException e) {
      return found; // no supervisor ever ran
    }
    return found;
  }

  static Path named(Path folder, long number, String suffix) {
    return folder.resolve(String.format(Locale.ROOT, "%019d%s", number, suffix));
  }

  static ByteBuffer bytes(Frame made) {
    int length = FIXED + made.body().length;
    ByteBuffer frame = ByteBuffer.allocate(HEADER + length).order(ByteOrder.LITTLE_ENDIAN);
    Instant time = made.time();
    long nanos =
        Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano());
    frame.position(HEADER).putLong(made.seq()).putLong(nanos).put(made.body());
    frame.putInt(0, length).putInt(4, checksum(frame.array(), length));
    return frame.rewind();
  }

  private static int checksum(byte[] frame, int length) {
    CRC32C crc = new CRC32C();
    crc.update(frame, HEADER, length);
    return (int) crc.getValue();
  }

  /**
   * Reads the frame at an offset.
   *
   * @param most bytes that its body may have
   * @throws EOFException when the file ends exactly there
   * @throws Torn when there is something else
   */
  static Frame read(FileChannel file, long offset, int most) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
    int got = fill(file, offset, header);
    if (got == 0) {
      throw new EOFException();
    }
    int length = header.getInt(0);
    if (got < HEADER || length < FIXED || length > FIXED + most) {
      throw new Torn("no frame at byte " + offset);
    }
    if (file.size() - offset < HEADER + (long) length) {
      throw new Torn("the frame at byte " + offset + " is cut off");
    }
    ByteBuffer frame = ByteBuffer.allocate(HEADER + length).order(ByteOrder.LITTLE_ENDIAN);
    if (fill(file, offset, frame) < frame.capacity()) {
      throw new Torn("the frame at byte " + offset + " is cut off");
    }
    if (header.getInt(4) != checksum(frame.array(), length)) {
      throw new Torn("the checksum of the frame at byte " + offset + " is wrong");
    }
    long seq = frame.getLong(HEADER);
    long nanos = frame.getLong(HEADER + 8);
    if (seq < 1) {
      throw new Torn("the frame at byte " + offset + " has no number");
    }
    byte[] body = new byte[length - FIXED];
    frame.position(HEADER + FIXED).get(body);
    return new Frame(
        seq,
        Instant.ofEpochSecond(
            Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L)),
        body);
  }

  private static int fill(FileChannel file, long offset, ByteBuffer into) throws IOException {
    while (into.hasRemaining()) {
      if (file.read(into, offset + into.position()) < 0) {
        break;
      }
    }
    return into.position();
  }
}
