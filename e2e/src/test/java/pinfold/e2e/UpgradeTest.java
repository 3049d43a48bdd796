package pinfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Another supervisor takes over from one that runs; releases that differ talk to each other. */
class UpgradeTest extends Scenario {
  private static final String PROJECT =
      """
      services:
        writer: {command: "i=0; until test -e enough; do i=$((i+1)); echo line-$i; sleep 0.002; done; exec sleep 600"}
        said: {command: [python3, said.py], ready: {notify: true}}
        plain: {command: "sleep 600"}
        stopped: {command: "sleep 601"}
      """;

  /** A service that says that it is ready, and something else whenever it is asked. */
  private void start() {
    host.write("said.py", Notifying.SCRIPT);
    host.manifest(PROJECT);
    host.up();
    host.run("stop", "stopped").exits(0);
  }

  private void assertUntouched(StatusView before) {
    StatusView after = host.assertConsistent();
    assertThat(after.pids()).isEqualTo(before.pids());
    assertThat(after.service("stopped").wanted()).isEqualTo("down");
    assertThat(after.keeper()).isEqualTo(before.keeper());
    assertThat(after.supervisor()).isNotEqualTo(before.supervisor());
    host.write("one", "");
    Until.holds(
        "its socket is heard",
        () -> host.run("status").toString(),
        () -> host.run("status").out().contains("said one"));
    host.write("enough", "");
    Until.holds("it wrote all", () -> lines().size() > 100 && quiet());
    List<String> lines = lines();
    assertThat(lines)
        .isEqualTo(LongStream.rangeClosed(1, lines.size()).mapToObj(i -> "line-" + i).toList());
  }

  private List<String> lines() {
    return host.run("logs", "--raw", "--stream", "stdout", "writer").exits(0).lines();
  }

  private boolean quiet() {
    return host.processes().stream()
        .anyMatch(process ->
            process.command().equals("sleep 600")
                && process.environment().contains("PINFOLD_SERVICE=writer"));
  }

  @Test
  void anotherReleaseTakesOverAndNothingElseChanges() {
    start();
    OtherRelease other = OtherRelease.in(host.project().resolve("..").normalize());
    StatusView before = host.status();
    Path supervisor = other.home().resolve("bin/pinfold-supervisor");
    Path aside = supervisor.resolveSibling("aside");
    assertThat(supervisor.toFile().renameTo(aside.toFile())).isTrue();
    assertThat(host.runOf(other.launcher(), "system", "upgrade").exits(69).err())
        .contains("PF2001", supervisor.toString());
    assertThat(host.status()).as("what cannot take over changes nothing").isEqualTo(before);
    assertThat(aside.toFile().renameTo(supervisor.toFile())).isTrue();
    assertThat(host.runOf(other.launcher(), "version").exits(0).err())
        .contains("different releases", "pinfold system upgrade");
    assertThat(host.runOf(other.launcher(), "status").exits(0).out()).contains("plain");
    assertThat(host.runOf(other.launcher(), "doctor").exits(0).out())
        .contains("release 0.1.0 runs, this is 9.8.7");
    assertThat(host.runOf(other.launcher(), "system", "upgrade").exits(0).err())
        .contains("supervisor 9.8.7", "took over from 0.1.0");

    assertThat(host.run("version").exits(0).out()).contains("supervisor 9.8.7");
    assertThat(host.run("doctor").exits(0).out()).contains("release 9.8.7 runs, this is 0.1.0");
    assertUntouched(before);

    HostProcess.signal(before.keeper(), "KILL");
    host.awaitStatus(
        "a new keeper holds everything",
        view ->
            view.keeper() > 0
                && view.keeper() != before.keeper()
                && view.pids().equals(before.pids()));
    long keeper = host.status().keeper();
    assertThat(
            host.processes().stream()
                .filter(process -> process.pid() == keeper)
                .map(HostProcess::command))
        .singleElement()
        .asString()
        .as("it is that of the release that took over")
        .startsWith(other.home().toString());
    host.runOf(other.launcher(), "down").exits(0);
    assertThat(before.pids()).noneMatch(HostProcess::lives);
  }

  /** Supervisors of another release: the last line of a launcher's script. */
  private enum Death {
    AT_ONCE("exit 3"),
    AFTER_IT_TOOK_OVER(
        """
        (until grep -q "serving at .* pid $$," "$PINFOLD_STATE_DIR/logs/_supervisor/supervisor.stderr"
        do sleep 0.01; done; kill -9 $$) 3>&- &
        exec "${0%/*}/real"
        """);

    private final String script;

    Death(String script) {
      this.script = script;
    }
  }

  @Test
  void oneThatCannotLiveGivesWayToTheOneBefore() {
    start();
    OtherRelease other = OtherRelease.in(host.project().resolve("..").normalize());
    StatusView before = host.status();
    for (Death death : Death.values()) {
      other.supervisor("#!/bin/sh\n" + death.script);
      assertThat(host.runOf(other.launcher(), "system", "upgrade").exits(69).err())
          .as("%s", death)
          .contains("PF5002", "could not live", "services went on");
      assertThat(host.run("version").exits(0).out()).contains("supervisor 0.1.0");
    }
    assertUntouched(before);
    HostProcess.signal(before.service("plain").pid(), "KILL");
    host.awaitStatus(
        "what falls is started again",
        view ->
            view.service("plain").is("running")
                && view.service("plain").pid() != before.service("plain").pid());
  }

  @Test
  void theSameReleaseTakesOver() {
    start();
    StatusView before = host.status();
    assertThat(host.run("system", "restart").exits(0).err()).contains("took over from 0.1.0");
    assertUntouched(before);
    assertThat(host.run("system", "rewind").exits(64).err()).contains("restart or upgrade");
  }

  @Test
  void whatTheOtherReleaseDoesNotKnowIsSaidWithTheWayOut() {
    host.manifest("services: {a: {command: 'sleep 600'}}");
    host.up();
    StatusView before = host.status();
    OtherRelease stranger =
        OtherRelease.in(host.project().resolve("..").normalize())
            .replacing("contract", "pinfold/contract/", "io.pinfold.Super", "io.pinfold.Hyped");
    for (String line : List.of("status", "stop a", "version")) {
      assertThat(host.runOf(stranger.launcher(), line.split(" ")).toString())
          .contains("PF5005", "pinfold system upgrade");
    }
    assertThat(host.assertConsistent().pids()).isEqualTo(before.pids());
  }
}
