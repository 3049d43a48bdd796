package pinfold.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random projects, operators and faults against the real core. A run prints its seed; {@code
 * -Dpinfold.sim.seed=N} plays that one again, {@code -Dpinfold.sim.seconds=N} bounds the whole.
 */
class SimTest {
  private static final int STEPS = 1200;

  @Test
  void everyRuleHoldsUnderEveryFault() {
    Long seed = Long.getLong("pinfold.sim.seed");
    SimCount count = new SimCount();
    if (seed != null) {
      play(seed, count);
      return;
    }
    // A change is judged on the worlds that the one before it was judged on; ./check full explores.
    long first = Boolean.getBoolean("pinfold.full") ? new Random().nextLong(1_000_000_000) : 1;
    long until = System.nanoTime() + Long.getLong("pinfold.sim.seconds", 240) * 1_000_000_000L;
    int worlds = 0;
    while (worlds < 60 || (System.nanoTime() < until && !enough(count))) {
      play(first + worlds++, count);
    }
    System.out.println(
        "simulation: first seed "
            + first
            + ", "
            + worlds
            + " worlds, "
            + count.steps
            + " steps\n"
            + count.table());
    if (Long.getLong("pinfold.sim.seconds") == null) {
      assertThat(count.rarePairs(100)).isEmpty();
      assertThat(count.faults.values()).allMatch(met -> met >= 1000);
      assertThat(count.faults).hasSize(SimFault.values().length);
    }
  }

  private static boolean enough(SimCount count) {
    return count.rarePairs(100).isEmpty()
        && count.faults.size() == SimFault.values().length
        && count.faults.values().stream().allMatch(met -> met >= 1000);
  }

  private static void play(long seed, SimCount count) {
    try {
      new Sim(seed, count).run(STEPS);
    } catch (Throwable failure) {
      throw new AssertionError("-Dpinfold.sim.seed=" + seed + ": " + failure.getMessage(), failure);
    }
  }
}
