package pinfold.core;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * Restarts that still count against a budget.
 *
 * @param at when the first of them happened
 * @param count how many, at least 1; more than one only where so many are kept that neighbours are
 *     joined
 */
public record Tally(Instant at, int count) {
  public Tally {
    requireNonNull(at, "at is null");
    if (count < 1) {
      throw new IllegalArgumentException("count " + count);
    }
  }
}
