package pinfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

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
