package pinfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What scripts and shells rely on: shapes, exit codes, what is followed. */
class VerbsTest extends Scenario {
  private static final JsonMapper MAPPER = new JsonMapper();

  private void two() {
    host.manifest(
        """
        services:
          alpha: {command: "trap : HUP; echo hello; while :; do sleep 0.05; done", reload_signal: HUP}
          beta: {command: "exec sleep 600"}
        """);
    host.up();
  }

  @Test
  void everyVerbHasAResultThatParses() {
    two();
    for (String line :
        List.of(
            "status",
            "inspect alpha",
            "why alpha",
            "events",
            "diff",
            "validate",
            "explain alpha",
            "doctor",
            "version",
            "ops",
            "logs alpha",
            "reload alpha",
            "pause alpha",
            "resume alpha",
            "kill beta -s CONT",
            "wait beta",
            "restart beta",
            "stop beta",
            "start beta",
            "up",
            "down")) {
      Outcome outcome = host.run((line + " --json").split(" "));
      assertThat(outcome.exit()).as("%s", outcome).isZero();
      assertThat(outcome.out().lines()).as(line).isNotEmpty();
      outcome
          .out()
          .lines()
          .forEach(json ->
              assertThat(MAPPER.readTree(json).isContainer()).as("%s: %s", line, json).isTrue());
      assertThat(outcome.out()).as(line).doesNotContain("\u001b");
    }
  }

  @Test
  void exitCodesTellWhatWentWrong() {
    host.run("stop", "alpha").exits(69);
    host.manifest("services: {alpha: {comand: x}}");
    host.run("up").exits(65);
    two();
    host.run("status", "--nonsense").exits(64);
    host.run("status", "--sys").exits(77);
    host.run("wait", "alpha", "--for", "stopped", "--timeout", "100ms").exits(75);
    host.run("reload", "beta").exits(1);
    host.run("status").exits(0);
  }

  @Test
  void statusAndEventsAreFollowed() {
    two();
    Running watch = host.startOnTerminal("status", "--watch");
    watch.awaitPrinted("beta");
    Running events = host.start("events", "-f");
    host.run("stop", "beta").exits(0);
    watch.awaitPrinted("done");
    events.awaitPrinted("beta");
    watch.type("\003");
    assertThat(watch.await().exit()).isEqualTo(130);
    assertThat(watch.printed()).as("NO_COLOR").doesNotContain("\u001b[3");
  }
}
