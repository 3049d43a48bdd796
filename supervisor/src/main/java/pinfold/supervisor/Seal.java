package pinfold.supervisor;

import java.util.function.UnaryOperator;

/// Stands for a text that is not to be kept: SipHash-2-4 with a key that is written nowhere. The
/// same text has the same seal as long as this supervisor lives; nothing else can be told from it.
///
/// Of its own making because the platform's keyed hashes load a security provider, which costs more
/// than the rest of a recording.
final class Seal implements UnaryOperator<String> {
  private final long k0;
  private final long k1;

  /// A seal with this key, drawn at random.
  Seal(long k0, long k1) {
    this.k0 = k0;
    this.k1 = k1;
  }

  @Override
  public String apply(String secret) {
    return "sealed:%016x".formatted(hash(secret));
  }

  /// Of the chars as 16-bit words, little-endian; see https://www.aumasson.jp/siphash.
  private long hash(String text) {
    long[] v = {
      k0 ^ 0x736f6d6570736575L,
      k1 ^ 0x646f72616e646f6dL,
      k0 ^ 0x6c7967656e657261L,
      k1 ^ 0x7465646279746573L
    };
    int whole = text.length() / 4 * 4;
    for (int i = 0; i < whole; i += 4) {
      take(v, word(text, i, 4));
    }
    take(v, word(text, whole, text.length() - whole) | (2L * text.length()) << 56);
    v[2] ^= 0xff;
    for (int i = 0; i < 4; i++) {
      round(v);
    }
    return v[0] ^ v[1] ^ v[2] ^ v[3];
  }

  private static long word(String text, int from, int chars) {
    long word = 0;
    for (int i = 0; i < chars; i++) {
      word |= (long) text.charAt(from + i) << (16 * i);
    }
    return word;
  }

  private static void take(long[] v, long word) {
    v[3] ^= word;
    round(v);
    round(v);
    v[0] ^= word;
  }

  private static void round(long[] v) {
    v[0] += v[1];
    v[1] = Long.rotateLeft(v[1], 13) ^ v[0];
    v[0] = Long.rotateLeft(v[0], 32);
    v[2] += v[3];
    v[3] = Long.rotateLeft(v[3], 16) ^ v[2];
    v[0] += v[3];
    v[3] = Long.rotateLeft(v[3], 21) ^ v[0];
    v[2] += v[1];
    v[1] = Long.rotateLeft(v[1], 17) ^ v[2];
    v[2] = Long.rotateLeft(v[2], 32);
  }
}
