package pinfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** `up --foreground`: stays, shows, and stops with it. */
class ForegroundTest extends Scenario {

  @Test
  void itEndsNonZeroWithAnEssentialService() {
    host.manifest(
        """
        services:
          main: {command: "until test -e go; do sleep 0.02; done; exit 4", restart_policy: never, essential: true}
          side: {command: "sleep 600"}
        """);
    Running up = host.start("up", "--foreground");
    host.awaitStatus("both run", view -> view.pids().size() == 2);
    host.write("go", "");
    assertThat(up.await().exit()).isNotZero();
    Until.holds(
        "nothing is left", () -> host.processes().toString(), () -> host.processes().isEmpty());
  }
}
