package pinfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Restarts: by policy and by hand. */
class RestartTest extends Scenario {

  @Test
  void restartReplacesOneServiceOnly() {
    host.manifest("services: {a: {command: 'sleep 600'}, b: {command: 'sleep 601'}}");
    host.up();
    StatusView before = host.status();
    host.run("restart", "a").exits(0);
    StatusView after = host.assertConsistent();
    assertThat(after.service("a").pid()).isPositive().isNotEqualTo(before.service("a").pid());
    assertThat(after.service("b").pid()).isEqualTo(before.service("b").pid());
  }

  @Test
  void cascadeTakesTheDependentsAlong() {
    host.manifest(
        """
        services:
          base: {command: "sleep 600"}
          top: {command: "sleep 601", depends_on: [base]}
          other: {command: "sleep 602"}
        """);
    host.up();
    StatusView before = host.status();
    host.run("restart", "--cascade", "base").exits(0);
    StatusView after = host.assertConsistent();
    assertThat(after.service("top").pid()).isPositive().isNotEqualTo(before.service("top").pid());
    assertThat(after.service("other").pid()).isEqualTo(before.service("other").pid());
  }

  @Test
  void concurrentRestartsLeaveOneInstance() {
    host.manifest("services: {a: {command: 'sleep 600'}}");
    host.up();
    List<Running> restarts =
        IntStream.range(0, 6).mapToObj(i -> host.start("restart", "a")).toList();
    restarts.forEach(Running::await);
    host.awaitStatus("it runs", view -> view.service("a").is("running"));
    host.assertConsistent();
    assertThat(host.processes().stream().filter(process -> process.command().equals("sleep 600")))
        .hasSize(1);
  }

  @Test
  void aCrashIsRestartedAndCounted() {
    host.manifest("services: {a: {command: 'sleep 600', restart_policy: on-failure}}");
    host.up();
    long pid = host.status().service("a").pid();
    HostProcess.signal(pid, "KILL");
    host.awaitStatus(
        "it runs anew", view -> view.service("a").pid() > 0 && view.service("a").pid() != pid);
    assertThat(host.assertConsistent().service("a").restarts()).isEqualTo(1);
  }

  @Test
  void aCleanEndIsDoneUnlessThePolicyIsAlways() {
    host.manifest(
        """
        services:
          once: {command: "echo run >>once", restart_policy: on-failure}
          ever: {command: "echo run >>ever", restart_policy: always, backoff: 20ms}
        """);
    host.run("up", "--no-wait");
    Until.holds(
        "always means always", () -> host.exists("ever") && host.read("ever").lines().count() >= 3);
    host.awaitStatus("once is done", view -> view.service("once").is("done"));
    assertThat(host.read("once")).isEqualTo("run\n");
  }

  @Test
  void theBudgetEndsInFailureAndAStartRearmsIt() {
    host.manifest(
        """
        services:
          a: {command: "echo run >>runs; exit 7", backoff: 10ms, max_restarts: 2}
        """);
    host.run("up", "--no-wait");
    host.awaitStatus("it failed for good", view -> view.service("a").is("failed"));
    assertThat(host.read("runs").lines()).hasSize(3);
    host.run("status").exits(2);
    host.run("start", "--no-wait", "a");
    Until.holds("it is tried again", () -> host.read("runs").lines().count() > 3);
  }

  @Test
  void reloadSendsTheSignalAndKeepsTheProcess() {
    host.manifest(
        """
        services:
          a:
            command: "trap 'echo reloaded >>seen' HUP; echo ready; while :; do sleep 0.05; done"
            ready: {log: ready}
            reload_signal: HUP
        """);
    host.up();
    long pid = host.status().service("a").pid();
    host.run("reload", "a").exits(0);
    Until.holds("the signal came", () -> host.exists("seen"));
    assertThat(host.assertConsistent().service("a").pid()).isEqualTo(pid);
  }

