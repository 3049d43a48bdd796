package pinfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** `status`: its exit codes are what scripts build on. */
class StatusTest extends Scenario {

  @Test
  void zeroWhenAllIsWell() {
    host.manifest(
        "services: {a: {command: 'sleep 600'}, once: {command: 'true', restart_policy: never}}");
    host.up();
    Outcome outcome = host.run("status").exits(0);
    assertThat(outcome.out()).contains("a").contains("running");
    host.run("ps").exits(0);
  }

  @Test
  void oneWhileSomethingIsNotReady() {
    host.manifest("services: {a: {command: 'sleep 600', ready: {log: never}}}");
    host.run("up", "--no-wait").exits(0);
    host.awaitStatus("it runs", view -> view.service("a").pid() > 0);
    host.run("status").exits(1);
  }

  @Test
  void oneWhileSomethingBacksOff() {
    host.manifest("services: {a: {command: 'exit 1', backoff: 1h, max_restarts: 5}}");
    host.run("up", "--no-wait").exits(0);
    host.awaitStatus("it waits", view -> view.service("a").is("backoff"));
    host.run("status").exits(1);
  }

  @Test
  void twoWhenSomethingFailedForGood() {
    host.manifest(
        "services: {a: {command: 'exit 1', restart_policy: never}, b: {command: 'sleep 600'}}");
    host.run("up");
    host.run("status").exits(2);
    host.run("status", "b").exits(0);
  }

  @Test
  void twoWhenNobodySupervisesWhatIsWanted() {
    host.manifest("services: {a: {command: 'sleep 600'}}");
    host.up();
    StatusView view = host.status();
    HostProcess.signal(view.keeper(), "STOP");
    HostProcess.signal(view.supervisor(), "KILL");
    HostProcess.signal(view.keeper(), "KILL");
    Until.holds(
        "both are gone",
        () -> !HostProcess.lives(view.keeper()) && !HostProcess.lives(view.supervisor()));
    Outcome outcome = host.run("status").exits(2);
    assertThat(outcome.out()).contains("a");
    StatusView offline = StatusView.parse(host.run("status", "--json").out());
    assertThat(offline.supervisor()).isZero();
    assertThat(offline.has("a")).isTrue();
    host.up();
    assertThat(host.assertConsistent().service("a").pid()).isEqualTo(view.service("a").pid());
  }

  @Test
  void aFrozenSupervisorIsSaidInTime() {
    host.manifest("services: {a: {command: 'sleep 600'}}");
    host.up();
    long supervisor = host.status().supervisor();
    HostProcess.signal(supervisor, "STOP");
    try {
      Outcome outcome = host.run("--timeout", "2s", "status");
      assertThat(outcome.exit()).isIn(2, 69);
      assertThat(outcome.err()).contains("PF");
    } finally {
      HostProcess.signal(supervisor, "CONT");
    }
    host.run("status").exits(0);
  }

  @Test
  void nothingWantedIsZero() {
    assertThat(host.run("status").exits(0).toString()).isNotEmpty();
    assertThat(StatusView.parse(host.run("status", "--json").exits(0).out()).services()).isEmpty();
    assertThat(host.processes()).as("asking starts nothing").isEmpty();
  }

  @Test
  void namesFilterAndUnknownOnesAreRefused() {
    host.manifest("services: {a: {command: 'sleep 600'}, b: {command: 'sleep 601'}}");
    host.up();
    assertThat(StatusView.parse(host.run("status", "a", "--json").exits(0).out()).services())
        .hasSize(1);
    assertThat(host.run("status", "nobody").exit()).isNotZero();
  }

  @Test
  void waitReportsWhatItWaitedFor() {
    host.manifest(
        """
        services:
          good: {command: "until test -e go; do sleep 0.02; done", restart_policy: never}
          bad: {command: "exit 3", restart_policy: never}
          long: {command: "sleep 600"}
        """);
    host.run("up", "--no-wait");
    host.run("wait", "long", "--for", "completed", "--timeout", "200ms").exits(75);
    host.run("wait", "bad", "--for", "completed").exits(3);
    Running wait = host.start("wait", "good", "--for", "completed");
    host.write("go", "");
    wait.await().exits(0);
    host.run("wait", "long", "--for", "ready").exits(0);
  }

  @Test
  void whyAndEventsTellWhatHappened() {
    host.manifest("services: {a: {command: 'echo gone >&2; exit 9', restart_policy: never}}");
    host.run("up");
    assertThat(host.run("why", "a").exits(0).out()).contains("9").contains("restart_policy");
    assertThat(host.run("events", "--json").exits(0).out()).contains("\"a\"");
    assertThat(host.run("inspect", "a").exits(0).out()).contains("echo gone");
  }
}
