package pinfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** `up --foreground`: stays, shows, and stops with it. */
class ForegroundTest extends Scenario {
  private static final String SUPERVISOR = "pinfold.server.Main";

  @Test
  void interruptingItStopsItsProjectAndNoOther() {
    host.write(
        "other.yaml",
        "{project: two, services: {b: {command: 'while :; do echo tick; sleep 0.1; done'}}}");
    host.up("-f", "other.yaml");
    long pid = host.status().service("b").pid();
    host.manifest(
        """
        project: one
        services:
          base: {command: "trap 'echo bye-base; exit 0' TERM; echo hello-base; while :; do sleep 0.05; done", ready: {log: hello}}
          top: {command: "trap 'echo bye-top; exit 0' TERM; echo hello-top; while :; do sleep 0.05; done", ready: {log: hello}, depends_on: [base]}
        """);
    Running up = host.start("up", "--foreground");
    up.awaitPrinted("hello-top");
    up.signal("INT");
    Outcome outcome = up.await().exits(0);
    assertThat(outcome.out()).contains("hello-base", "bye-top", "bye-base");
    assertThat(outcome.out().indexOf("bye-top")).isLessThan(outcome.out().indexOf("bye-base"));
    assertThat(host.assertConsistent().pids()).containsExactly(pid);

    Running again = host.start("-f", "other.yaml", "up", "--foreground");
    host.manifest("{project: one, services: {c: {command: 'echo hello-c; exec sleep 602'}}}");
    Running beside = host.start("up", "--foreground");
    beside.awaitPrinted("hello-c");
    beside.signal("TERM");
    beside.await().exits(0);
    assertThat(host.status().service("b").pid()).isEqualTo(pid);
    again.awaitPrinted("tick");
    again.signal("TERM");
    again.await().exits(0);
  }

  @Test
  void itEndsNonZeroWithAnEssentialService() {
    host.manifest(
        """
        services:
          main:
            command: "echo works; until test -e go; do sleep 0.02; done; exit 4"
            ready: {log: works}
            restart_policy: never
            essential: true
          side: {command: "sleep 600", ready: {exec: "true", interval: 10ms}}
        """);
    Running up = host.start("up", "--foreground");
    host.awaitStatus(
        "both are ready",
        view ->
            view.pids().size() == 2
                && view.service("main").health().equals("ready")
                && view.service("side").health().equals("ready"));
    host.write("go", "");
    assertThat(up.await().exits(1).err()).contains("essential service \"main\"");
    nothingIsLeft();
  }

  @Test
  void whatFailsToStartIsSaidAndTheRestGoesOnAndIsStopped() {
    host.manifest(
        """
        services:
          good: {command: "echo works; exec sleep 600"}
          bad: {command: "echo last-words; exit 3", restart_policy: never}
          after: {command: "exec sleep 601", depends_on: [bad]}
        """);
    Running up = host.start("up", "--foreground");
    up.awaitSaid("error[PF");
    up.awaitPrinted("works");
    host.awaitStatus("the rest runs", view -> view.service("good").is("running"));
    assertThat(up.process().isAlive()).isTrue();
    up.signal("TERM");
    up.await().exits(1);
    nothingIsLeft();
  }

  @Test
  void whatIsDoneByHandMeanwhileIsNoReasonToEndUntilAllIsStopped() {
    host.manifest(
        """
        services:
          main: {command: "echo run; exec sleep 600", essential: true}
          side: {command: "exec sleep 601"}
        """);
    Running up = host.start("up", "--foreground");
    up.awaitPrinted("run");
    host.run("restart", "main").exits(0);
    Until.holds(
        "the second run is shown", up::printed, () -> up.printed().split("run", -1).length == 3);
    host.run("stop", "side").exits(0);
    assertThat(up.process().isAlive()).isTrue();
    host.run("stop", "main").exits(0);
    up.await().exits(0);
    nothingIsLeft();
  }

  @Test
  void itOutlivesTheSupervisorAndEndsWithIt() {
    host.manifest("services: {a: {command: 'while :; do echo tick; sleep 0.1; done'}}");
    Running up = host.start("up", "--foreground");
    up.awaitPrinted("tick");
    StatusView before = host.status();
    HostProcess.signal(before.supervisor(), "KILL");
    host.awaitStatus(
        "another supervisor is there",
        view -> view.supervisor() > 0 && view.supervisor() != before.supervisor());
    int ticks = up.printed().length();
    Until.holds("it goes on to show", () -> up.printed().length() > ticks);
    assertThat(host.assertConsistent().pids()).isEqualTo(before.pids());
    assertThat(up.process().isAlive()).isTrue();

    host.run("down", "--supervisor").exits(0);
    up.await().exits(0);
  }