  @Test
  void pauseFreezesAndResumeGoesOn() {
    host.manifest("services: {a: {command: 'while :; do echo x >>beat; sleep 0.02; done'}}");
    host.up();
    Until.holds("it beats", () -> host.exists("beat"));
    host.run("pause", "a").exits(0);
    assertThat(host.status().service("a").is("paused")).isTrue();
    String frozen = host.read("beat");
    host.run("resume", "a").exits(0);
    Until.holds("it beats again", () -> host.read("beat").length() > frozen.length());
  }

  @Test
  void hooksAndPreStartRun() {
    host.manifest(
        """
        services:
          a:
            command: "echo main >>order; exec sleep 600"
            pre_start: "echo pre >>order"
            pre_stop: "echo post >>order"
            hooks: {on_start: {success: {command: "echo hook >hook"}}}
        """);
    host.up();
    Until.holds("the hook ran", () -> host.exists("hook"));
    host.run("stop", "a").exits(0);
    assertThat(host.read("order").lines()).containsExactly("pre", "main", "post");
  }

  @Test
  void aFailingPreStartFailsTheStart() {
    host.manifest(
        """
        services:
          a: {command: "echo main >ran", pre_start: "echo no database >&2; exit 1", restart_policy: never}
        """);
    Outcome outcome = host.run("up").exits(1);
    assertThat(outcome.err()).contains("error[PF").contains("no database");
    assertThat(host.exists("ran")).isFalse();
  }

  @Test
  void aHangingPreStartFreezesNobody() {
    host.manifest(
        """
        services:
          stuck: {command: "sleep 600", pre_start: "sleep 604"}
          free: {command: "sleep 601"}
        """);
    host.run("up", "--no-wait").exits(0);
    host.awaitStatus("the other runs", view -> view.service("free").is("running"));
    host.run("stop", "stuck").exits(0);
    assertThat(host.processes()).noneMatch(process -> process.command().equals("sleep 604"));
  }

  @Test
  void anOperatorsStopIsNoCrash() {
    host.manifest("services: {a: {command: 'sleep 600', restart_policy: always, max_restarts: 1}}");
    host.up();
    for (int round = 0; round < 4; round++) {
      host.run("restart", "a").exits(0);
    }
    assertThat(host.assertConsistent().service("a").restarts()).isZero();
  }

  @Test
  void aDependencyThatFailedAndRecoversLetsItsDependentsStart() {
    host.manifest(
        """
        services:
          base: {command: "test -e go && exec sleep 600; exit 1", backoff: 100ms, max_restarts: 1000, ready: {exec: "test -e go", interval: 50ms}}
          top: {command: "sleep 601", depends_on: [base]}
        """);
    host.run("up", "--no-wait");
    host.awaitStatus("the dependency was tried", view -> view.service("base").restarts() > 1);
    assertThat(host.status().service("top").pid()).isZero();
    host.write("go", "");
    host.awaitStatus("both run", view -> view.service("top").is("running"));
  }

  @Test
  void aFailingLivenessProbeRestarts() {
    host.manifest(
        """
        services:
          a: {command: "touch ok; exec sleep 600", restart_policy: always, live: {exec: "test -e ok", interval: 50ms, failures: 2}}
        """);
    host.up();
    long pid = host.status().service("a").pid();
    Until.holds("it made its mark", () -> host.exists("ok"));
    host.delete("ok");
    host.awaitStatus(
        "it runs anew", view -> view.service("a").pid() > 0 && view.service("a").pid() != pid);
  }

  @Test
  void aDaemonThatForksAwayIsSupervised() {
    host.manifest(
        """
        services:
          a: {command: "sleep 600 & echo $! >a.pid", pid_file: a.pid, restart_policy: always}
        """);
    host.up();
    host.awaitStatus(
        "the daemon is the service",
        view -> view.service("a").pid() == Long.parseLong(host.read("a.pid").strip()));
    long pid = host.status().service("a").pid();
    host.run("stop", "a").exits(0);
    assertThat(HostProcess.lives(pid)).isFalse();
  }
}
