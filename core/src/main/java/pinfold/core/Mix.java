package pinfold.core;

/**
 * The finaliser of SplitMix64 (Steele, Lea, Flood 2014): deterministic, well-spread numbers from a
 * seed.
 */
final class Mix {
  static final long STEP = 0x9e3779b97f4a7c15L;

  private Mix() {}

  static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** A number in [0, 1). */
  static double fraction(long value) {
    return (mix(value + STEP) >>> 11) * 0x1.0p-53;
  }
}
