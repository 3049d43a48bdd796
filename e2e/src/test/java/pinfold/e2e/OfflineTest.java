package pinfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What needs no supervisor starts none. */
class OfflineTest extends Scenario {

  @Test
  void validateNamesEveryProblemWithItsPlace() {
    host.manifest(
        """
        services:
          a: {command: "sleep 1", depends_on: [b]}
          b: {command: "sleep 1", depends_on: [a], restart_policy: sometimes}
        """);
    Outcome outcome = host.run("validate").exits(65);
    assertThat(outcome.err() + outcome.out()).contains("pinfold.yaml:3:").contains("sometimes");
    host.manifest("services: {a: {command: 'sleep 1'}}");
    host.run("validate").exits(0);
    assertThat(host.processes()).isEmpty();
  }

  @Test
  void theExamplesAreValid() {
    for (String example : new String[] {"shop", "stack"}) {
      host.run(
              "validate",
              "-f",
              Product.examples().resolve(example).resolve("pinfold.yaml").toString())
          .exits(0);
    }
  }

  @Test
  void explainShowsEveryStepBeforeAnythingRuns() {
    host.manifest("services: {a: {command: 'sleep 1', limits: {nofile: 256}}}");
    assertThat(host.run("explain", "a").exits(0).out()).contains("sleep").contains("nofile");
    assertThat(host.run("explain", "a", "--calls").exits(0).out()).contains("execve");
    assertThat(host.processes()).isEmpty();
  }

  @Test
  void initWritesAManifestAndNeverOverwrites() {
    host.run("init").exits(0);
    host.run("validate").exits(0);
    String written = host.read("pinfold.yaml");
    assertThat(host.run("init").exit()).isNotZero();
    assertThat(host.read("pinfold.yaml")).isEqualTo(written);
  }

  @Test
  void schemaVersionDoctorAndCompletion() {
    assertThat(host.run("schema").exits(0).out())
        .contains("\"$schema\"")
        .contains("restart_policy");
    assertThat(host.run("version").exits(0).out()).contains("0.1.0");
    host.run("doctor").exits(0);
    for (String shell : new String[] {"bash", "zsh", "fish"}) {
      assertThat(host.run("completion", shell).exits(0).out()).contains("restart");
    }
    assertThat(host.run("--help").exits(0).out()).contains("up").contains("status");
    assertThat(host.processes()).isEmpty();
  }
}
