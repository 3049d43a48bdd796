package pinfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Supervisor and keeper may die at any moment: same processes, and not one byte of output lost or
 * doubled.
 */
class SurvivalTest extends Scenario {
  private static final int LINES = 60_000;

  /** Writers that number their lines while others die; each ends its count and stays. */
  private void startWriters() {
    StringBuilder yaml = new StringBuilder("services:\n");
    for (int writer = 1; writer <= 3; writer++) {
      yaml.append(
          "  w%d: {command: \"i=0; while [ $i -lt %d ]; do i=$((i+1)); echo line-$i; [ $((i%%100)) -gt 0 ] || sleep 0.002; done; exec sleep 600\"}\n"
              .formatted(writer, LINES));
    }
    host.manifest(yaml.toString());
    host.up();
  }

  private void assertEveryLineOnce(List<Long> before) {
    for (String writer : List.of("w1", "w2", "w3")) {
      Until.holds(writer + " wrote all", () -> raw(writer).endsWith("line-" + LINES + "\n"));
      assertThat(raw(writer).lines())
          .containsExactlyElementsOf(
              LongStream.rangeClosed(1, LINES).mapToObj(i -> "line-" + i).toList());
    }
    assertThat(host.assertConsistent().pids()).isEqualTo(before);
  }

  private String raw(String service) {
    return host.run("logs", "--raw", "--stream", "stdout", service).exits(0).out();
  }

  private void awaitRecovery(long supervisor) {
    host.awaitStatus(
        "a new supervisor has recovered",
        view ->
            view.supervisor() > 0
                && view.supervisor() != supervisor
                && view.services().stream().allMatch(service -> service.is("running")));
  }

  @Test
  void killedSupervisor() {
    startWriters();
    List<Long> before = host.status().pids();
    for (int round = 0; round < 3; round++) {
      long supervisor = host.status().supervisor();
      HostProcess.signal(supervisor, "KILL");
      awaitRecovery(supervisor);
    }
    assertEveryLineOnce(before);
  }

  @Test
  void killedKeeper() {
    startWriters();
    StatusView view = host.status();
    HostProcess.signal(view.keeper(), "KILL");
    awaitRecovery(view.supervisor());
    assertThat(host.status().keeper()).isNotEqualTo(view.keeper());
    assertEveryLineOnce(view.pids());
  }

  @Test
  void whatIsToRunOnceIsForgottenWhicheverSupervisorSeesItsEnd() {
    List<String> jobs = List.of("first", "second", "kept");
    for (String job : jobs) {
      List<String> command = new java.util.ArrayList<>(List.of("run", "-d", "--name", job));
      if (!job.equals("kept")) {
        command.add("--rm");
      }
      command.addAll(
          List.of("--", "sh", "-c", "until test -e go-" + job + "; do sleep 0.05; done"));
      host.run(command.toArray(String[]::new)).exits(0);
    }
    long supervisor = host.status().supervisor();
    HostProcess.signal(supervisor, "KILL");
    awaitRecovery(supervisor);
    host.write("go-first", "");
    host.awaitStatus("the first is forgotten", view -> !view.has("first"));
    StatusView view = host.killBoth();
    host.write("go-second", "");
    host.write("go-kept", "");
    Until.holds("nobody saw them end", () -> host.processes().isEmpty());
    host.run("start", "kept").exits(0);
    host.awaitStatus("the other is kept, and over", now -> now.service("kept").is("done"));
    assertThat(view.has("second")).isTrue();
    assertThat(host.status().has("second")).isFalse();
  }

  @Test
  void killedSupervisorAndKeeper() {
    startWriters();
    StatusView view = host.killBoth();
    host.up();
    assertEveryLineOnce(view.pids());
  }

  @Test
  void downAfterBothWereKilledEndsWhatTheyLeft() {
    host.manifest("services: {a: {command: 'sleep 600'}, b: {command: 'sleep 601 & sleep 602'}}");
    host.up();
    StatusView before = host.killBoth();
    assertThat(host.run("status").exits(2).out()).contains("runs without a supervisor");
    host.run("down").exits(0);
    assertThat(before.pids()).isNotEmpty().noneMatch(HostProcess::lives);
    assertThat(host.assertConsistent().pids()).isEmpty();
    host.run("down", "--supervisor").exits(0);
    assertThat(host.processes()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"restart a", "exec a -- true"})
  void aVerbThatActsTakesOverWhatKilledOnesLeft(String line) {
    host.manifest("services: {a: {command: 'sleep 600'}, b: {command: 'sleep 601'}}");
    host.up();
    StatusView before = host.killBoth();
    host.run(line.split(" ")).exits(0);
    StatusView after = host.assertConsistent();
    assertThat(after.service("b").pid()).isEqualTo(before.service("b").pid());
    assertThat(after.service("a").pid() == before.service("a").pid())
        .isEqualTo(line.startsWith("exec"));
  }

  @Test
  void downSupervisorReturnsWhenBothAreGone() {
    host.manifest("services: {a: {command: 'sleep 600'}, b: {command: 'sleep 601'}}");
    host.up();
    host.run("down", "--supervisor").exits(0);
    assertThat(host.processes()).isEmpty();
    assertThat(host.run("down", "--supervisor").exits(0).err()).contains("nothing runs");
  }

  @Test
  void termToTheSupervisorLeavesServicesAlone() {
    host.manifest("services: {a: {command: 'sleep 600'}, b: {command: 'sleep 601'}}");
    host.up();
    StatusView before = host.status();
    HostProcess.signal(before.supervisor(), "TERM");
    Until.holds("it ended", () -> !HostProcess.lives(before.supervisor()));
    assertThat(before.pids()).allMatch(HostProcess::lives);
    host.up();
    assertThat(host.assertConsistent().pids()).isEqualTo(before.pids());
  }

  @Test
  void whatEndedWhileNoSupervisorRanIsKnown() {
    host.manifest(
        "services: {a: {command: 'until test -e go; do sleep 0.02; done; exit 42', restart_policy: never}}");
    host.up();
    StatusView before = host.status();
    HostProcess.signal(before.supervisor(), "STOP");
    host.write("go", "");
    Until.holds("it ended", () -> !HostProcess.lives(before.service("a").pid()));
    HostProcess.signal(before.supervisor(), "KILL");
    host.awaitStatus(
        "its exit code is known",
        view ->
            view.supervisor() > 0
                && view.service("a").instances().stream()
                    .anyMatch(i -> i.exitCode().equals(Optional.of(42))));
  }
}
