package pinfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Stopping: order, force, descendants, and that a stop holds. */
class StopTest extends Scenario {

  @Test
  void dependentsStopFirst() {
    host.manifest(
        """
        services:
          base: {command: "trap 'echo base >>order; exit 0' TERM; echo ready; while :; do sleep 0.05; done", ready: {log: ready}}
          top:
            command: "trap 'sleep 0.3; echo top >>order; exit 0' TERM; echo ready; while :; do sleep 0.05; done"
            ready: {log: ready}
            depends_on: [base]
        """);
    host.up();
    host.run("down").exits(0);
    assertThat(host.read("order").lines()).containsExactly("top", "base");
  }

  @Test
  void aServiceThatIgnoresTermIsKilled() {
    host.manifest(
        """
        services:
          deaf: {command: "trap '' TERM; echo ready; while :; do sleep 0.05; done", ready: {log: ready}, stop_timeout: 300ms}
        """);
    host.up();
    long pid = host.status().service("deaf").pid();
    host.run("stop", "deaf").exits(0);
    assertThat(HostProcess.lives(pid)).isFalse();
    assertThat(host.assertConsistent().service("deaf").pid()).isZero();
    assertThat(host.run("events").exits(0).out()).contains("after SIGTERM: KILL (PF1210)");
  }

  @Test
  void aLongGraceIsCutShortByHand() {
    host.manifest(
        """
        services:
          one: {command: "trap 'echo asked' TERM; echo ready; while :; do sleep 0.05; done", ready: {log: ready}, stop_timeout: 1h}
          two: {command: "trap 'echo asked' TERM; echo ready; while :; do sleep 0.05; done", ready: {log: ready}, stop_timeout: 1h}
        """);
    host.up();
    Running stop = host.start("stop", "one");
    asked("one");
    assertThat(stop.process().isAlive()).isTrue();
    host.run("kill", "one").exits(0);
    stop.await().exits(0);
    assertThat(host.status().service("one").pid()).isZero();

    Running patient = host.start("stop", "two");
    asked("two");
    host.run("stop", "--timeout", "100ms", "two").exits(0);
    patient.await().exits(0);
    assertThat(host.assertConsistent().pids()).isEmpty();
  }

  private void asked(String service) {
    host.awaitStatus("it is being stopped", view -> view.service(service).is("stopping"));
    Until.holds(
        "it was asked",
        () -> host.run("logs", service),
        () -> host.run("logs", service).out().contains("asked"));
  }

  @Test
  void theStopSignalIsTheManifests() {
    host.manifest(
        """
        services:
          a:
            command: "trap 'echo INT >got; exit 0' INT; trap 'echo TERM >got; exit 0' TERM; echo ready; while :; do sleep 0.05; done"
            ready: {log: ready}
            stop_signal: INT
        """);
    host.up();
    host.run("stop", "a").exits(0);
    assertThat(host.read("got")).isEqualTo("INT\n");
  }

  @Test
  void descendantsInSessionsOfTheirOwnDieToo() {
    host.manifest(
        """
        services:
          a:
            command: "setsid sh -c 'setsid env -i sleep 604 & exec sleep 605' & (sleep 606 &) ; echo ready; exec sleep 607"
            ready: {log: ready}
        """);
    host.up();
    Until.holds("all four run", () -> sleepers() == 4);
    host.run("stop", "a").exits(0);
    assertThat(sleepers()).isZero();
  }

  @Test
  void childrenOfAKilledMainProcessAreGoneBeforeTheNextStart() {
    host.manifest(
        """
        services:
          a: {command: "setsid sleep 604 & echo ready; exec sleep 605", ready: {log: ready}, restart_policy: always}
        """);
    host.up();
    Until.holds("both run", () -> sleepers() == 2);
    long pid = host.status().service("a").pid();
    HostProcess.signal(pid, "KILL");
    host.awaitStatus(
        "it runs anew", view -> view.service("a").pid() > 0 && view.service("a").pid() != pid);
    Until.holds("one generation", () -> host.processes().toString(), () -> sleepers() == 2);
    host.assertConsistent();
  }

  @Test
  void anExplicitStopHoldsUntilAnExplicitStart() {
    host.manifest(
        """
        services:
          a: {command: "sleep 600", restart_policy: always}
          b: {command: "sleep 601"}
        """);
    host.up();
    host.run("stop", "a").exits(0);
    HostProcess.signal(host.status().supervisor(), "KILL");
    host.awaitStatus(
        "the supervisor is back", view -> view.supervisor() > 0 && view.service("b").is("running"));
    assertThat(host.status().service("a").pid()).isZero();
    assertThat(host.status().service("a").wanted()).isEqualTo("down");
    host.run("start", "a").exits(0);
    assertThat(host.assertConsistent().service("a").pid()).isPositive();
  }

