package pinfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** `run`: what no manifest has, in front or looked after. */
class RunTest extends Scenario {
  private static final String CTRL_C = "\003";

  @Test
  void inFrontItIsTheCommand() throws IOException {
    host.write("data", "no program");
    Outcome outcome =
        host.run(
            "run",
            "-e",
            "NAME=you",
            "--",
            "sh",
            "-c",
            "echo hello $NAME; pwd; echo err >&2; exit 7");
    assertThat(outcome.exits(7).out())
        .isEqualTo("hello you\n" + host.project().toRealPath() + "\n");
    assertThat(outcome.err()).isEqualTo("err\n");
    host.run("run", "--", "true").exits(0);
    host.run("run", "--", "sh", "-c", "kill -9 $$").exits(137);
    assertThat(host.run("run", "--", "no-such-program").exits(127).err()).contains("PF1201");
    assertThat(host.run("run", "--", "./data").exits(126).err()).contains("PF1202");
    assertThat(host.status().services()).as("it is forgotten").isEmpty();

    byte[] bytes = new byte[3_000_000];
    new java.util.Random(2).nextBytes(bytes);
    Path input = host.project().resolve("input");
    Files.write(input, bytes);
    Running cat = host.startWithInput(input, "run", "-i", "--", "cat");
    cat.await().exits(0);
    assertThat(Files.mismatch(input, cat.out())).as("first byte that differs").isEqualTo(-1);
  }

  @Test
  void inFrontItGetsTheSignalsAndGoesWithTheCaller() {
    String script = "trap 'exit 9' INT; trap 'exit 8' TERM; echo up; while :; do sleep 0.05; done";
    for (String signal : new String[] {"INT", "TERM"}) {
      Running run = host.start("run", "--", "sh", "-c", script);
      run.awaitPrinted("up");
      run.signal(signal);
      run.await().exits(signal.equals("INT") ? 9 : 8);
    }
    Running vanishing = host.start("run", "--", "sh", "-c", "echo up; sleep 661");
    vanishing.awaitPrinted("up");
    vanishing.signal("KILL");
    Until.holds("it goes with its caller", host::processes, () -> !runs("sleep 661"));
  }

  @Test
  void onATerminalKeysAndWindowAreTheCommands() {
    Running shell =
        host.startLineOnTerminal(
            "stty rows 30 cols 100; exec "
                + Product.launcher()
                + " run -it -- sh -c 'test -t 0 && test -t 1 && stty size; read x; echo got-$x; sleep 662; exit 5'");
    shell.awaitPrinted("30 100");
    shell.type("one\n");
    shell.awaitPrinted("got-one");
    Until.holds("it sleeps", host::processes, () -> runs("sleep 662"));
    shell.type(CTRL_C);
    shell.await().exits(130);
    Until.holds("nothing of it runs", host::processes, () -> !runs("sleep 662"));
    assertThat(host.run("run", "-t", "--", "true").exits(125).err()).contains("terminal");
  }

  @Test
  void lookedAfterItIsAServiceLikeAnyOther() {
    assertThat(
            host.run(
                    "run",
                    "-d",
                    "--name",
                    "tunnel",
                    "--restart-policy",
                    "always",
                    "--",
                    "sh",
                    "-c",
                    "echo hello; exec sleep 663")
                .exits(0)
                .out())
        .isEqualTo("tunnel\n");
    Until.holds(
        "it has a log",
        () -> host.run("logs", "tunnel"),
        () -> host.run("logs", "tunnel").out().contains("hello"));
    host.run("run", "-d", "--name", "tunnel", "--", "true").exits(125);
    long pid = host.assertConsistent().service("tunnel").pid();
    HostProcess.signal(pid, "KILL");
    host.awaitStatus(
        "it was restarted",
        view -> view.service("tunnel").pid() > 0 && view.service("tunnel").pid() != pid);

    host.run("run", "-d", "--", "sh", "-c", "exit 3").exits(125);
    host.run("run", "-d", "-i", "--", "cat").exits(64);
    host.run("stop", "tunnel").exits(0);
    assertThat(runs("sleep 663")).isFalse();
    host.run("start", "tunnel").exits(0);
    assertThat(runs("sleep 663")).isTrue();
    host.run("down", "tunnel").exits(0);
    assertThat(host.status().has("tunnel")).as("what no manifest has is gone for good").isFalse();
  }

  @Test
  void whatIsToBeForgottenIs() {
    host.run(
            "run",
            "-d",
            "--rm",
            "--name",
            "once",
            "--",
            "sh",
            "-c",
            "until test -e go; do sleep 0.02; done")
        .exits(0);
    assertThat(host.status().service("once").is("running")).isTrue();
    host.write("go", "");
    host.awaitStatus("it is forgotten", view -> !view.has("once"));
  }

  private boolean runs(String command) {
    return host.processes().stream().anyMatch(process -> process.command().equals(command));
  }
}
