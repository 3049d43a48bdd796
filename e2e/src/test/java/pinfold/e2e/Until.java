package pinfold.e2e;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for a condition within a bound that only a fault exceeds. */
final class Until {
  static final Duration LONG = Duration.ofSeconds(60);

  private Until() {}

  static void holds(String what, Supplier<?> evidence, BooleanSupplier condition) {
    long end = System.nanoTime() + LONG.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within " + LONG + ": " + what + "\n" + evidence.get());
      }
      LockSupport.parkNanos(20_000_000);
    }
  }

  static void holds(String what, BooleanSupplier condition) {
    holds(what, () -> "", condition);
  }
}
