package pinfold.linux;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * Numbers that nobody can foresee, from the kernel (random(4)). The JDK's own source takes as long
 * to prepare as a whole short command: it looks for its provider and reads its configuration.
 */
public final class Chance {
  private Chance() {}

  /** 64 random bits. */
  public static long word() {
    return bytes(Long.BYTES).getLong();
  }

  /** A version 4 UUID (RFC 9562). */
  public static UUID uuid() {
    ByteBuffer bytes = bytes(2 * Long.BYTES);
    return new UUID(
        (bytes.getLong() & ~0xf000L) | 0x4000L,
        (bytes.getLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L);
  }

  private static ByteBuffer bytes(int count) {
    try (InputStream kernel = new FileInputStream("/dev/urandom")) {
      byte[] bytes = kernel.readNBytes(count);
      if (bytes.length < count) {
        throw new IOException("it ends");
      }
      return ByteBuffer.wrap(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read /dev/urandom: " + e.getMessage(), e);
    }
  }
}