  @Test
  void itTakesOverWhenSupervisorAndKeeperWereKilled() {
    host.manifest("services: {a: {command: 'while :; do echo tick; sleep 0.1; done'}}");
    Running up = host.start("up", "--foreground");
    up.awaitPrinted("tick");
    StatusView before = host.killBoth();
    host.awaitStatus(
        "new ones are there", view -> view.supervisor() > 0 && view.keeper() != before.keeper());
    int ticks = up.printed().length();
    Until.holds("it goes on to show", () -> up.printed().length() > ticks);
    assertThat(host.assertConsistent().pids()).isEqualTo(before.pids());
    up.signal("INT");
    up.await().exits(0);
    nothingIsLeft();
  }

  @Test
  void asTheFirstProcessOfAContainerItTakesOverToo() {
    assumeTrue(System.getProperty("user.name").equals("root"), "a process namespace needs root");
    host.manifest("services: {a: {command: 'echo up; exec sleep 600'}}");
    Running up = contained();
    up.awaitPrinted("up");
    HostProcess supervisor = one(SUPERVISOR);
    long keeper = supervisor.parent();
    long service = one("sleep 600").pid();
    HostProcess.signal(keeper, "STOP");
    HostProcess.signal(supervisor.pid(), "KILL");
    HostProcess.signal(keeper, "KILL");
    Until.holds(
        "another supervisor is there, below another keeper",
        host::processes,
        () ->
            host.processes().stream()
                .filter(process -> process.command().contains(SUPERVISOR))
                .anyMatch(p -> p.pid() != supervisor.pid() && p.parent() != keeper));
    host.awaitStatus("it answers", view -> view.has("a") && view.service("a").is("running"));
    assertThat(one("sleep 600").pid()).isEqualTo(service);
    HostProcess.signal(first(), "TERM");
    up.await().exits(0);
    nothingIsLeft();
  }

  private HostProcess one(String command) {
    return host.processes().stream()
        .filter(process -> process.command().contains(command))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void asTheFirstProcessOfAContainerItReapsAndEndsInOrder() {
    assumeTrue(System.getProperty("user.name").equals("root"), "a process namespace needs root");
    host.manifest(
        """
        services:
          base: {command: "trap 'echo base >>order; exit 0' TERM; echo ready; while :; do sleep 0.05; done", ready: {log: ready}}
          top: {command: "trap 'echo top >>order; exit 0' TERM; echo ready; while :; do sleep 0.05; done", ready: {log: ready}, depends_on: [base]}
        """);
    Running up = contained();
    up.awaitPrinted("top");
    long first = first();
    Running orphans =
        host.startLine("nsenter -t " + first + " -p -m sh -c '(sleep 0.1 &); (sleep 0.1 &)'");
    orphans.await().exits(0);
    Until.holds(
        "no zombie is left",
        () -> HostProcess.zombiesOf(first),
        () -> HostProcess.zombiesOf(first) == 0);
    HostProcess.signal(first, "TERM");
    up.await().exits(0);
    assertThat(host.read("order").lines()).containsExactly("top", "base");
    nothingIsLeft();
  }

  @Test
  void asTheFirstProcessOfAContainerItEndsNonZeroWithAnEssentialService() {
    assumeTrue(System.getProperty("user.name").equals("root"), "a process namespace needs root");
    host.manifest(
        """
        services:
          main:
            command: "(setsid sleep 0.1 &); echo up; until test -e go; do sleep 0.02; done; exit 4"
            restart_policy: never
            essential: true
          side: {command: "exec sleep 600"}
        """);
    Running up = contained();
    up.awaitPrinted("up");
    host.write("go", "");
    assertThat(up.await().exit()).isEqualTo(1);
    nothingIsLeft();
  }

  private Running contained() {
    return host.startUnder(
        List.of("unshare", "--pid", "--fork", "--mount", "--mount-proc", "--kill-child"),
        "up",
        "--foreground");
  }

  /** The command line, which is the first process there. */
  private long first() {
    Predicate<HostProcess> cli = process -> process.command().contains("pinfold.cli.Main");
    return host.processes().stream().filter(cli).findFirst().orElseThrow().pid();
  }

  private void nothingIsLeft() {
    Until.holds("nothing is left", host::processes, () -> host.processes().isEmpty());
  }
}
