package pinfold.core;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;

/**
 * When a step happens, on both clocks. All decisions use {@code nanos}; {@code wall} is only shown
 * and recorded, so a step of the wall clock changes nothing but time stamps.
 *
 * @param nanos CLOCK_MONOTONIC in nanoseconds; comparable within one boot
 * @param wall the same instant on the wall clock
 */
public record Moment(long nanos, Instant wall) {
  public Moment {
    requireNonNull(wall, "wall is null");
  }

  /** The monotonic instant {@code delay} later; never overflows. */
  long after(Duration delay) {
    long wait = Units.nanos(delay);
    return nanos > Long.MAX_VALUE - wait ? Long.MAX_VALUE : nanos + wait;
  }
}
