package pinfold.supervisor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Reads the file in which a daemon leaves the number of its main process.
///
/// The service writes it, so it is hostile: only a regular file is opened (a fifo would hang its
/// reader), a bounded piece of it is read, and the number is only a claim; whether that process
/// belongs to the service is for the caller.
final class PidFile {
  /// PID_MAX_LIMIT of linux/threads.h.
  static final int MAX_PID = 4_194_304;

  private static final int MAX_BYTES = 64;

  private PidFile() {}

  /// The number in the file's first line; empty while the file is not there yet, is not a regular
  /// file, or holds something else.
  static Optional<Integer> read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(MAX_BYTES);
    }
    return parse(new String(head, StandardCharsets.ISO_8859_1));
  }

  static Optional<Integer> parse(String text) {
    int end = text.indexOf('\n');
    String first = (end < 0 ? text : text.substring(0, end)).strip();
    if (first.isEmpty()
        || first.length() > 7
        || !first.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Optional.empty();
    }
    int pid = Integer.parseInt(first);
    return pid >= 2 && pid <= MAX_PID ? Optional.of(pid) : Optional.empty();
  }
}
