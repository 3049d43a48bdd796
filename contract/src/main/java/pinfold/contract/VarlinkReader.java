package pinfold.contract;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.Optional;

/** Reads NUL-terminated messages. Used by one thread at a time. */
public final class VarlinkReader {
  private final InputStream in;
  private final int limit;
  private byte[] buffer = new byte[8192];
  private int start;
  private int end;

  /**
   * Over a stream, which is not closed.
   *
   * @param limit largest message, in bytes
   */
  public VarlinkReader(InputStream in, int limit) {
    this.in = in;
    this.limit = limit;
  }

  /** Over a stream, for messages of at most {@link JsonText#MAX_BYTES}. */
  public VarlinkReader(InputStream in) {
    this(in, JsonText.MAX_BYTES);
  }

  /**
   * The next call; empty when the peer has closed between two messages.
   *
   * @throws PinfoldException {@link Code#BAD_MESSAGE}, {@link Code#MESSAGE_TOO_LARGE}; the
   *     connection is of no more use
   */
  public Optional<VarlinkCall> call() throws IOException {
    return next().map(VarlinkCall::from);
  }

  /** The next reply; see {@link #call()}. */
  public Optional<VarlinkReply> reply() throws IOException {
    return next().map(VarlinkReply::from);
  }

  /** Everything after the last message, for the protocol that the connection was upgraded to. */
  public InputStream rest() {
    InputStream read = new ByteArrayInputStream(buffer, start, end - start);
    return start == end ? in : new SequenceInputStream(read, in);
  }

  private Optional<Json.Obj> next() throws IOException {
    int seen = start;
    while (true) {
      for (; seen < end; seen++) {
        if (buffer[seen] == 0) {
          Json message = JsonText.read(buffer, start, seen - start);
          start = seen + 1;
          if (message instanceof Json.Obj object) {
            return Optional.of(object);
          }
          throw PinfoldException.of(Code.BAD_MESSAGE, "a message is not an object");
        }
      }
      if (end - start > limit) {
        throw PinfoldException.of(
            Code.MESSAGE_TOO_LARGE, "a message is larger than " + limit + " bytes");
      }
      seen -= makeRoom();
      int count = in.read(buffer, end, buffer.length - end);
      if (count < 0) {
        if (start == end) {
          return Optional.empty();
        }
        throw PinfoldException.of(
            Code.CONNECTION_LOST, "the connection ended in the middle of a message");
      }
      end += count;
    }
  }

  /** Moves what is unread to the front, or grows; returns by how much it moved. */
  private int makeRoom() {
    int moved = start;
    if (start > 0) {
      System.arraycopy(buffer, start, buffer, 0, end - start);
      end -= start;
      start = 0;
    }
    if (end == buffer.length) {
      buffer = Arrays.copyOf(buffer, buffer.length * 2);
    }
    return moved;
  }
}
