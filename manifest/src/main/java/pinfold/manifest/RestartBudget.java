package pinfold.manifest;

import java.time.Duration;
import java.util.Optional;

/** How many restarts a service gets before it is failed until a person acts. */
public sealed interface RestartBudget {
  /** As many as it needs: what {@code restart_policy: always} means without a number. */
  record Unlimited() implements RestartBudget {}

  /**
   * {@code count} restarts, so {@code count + 1} runs.
   *
   * @param count 0 or more
   * @param within only restarts of this last stretch of time count; empty: all since the last
   *     explicit start
   */
  record Limited(int count, Optional<Duration> within) implements RestartBudget {
    /**
     * @throws IllegalArgumentException if the count is negative or the time not positive
     */
    public Limited {
      if (count < 0 || within.filter(d -> !d.isPositive()).isPresent()) {
        throw new IllegalArgumentException(
            "restart budget out of range: " + count + " within " + within);
      }
    }
  }

  /** What a policy means when the manifest names no budget. */
  static RestartBudget defaultOf(RestartPolicy policy) {
    return switch (policy) {
      case ALWAYS -> new Unlimited();
      case ON_FAILURE -> new Limited(10, Optional.of(Duration.ofMinutes(15)));
      case NEVER -> new Limited(0, Optional.empty());
    };
  }
}
