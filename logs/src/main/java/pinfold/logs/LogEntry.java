package pinfold.logs;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;

/** What a reader of logs is given, in order. */
public sealed interface LogEntry {
  LogSource source();

  /** Realtime nanoseconds since 1970. */
  long timeNs();

  /** Run number of the slot, from 1; 0 when it is not recorded. */
  int run();

  default Instant time() {
    return Instant.ofEpochSecond(
        Math.floorDiv(timeNs(), 1_000_000_000L), Math.floorMod(timeNs(), 1_000_000_000L));
  }

  /**
   * A line, or a piece of a very long one: lines beyond {@link LogQuery#MAX_PIECE} come in pieces
   * that follow each other directly. The exact bytes of a stream are `bytes` of all its lines, each
   * followed by a line feed where `ended`.
   *
   * @param bytes without the line feed; the receiver owns the array
   * @param continued not the first piece of its line
   * @param ended a line feed follows; false for a piece that is not the last, for the last words of
   *     a run without a line feed, and for the unfinished end of the stream
   */
  @SuppressWarnings(
      "ArrayRecordComponent") // lines are not compared, and a copy of each would cost twice
  record Line(
      LogSource source, long timeNs, int run, byte[] bytes, boolean continued, boolean ended)
      implements LogEntry {
    /** The bytes as UTF-8; what is not UTF-8 becomes U+FFFD. */
    public String text() {
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  /**
   * Bytes were lost here because they could not be written (full disk).
   *
   * @param bytes how many
   */
  record Gap(LogSource source, long timeNs, int run, long bytes) implements LogEntry {}

  /**
   * A file of the stream cannot be read; reading goes on behind it.
   *
   * @param file which one
   * @param reason why
   */
  record Unreadable(LogSource source, long timeNs, int run, Path file, String reason)
      implements LogEntry {}
}
