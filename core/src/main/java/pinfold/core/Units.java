package pinfold.core;

import java.time.Duration;

/** Durations as nanoseconds that never overflow. */
final class Units {
  private static final long LONGEST_SECONDS = Long.MAX_VALUE / 4_000_000_000L;

  private Units() {}

  /** Nanoseconds, cut at about 73 years; negative durations are zero. */
  static long nanos(Duration duration) {
    if (duration.isNegative()) {
      return 0;
    }
    return duration.toSeconds() > LONGEST_SECONDS
        ? LONGEST_SECONDS * 1_000_000_000L
        : duration.toNanos();
  }
}
