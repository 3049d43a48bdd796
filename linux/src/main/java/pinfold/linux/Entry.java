package pinfold.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * One entry of a message, filled field by field at the offsets of {@link Wire}; the rest is zero.
 */
final class Entry {
  private final byte[] bytes;
  private final ByteBuffer buffer;

  Entry(int size) {
    bytes = new byte[size];
    buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
  }

  byte[] bytes() {
    return bytes;
  }

  Entry u16(int offset, int value) {
    buffer.putShort(offset, (short) value);
    return this;
  }

  Entry u32(int offset, int value) {
    buffer.putInt(offset, value);
    return this;
  }

  Entry u64(int offset, long value) {
    buffer.putLong(offset, value);
    return this;
  }

  Entry id(int offset, BirthId id) {
    buffer.put(offset, id.bytes());
    return this;
  }

  /** NUL-padded, with at least one NUL. */
  Entry text(int offset, int space, String text) {
    byte[] encoded = utf8(text);
    if (encoded.length >= space) {
      throw new IllegalArgumentException(
          "longer than " + (space - 1) + " bytes: " + Quote.quote(text));
    }
    buffer.put(offset, encoded);
    return this;
  }

  Entry bytes(int offset, byte[] content) {
    buffer.put(offset, content);
    return this;
  }

  /** The bytes of a string that has no NUL. */
  static byte[] utf8(String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("NUL in " + Quote.quote(text));
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
