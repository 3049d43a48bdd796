package pinfold.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import pinfold.core.BirthId;
import pinfold.core.UnitName;
import pinfold.linux.LaunchSpec;
import pinfold.linux.SpawnPlan;
import pinfold.linux.SystemCallException;

class PlansTest {
  private final Map<Long, SpawnPlan> keeper = new TreeMap<>();
  private int puts;
  private int births;

  private final Plans plans =
      new Plans(
          new Plans.Store() {
            @Override
            public void put(long number, SpawnPlan plan) {
              keeper.put(number, plan);
              puts++;
            }

            @Override
            public void drop(long number) {
              keeper.remove(number);
            }
          });

  private static UnitName unit(int i) {
    return UnitName.of("shop", "s" + i);
  }

  private static LaunchSpec spec(int i) {
    return LaunchSpec.builder("/bin/sleep").arguments(List.of("sleep", "" + i)).build();
  }

  private BirthId born(int i) throws SystemCallException {
    BirthId birth = new BirthId(new UUID(1, ++births));
    long number = plans.number(unit(i), "MAIN", spec(i), birth);
    assertThat(keeper).containsKey(number);
    return birth;
  }

  @Test
  void aRestartUsesThePlanAgain() throws SystemCallException {
    plans.over(born(1));
    plans.over(born(1));
    assertThat(puts).isEqualTo(1);
  }

  @Test
  void whatRunsKeepsNoPlanBeyondTheLastOnes() throws SystemCallException {
    for (int i = 0; i < 10 * Plans.IDLE; i++) {
      BirthId birth = born(i);
      plans.over(birth);
      plans.over(birth);
      plans.over(born(0)); // crashes again and again
    }
    assertThat(keeper).hasSize(Plans.IDLE);
    assertThat(puts).isEqualTo(10 * Plans.IDLE);
  }

  @Test
  void aBirthUnderWayKeepsItsPlan() throws SystemCallException {
    BirthId slow = born(-1);
    BirthId slower = born(-1);
    plans.over(slow);
    for (int i = 0; i < 10 * Plans.IDLE; i++) {
      plans.over(born(i));
    }
    assertThat(plans.spec(1)).contains(spec(-1));
    assertThat(keeper).containsKey(1L).hasSize(Plans.IDLE + 1);
    plans.over(slower);
    assertThat(keeper).containsKey(1L).hasSize(Plans.IDLE);
  }

  @Test
  void whatIsForgottenIsDroppedOnce() throws SystemCallException {
    plans.over(born(1));
    BirthId birth = born(2);
    plans.forget(unit(1));
    plans.forget(unit(2));
    plans.over(birth);
    assertThat(keeper).isEmpty();
    born(2);
    assertThat(keeper).hasSize(1);
  }
}
