package pinfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** HUP to the supervisor: it reads its manifests again and applies what changed, as `up` would. */
class ReloadTest extends Scenario {

  private StatusView up() {
    host.manifest(
        """
        services:
          same: {command: "sleep 600"}
          changed: {command: "sleep 601"}
          removed: {command: "sleep 602"}
          stopped: {command: "sleep 603"}
        """);
    host.up();
    host.run("stop", "stopped").exits(0);
    return host.status();
  }

  @Test
  void hangUpAppliesWhatChanged() {
    StatusView before = up();
    host.manifest(
        """
        services:
          same: {command: "sleep 600"}
          changed: {command: "sleep 611"}
          stopped: {command: "sleep 613"}
          added: {command: "sleep 614"}
        """);
    HostProcess.signal(before.supervisor(), "HUP");
    host.awaitStatus(
        "it is applied",
        view ->
            view.has("added")
                && !view.has("removed")
                && view.service("added").is("running")
                && view.service("changed").is("running")
                && view.service("changed").pid() != before.service("changed").pid());
    StatusView after = host.assertConsistent();
    assertThat(after.supervisor()).isEqualTo(before.supervisor());
    assertThat(after.service("same").pid()).isEqualTo(before.service("same").pid());
    assertThat(after.service("stopped").pid()).as("stopped by hand").isZero();
    assertThat(HostProcess.lives(before.service("removed").pid())).isFalse();
    host.run("start", "stopped").exits(0);
    assertThat(command("stopped")).as("it was told all the same").isEqualTo("sleep 613");
  }

  @Test
  void hangUpTellsWhatIsStoppedAndStartsOnlyWhatIsNew() {
    StatusView before = up();
    host.run("stop", "same", "changed", "removed").exits(0);
    host.manifest(
        """
        services:
          same: {command: "sleep 620"}
          changed: {command: "sleep 621"}
          added: {command: "sleep 624"}
        """);
    HostProcess.signal(before.supervisor(), "HUP");
    host.awaitStatus(
        "it is applied",
        view -> view.has("added") && view.service("added").is("running") && !view.has("removed"));
    StatusView after = host.assertConsistent();
    assertThat(after.pids()).hasSize(1);
    assertThat(after.service("same").wanted()).isEqualTo("down");

    host.run("stop", "added").exits(0);
    host.manifest("services: {same: {command: 'sleep 630'}}");
    HostProcess.signal(before.supervisor(), "HUP");
    host.awaitStatus("nothing of it runs, and it is applied", view -> !view.has("added"));
    assertThat(host.status().pids()).isEmpty();
    host.run("start", "same").exits(0);
    assertThat(command("same")).isEqualTo("sleep 630");
  }

  private String command(String service) {
    long pid = host.status().service(service).pid();
    return HostProcess.all().stream()
        .filter(process -> process.pid() == pid)
        .map(HostProcess::command)
        .collect(Collectors.joining());
  }

  @Test
  void hangUpWithAProblemChangesNothingAndSaysIt() {
    StatusView before = up();
    host.manifest("services: {same: {comand: 'sleep 600'}}");
    HostProcess.signal(before.supervisor(), "HUP");
    Until.holds(
        "it is said",
        () -> host.run("logs", "--supervisor").toString(),
        () -> host.run("logs", "--supervisor").toString().contains("comand"));
    assertThat(host.assertConsistent()).isEqualTo(before);
  }
}