  @Test
  void stoppingWhatIsStoppedIsFine() {
    host.manifest("services: {a: {command: 'sleep 600'}}");
    host.up();
    host.run("stop", "a").exits(0);
    host.run("stop", "a").exits(0);
    host.run("down").exits(0);
    host.run("down").exits(0);
    host.run("down", "--supervisor").exits(0);
    host.run("down", "--supervisor").exits(0);
    Until.holds(
        "nothing is left", () -> host.processes().toString(), () -> host.processes().isEmpty());
  }

  @Test
  void oneServiceIsStoppedAlone() {
    host.manifest(
        """
        services:
          base: {command: "sleep 600"}
          top: {command: "sleep 601", depends_on: [base]}
          other: {command: "sleep 602"}
        """);
    host.up();
    host.run("stop", "other").exits(0);
    StatusView view = host.assertConsistent();
    assertThat(view.service("other").pid()).isZero();
    assertThat(view.pids()).hasSize(2);
  }

  @Test
  void aNameThatDoesNotExistIsSaid() {
    host.manifest("services: {api: {command: 'sleep 600'}}");
    host.up();
    Outcome outcome = host.run("stop", "apo");
    assertThat(outcome.exit()).isNotZero();
    assertThat(outcome.err()).contains("error[PF").contains("apo");
    assertThat(host.status().service("api").pid()).isPositive();
  }

  @Test
  void startingWhatNobodyKnowsLeavesNoSupervisorBehind() {
    assertThat(host.run("start", "nobody").exits(64).err()).contains("error[PF", "nobody");
    Until.holds("nothing runs", host::processes, () -> host.processes().isEmpty());
  }

  @Test
  void killSendsAnySignal() {
    host.manifest(
        """
        services:
          a:
            command: "trap 'echo got >usr1' USR1; echo ready; while :; do sleep 0.05; done"
            ready: {log: ready}
            restart_policy: never
        """);
    host.up();
    host.run("kill", "-s", "USR1", "a").exits(0);
    Until.holds("the signal came", () -> host.exists("usr1"));
    host.run("kill", "a").exits(0);
    host.awaitStatus("it is gone", view -> view.service("a").pid() == 0);
  }

  @Test
  void downOfOneProjectLeavesTheOther() {
    host.manifest("{project: one, services: {a: {command: 'sleep 600'}}}");
    host.up();
    host.write("other.yaml", "{project: two, services: {b: {command: 'sleep 601'}}}");
    host.up("-f", "other.yaml");
    host.run("down").exits(0);
    StatusView view = host.assertConsistent();
    assertThat(view.pids()).hasSize(1);
    assertThat(view.supervisor()).isPositive();
  }

  private long sleepers() {
    return HostProcess.all().stream()
        .filter(process ->
            process.command().matches("sleep 60[4567]")
                && process.folder().equals(host.project().toString()))
        .count();
  }

  @Test
  void anAmbiguousNameListsTheCandidates() {
    host.write("one.yaml", "{project: one, services: {a: {command: 'sleep 600'}}}");
    host.write("two.yaml", "{project: two, services: {a: {command: 'sleep 601'}}}");
    host.up("-f", "one.yaml");
    host.up("-f", "two.yaml");
    List<Long> pids = host.assertConsistent().pids();
    for (String verb : List.of("stop", "restart", "kill", "down", "status", "inspect", "exec")) {
      Outcome outcome =
          verb.equals("exec") ? host.run(verb, "a", "--", "true") : host.run(verb, "a");
      assertThat(outcome.exit()).as(verb).isEqualTo(verb.equals("exec") ? 125 : 64);
      assertThat(outcome.err()).as(verb).contains("PF1003").contains("one/a, two/a");
    }
    assertThat(host.status().pids()).as("nobody was touched").isEqualTo(pids);

    host.run("stop", "one/a").exits(0);
    host.run("stop", "--project", "two", "a").exits(0);
    assertThat(host.run("stop", "--project", "two", "one/a").exit()).isNotZero();
    assertThat(host.assertConsistent().pids()).isEmpty();
    host.run("down", "--supervisor").exits(0);
    assertThat(host.run("status", "a").exits(64).err()).contains("one/a, two/a");
    assertThat(host.run("status", "b").exits(64).err()).contains("PF1002");
  }
}
