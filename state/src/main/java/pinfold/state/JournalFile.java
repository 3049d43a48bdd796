package pinfold.state;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
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
 * One file of the journal. A frame is, little-endian: length of what follows the checksum (4
 * bytes), CRC32C of that (4), then sequence number (8), realtime nanoseconds (8), JSON in UTF-8.
 */
final class JournalFile {
  static final int HEADER = 8;
  static final int FIXED = 16;
  static final int MAX_PAYLOAD = FIXED + Journal.MAX_ENTRY;
  private static final int NUMBER = 19;
  private static final String SUFFIX = ".log";

  private JournalFile() {}

  /** The files of a journal by the number of their first entry; none when there is no folder. */
  static NavigableMap<Long, Path> list(Path folder) throws IOException {
    NavigableMap<Long, Path> found = new TreeMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        String number = name.substring(0, name.length() - SUFFIX.length());
        if (number.length() == NUMBER && number.chars().allMatch(c -> c >= '0' && c <= '9')) {
          found.put(Long.parseLong(number), file);
        }
      }
    } catch (NoSuchFileException e) {
      return found; // no supervisor ever ran
    }
    return found;
  }

  static Path named(Path folder, long first) {
    return folder.resolve(String.format(Locale.ROOT, "%019d%s", first, SUFFIX));
  }

  static ByteBuffer frame(JournalEntry entry) {
    byte[] json = entry.json().getBytes(StandardCharsets.UTF_8);
    if (json.length > Journal.MAX_ENTRY) {
      throw new IllegalArgumentException("a journal entry of " + json.length + " bytes");
    }
    ByteBuffer frame =
        ByteBuffer.allocate(HEADER + FIXED + json.length).order(ByteOrder.LITTLE_ENDIAN);
    Instant time = entry.time();
    long nanos =
        Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano());
    frame.position(HEADER).putLong(entry.seq()).putLong(nanos).put(json);
    frame.putInt(0, FIXED + json.length).putInt(4, checksum(frame.array(), FIXED + json.length));
    return frame.rewind();
  }

  private static int checksum(byte[] frame, int length) {
    CRC32C crc = new CRC32C();
    crc.update(frame, HEADER, length);
    return (int) crc.getValue();
  }

  /** The bytes at an offset are no frame. */
  static final class Torn extends IOException {
    private static final long serialVersionUID = 1;

    Torn(String what) {
      super(what);
    }
  }

  /**
   * Reads the frame at an offset.
   *
   * @throws EOFException when the file ends exactly there
   * @throws Torn when there is something else
   */
  static JournalEntry read(FileChannel file, long offset) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
    int got = fill(file, offset, header);
    if (got == 0) {
      throw new EOFException();
    }
    int length = header.getInt(0);
    if (got < HEADER || length < FIXED || length > MAX_PAYLOAD) {
      throw new Torn("no frame at byte " + offset);
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
    String json = new String(frame.array(), HEADER + FIXED, length - FIXED, StandardCharsets.UTF_8);
    Instant time =
        Instant.ofEpochSecond(
            Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L));
    return new JournalEntry(seq, time, json);
  }

  /** Bytes that a frame takes. */
  static long size(JournalEntry entry) {
    return HEADER + FIXED + (long) entry.json().getBytes(StandardCharsets.UTF_8).length;
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
