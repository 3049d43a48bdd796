package pinfold.e2e;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The exit codes that scripts rely on: which command ends with which, by what it finds. */
class ExitCodesTest extends Scenario {

  /** Each line is a command of the product. */
  private void exits(int code, String... lines) {
    for (String line : lines) {
      host.run(line.split(" ")).exits(code);
    }
  }

  @Test
  void whereNobodySupervises() {
    exits(0, "version", "status", "down --supervisor", "help up", "completion bash");
    exits(
        64,
        "upp",
        "up --no-such",
        "stop",
        "down",
        "start alpha --timeout soon",
        "logs --stream both");
    exits(65, "up", "validate", "diff");
    exits(69, "inspect alpha", "stop alpha", "wait alpha", "ops ls");
    exits(77, "status --sys");
    exits(125, "exec alpha -- true", "attach alpha");
    host.manifest("services: {alpha: {comand: x}}");
    exits(64, "init");
    exits(65, "up", "validate", "diff", "explain alpha");
  }

  @Test
  void whereServicesRun() {
    host.manifest(
        """
        services:
          alpha: {command: "exec sleep 600"}
          beta: {command: "exec sleep 601", depends_on: [alpha]}
        """);
    host.write("data", "no program");
    exits(
        0,
        "up",
        "up",
        "status",
        "diff",
        "logs alpha",
        "wait alpha",
        "stop beta",
        "stop beta",
        "start beta");
    exits(1, "reload alpha", "logs gamma", "exec alpha -- false", "run -- false");
    exits(
        64, "stop gamma", "inspect gamma", "kill alpha -s NONE", "ops show nothing", "exec alpha");
    exits(75, "wait alpha --for stopped --timeout 50ms");
    exits(0, "exec alpha -- true", "run -- true", "run -d --name one -- sleep 603");
    exits(125, "exec gamma -- true", "exec -t alpha -- true", "run -d --name one -- sleep 604");
    exits(126, "exec alpha -- ./data", "run -- ./data", "run -d -- ./data");
    exits(127, "exec alpha -- no-such-program", "run -- no-such-program");
    host.write("other.yaml", "{project: project, services: {c: {command: 'exec sleep 605'}}}");
    exits(77, "up -f other.yaml");
  }

  /** Of `status` and of what fails, while something waits, has failed, and is not supervised. */
  @Test
  void whereServicesFail() {
    host.manifest(
        """
        services:
          slow: {command: "exec sleep 600", ready: {exec: "test -e ready", interval: 50ms, failures: 1000}}
          bad: {command: "until test -e fail; do sleep 0.02; done; exit 3", restart_policy: never}
        """);
    exits(75, "up --timeout 300ms");
    exits(1, "status");
    host.write("ready", "");
    exits(0, "wait slow bad", "status");
    host.write("fail", "");
    exits(3, "wait bad --for completed");
    exits(2, "status");
    exits(1, "start bad");
    exits(0, "stop bad", "status");
    host.killBoth();
    exits(2, "status");
    exits(69, "inspect slow");
    exits(0, "down");
  }

  @Test
  void whereSomebodyInterrupts() {
    host.manifest(
        """
        services:
          slow: {command: "echo begun; exec sleep 600", ready: {exec: "test -e ready", interval: 50ms, failures: 1000}}
        """);
    Running up = host.start("up");
    host.awaitStatus(
        "it is waited for", view -> view.has("slow") && view.service("slow").pid() > 0);
    up.signal("INT");
    up.await().exits(130);
    for (String line : List.of("wait slow", "logs -f slow", "events -f")) {
      Running waiting = host.startOnTerminal(line.split(" "));
      // A JVM that is interrupted while it starts has no exit code of ours.
      Until.holds(
          "it waits", waiting::printed, () -> asks(line) || waiting.printed().contains("begun"));
      waiting.type("\003");
      waiting.await().exits(130);
    }
    host.write("ready", "");
    exits(0, "wait slow");
  }

  /** Whether the command is connected to the supervisor. */
  private boolean asks(String line) {
    return host.processes().stream()
        .filter(process -> process.command().contains("pinfold.cli.Main"))
        .anyMatch(process -> process.command().endsWith(line) && process.hasSocket());
  }
}
