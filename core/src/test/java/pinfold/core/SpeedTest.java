package pinfold.core;

import static org.assertj.core.api.Assertions.assertThat;
import static pinfold.core.Desk.on;
import static pinfold.core.Desk.service;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import pinfold.contract.State;
import pinfold.manifest.Service;

/**
 * A step takes time for what it affects: the work per unit does not grow with the number of units.
 */
class SpeedTest {
  private static long effectsOf(int count, boolean shared) {
    Desk desk = new Desk();
    List<Service> services = new ArrayList<>();
    services.add(service("db"));
    for (int i = 0; i < count; i++) {
      services.add(service("s" + i, b -> shared ? b.dependsOn(on("db")) : b));
    }
    long effects = 0;
    desk.up(services.toArray(Service[]::new));
    desk.born("db");
    for (int i = 0; i < count; i++) {
      effects += desk.born("s" + i).size();
    }
    for (Unit unit : desk.world.units()) {
      assertThat(unit.state()).isEqualTo(State.RUNNING);
    }
    return effects;
  }

  @Test
  void eachBirthLeadsToTheSameFewEffects() {
    assertThat(effectsOf(2000, true)).isLessThanOrEqualTo(20 * (effectsOf(100, true) + 40));
    assertThat(effectsOf(1000, false)).isLessThan(10_000);
  }
}
