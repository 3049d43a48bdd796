package pinfold.contract;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Frames to and from bytes. The streams are not closed; each direction is used by one thread at a
 * time.
 */
public final class Frames {
  private static final int HEADER = 5;

  private Frames() {}

  /** Writes one frame by one write and flushes. */
  public static void write(OutputStream out, Frame frame) throws IOException {
    byte[] bytes =
        switch (frame) {
          case Frame.Hello(long epoch) -> frame(1, 8).putLong(epoch).array();
          case Frame.Stdin(Bytes content) -> frame(2, content).array();
          case Frame.Stdout(Bytes content) -> frame(3, content).array();
          case Frame.Stderr(Bytes content) -> frame(4, content).array();
          case Frame.Eof() -> frame(5, 0).array();
          case Frame.Resize(WindowSize size) ->
              frame(6, 4).putShort((short) size.rows()).putShort((short) size.columns()).array();
          case Frame.Signal(int number) -> frame(7, 4).putInt(number).array();
          case Frame.Exit(OptionalInt code, OptionalInt signal) -> {
            byte kind = (byte) (code.isPresent() ? 0 : signal.isPresent() ? 1 : 2);
            yield frame(8, 5).put(kind).putInt(code.orElse(signal.orElse(0))).array();
          }
          case Frame.Taken(int count) -> frame(10, 4).putInt(count).array();
          case Frame.Failed(Failure failure) ->
              frame(9, Bytes.of(JsonText.write(failure.json()))).array();
        };
    out.write(bytes);
    out.flush();
  }

  /**
   * Reads one frame; empty when the peer has closed between two.
   *
   * @throws PinfoldException {@link Code#BAD_MESSAGE}, {@link Code#MESSAGE_TOO_LARGE}
   */
  public static Optional<Frame> read(InputStream in) throws IOException {
    int kind = in.read();
    if (kind < 0) {
      return Optional.empty();
    }
    DataInputStream data = new DataInputStream(in);
    int length = data.readInt();
    if (length < 0 || length > Frame.MAX) {
      throw PinfoldException.of(
          Code.MESSAGE_TOO_LARGE, "a frame of " + Integer.toUnsignedString(length) + " bytes");
    }
    byte[] content = in.readNBytes(length);
    if (content.length < length) {
      throw new EOFException("the connection ended in the middle of a frame");
    }
    return Optional.of(frame(kind, content));
  }

  private static Frame frame(int kind, byte[] content) {
    ByteBuffer buffer = ByteBuffer.wrap(content);
    return switch (kind) {
      case 1 -> new Frame.Hello(sized(buffer, 8).getLong());
      case 2 -> new Frame.Stdin(Bytes.of(content, 0, content.length));
      case 3 -> new Frame.Stdout(Bytes.of(content, 0, content.length));
      case 4 -> new Frame.Stderr(Bytes.of(content, 0, content.length));
      case 5 -> {
        sized(buffer, 0);
        yield new Frame.Eof();
      }
      case 6 -> new Frame.Resize(size(sized(buffer, 4)));
      case 7 -> new Frame.Signal(sized(buffer, 4).getInt());
      case 8 -> exit(sized(buffer, 5));
      case 9 -> failed(content);
      case 10 -> taken(sized(buffer, 4).getInt());
      default -> throw PinfoldException.of(Code.BAD_MESSAGE, "no frame is of kind " + kind);
    };
  }

  private static WindowSize size(ByteBuffer buffer) {
    int rows = Short.toUnsignedInt(buffer.getShort());
    int columns = Short.toUnsignedInt(buffer.getShort());
    if (rows == 0 || columns == 0) {
      throw PinfoldException.of(Code.BAD_MESSAGE, "a terminal without rows or columns");
    }
    return new WindowSize(rows, columns);
  }

  private static Frame taken(int count) {
    if (count < 1 || count > Frame.AHEAD) {
      throw PinfoldException.of(Code.BAD_MESSAGE, "input was taken by " + count + " bytes");
    }
    return new Frame.Taken(count);
  }

  private static Frame exit(ByteBuffer buffer) {
    byte kind = buffer.get();
    OptionalInt number = OptionalInt.of(buffer.getInt());
    return switch (kind) {
      case 0 -> new Frame.Exit(number, OptionalInt.empty());
      case 1 -> new Frame.Exit(OptionalInt.empty(), number);
      case 2 -> new Frame.Exit(OptionalInt.empty(), OptionalInt.empty());
      default -> throw PinfoldException.of(Code.BAD_MESSAGE, "nothing ends in way " + kind);
    };
  }

  private static Frame failed(byte[] content) {
    if (JsonText.read(content) instanceof Json.Obj object) {
      return new Frame.Failed(Failure.from(object));
    }
    throw PinfoldException.of(Code.BAD_MESSAGE, "a failure is not an object");
  }

  private static ByteBuffer sized(ByteBuffer buffer, int size) {
    if (buffer.remaining() != size) {
      throw PinfoldException.of(
          Code.BAD_MESSAGE,
          "a frame has " + buffer.remaining() + " bytes where " + size + " are needed");
    }
    return buffer;
  }

  private static ByteBuffer frame(int kind, Bytes content) {
    return frame(kind, content.length()).put(content.toArray());
  }

  private static ByteBuffer frame(int kind, int length) {
    if (length > Frame.MAX) {
      throw new IllegalArgumentException("a frame of " + length + " bytes");
    }
    return ByteBuffer.allocate(HEADER + length).put((byte) kind).putInt(length);
  }
}
