package pinfold.state;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.NavigableMap;

/** One file of the journal: frames whose bodies are JSON in UTF-8. */
final class JournalFile {
  private static final String SUFFIX = ".log";

  private JournalFile() {}

  /** The files of a journal by the number of their first entry; none when there is no folder. */
  static NavigableMap<Long, Path> list(Path folder) throws IOException {
    return FrameFile.list(folder, SUFFIX);
  }

  static Path named(Path folder, long first) {
    return FrameFile.named(folder, first, SUFFIX);
  }

  /**
   * The bytes of an entry.
   *
   * @throws IllegalArgumentException when it is longer than {@link Journal#MAX_ENTRY}
   */
  static ByteBuffer frame(JournalEntry entry) {
    byte[] json = entry.json().getBytes(StandardCharsets.UTF_8);
    if (json.length > Journal.MAX_ENTRY) {
      throw new IllegalArgumentException("a journal entry of " + json.length + " bytes");
    }
    return FrameFile.bytes(new FrameFile.Frame(entry.seq(), entry.time(), json));
  }

  /**
   * Reads the entry at an offset.
   *
   * @throws EOFException when the file ends exactly there
   * @throws FrameFile.Torn when there is something else
   */
  static JournalEntry read(FileChannel file, long offset) throws IOException {
    FrameFile.Frame frame = FrameFile.read(file, offset, Journal.MAX_ENTRY);
    return new JournalEntry(
        frame.seq(), frame.time(), new String(frame.body(), StandardCharsets.UTF_8));
  }

  /** Bytes that an entry takes. */
  static long size(JournalEntry entry) {
    return FrameFile.HEADER
        + FrameFile.FIXED
        + (long) entry.json().getBytes(StandardCharsets.UTF_8).length;
  }
}
