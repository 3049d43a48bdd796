package pinfold.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/// Cuts a stream of bytes into Varlink messages: each ends with a NUL (varlink.org, "Method Call").
///
/// What comes in is hostile: a message may be at most `max` bytes, and no more than that is ever
/// kept. Not thread-safe.
final class MessageReader {
  private static final int CHUNK = 8192;

  private final InputStream in;
  private final int max;
  private byte[] chunk = new byte[CHUNK];
  private int from;
  private int to;

  /// @param max longest message in bytes, its NUL not counted
  MessageReader(InputStream in, int max) {
    this.in = in;
    this.max = max;
  }

  /// The next message without its NUL; empty at the end of the stream.
  ///
  /// @throws OversizedMessageException when it is longer than allowed; the stream is of no use any
  ///   more
  /// @throws IOException when reading fails, or the stream ends within a message
  Optional<byte[]> next() throws IOException {
    ByteArrayOutputStream message = new ByteArrayOutputStream(256);
    while (true) {
      for (int i = from; i < to; i++) {
        if (chunk[i] == 0) {
          append(message, i);
          from = i + 1;
          return Optional.of(message.toByteArray());
        }
      }
      append(message, to);
      from = 0;
      to = Math.max(0, in.read(chunk, 0, chunk.length));
      if (to == 0) {
        if (message.size() > 0) {
          throw new IOException("the connection ended within a message");
        }
        return Optional.empty();
      }
    }
  }

  /// What was read beyond the last message: the first bytes of the stream that follows an upgrade.
  /// May be called once.
  byte[] rest() {
    byte[] rest = Arrays.copyOfRange(chunk, from, to);
    chunk = new byte[0];
    from = 0;
    to = 0;
    return rest;
  }

  private void append(ByteArrayOutputStream message, int end) throws OversizedMessageException {
    if (message.size() + (end - from) > max) {
      throw new OversizedMessageException(max);
    }
    message.write(chunk, from, end - from);
  }

  /// A message was longer than allowed.
  static final class OversizedMessageException extends IOException {
    private static final long serialVersionUID = 1;

    OversizedMessageException(int max) {
      super("a message is longer than " + max + " bytes");
    }
  }
}
