package pinfold.manifest;

import java.time.Duration;

/**
 * How long a restart waits: {@code initial}, multiplied by {@code factor} for each further one up
 * to {@code max}, each time lengthened or shortened by up to {@code jitter} of itself. A run that
 * lived {@link #RESET_AFTER} (ready for that long, where {@code ready} is declared) brings it back
 * to {@code initial}.
 *
 * @param initial the first wait; not negative
 * @param factor 1 to 100
 * @param max the longest wait; at least {@code initial}
 * @param jitter a part of the wait, 0 to 1
 */
public record Backoff(Duration initial, double factor, Duration max, double jitter) {
  /** The life after which a service counts as stable. */
  public static final Duration RESET_AFTER = Duration.ofSeconds(10);

  /** 100 ms, doubling up to 5 minutes, ±10 %. */
  public static final Backoff DEFAULT =
      new Backoff(Duration.ofMillis(100), 2, Duration.ofMinutes(5), 0.1);

  /**
   * @throws IllegalArgumentException if a value is out of its range
   */
  public Backoff {
    if (initial.isNegative()
        || max.compareTo(initial) < 0
        || !(factor >= 1 && factor <= 100)
        || !(jitter >= 0 && jitter <= 1)) {
      throw new IllegalArgumentException(
          "backoff out of range: %s ×%s, max %s, jitter %s"
              .formatted(initial, factor, max, jitter));
    }
  }

  /**
   * The wait before restart number {@code n} in a row, before jitter.
   *
   * @param n 0 for the first
   */
  public Duration before(int n) {
    double nanos = initial.toNanos() * Math.pow(factor, n);
    return nanos >= max.toNanos() ? max : Duration.ofNanos((long) nanos);
  }
}
