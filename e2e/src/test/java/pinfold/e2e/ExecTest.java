package pinfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** `exec`, `shell` and `attach`: a person beside a service. */
class ExecTest extends Scenario {
  private static final String CTRL_C = "\003";
  private static final String CTRL_P_CTRL_Q = "\020\021";
  private static final String CTRL_Z = "\032";

  private void api() {
    host.manifest("services: {api: {command: 'exec sleep 600', env: {GREETING: hello}}}");
    host.up();
  }

  @Test
  void execGivesTheCommandsOwnCode() {
    api();
    host.write("data", "no program");
    host.run("exec", "api", "--", "true").exits(0);
    host.run("exec", "api", "--", "sh", "-c", "exit 7").exits(7);
    host.run("exec", "api", "--", "sh", "-c", "kill -9 $$").exits(137);
    host.run("exec", "other", "--", "true").exits(125);
    Outcome missing = host.run("exec", "api", "--", "no-such-program").exits(127);
    assertThat(missing.err()).contains("command \"no-such-program\" beside service \"api\"");
    Outcome noProgram = host.run("exec", "api", "--", "./data").exits(126);
    assertThat(noProgram.err()).contains("command \"./data\" beside service \"api\"");
    assertThat(
            host.run("exec", "api", "-e", "NAME=you", "--", "sh", "-c", "echo $GREETING $NAME")
                .out())
        .isEqualTo("hello you\n");
  }

  @Test
  void execEndsThoughAChildHoldsItsOutput() {
    api();
    Outcome outcome =
        host.run(
            "exec", "api", "--", "sh", "-c", "sleep 601 & setsid sleep 602 & echo said; exit 3");
    assertThat(outcome.exits(3).out()).isEqualTo("said\n");
    assertThat(host.processes()).noneMatch(process -> process.command().matches("sleep 60[12]"));
  }

  @Test
  void allOfALargeInputAndOutputPass() throws IOException {
    api();
    byte[] bytes = new byte[6_000_000];
    new java.util.Random(1).nextBytes(bytes);
    Path input = host.project().resolve("input");
    Files.write(input, bytes);
    Running cat =
        host.startWithInput(
            input, "exec", "-i", "api", "--", "sh", "-c", "tee copy; echo end >&2; exit 4");
    Outcome outcome = cat.await().exits(4);
    assertThat(Files.mismatch(input, cat.out())).as("first byte that differs").isEqualTo(-1);
    assertThat(Files.mismatch(input, host.project().resolve("copy"))).isEqualTo(-1);
    assertThat(outcome.err()).isEqualTo("end\n");
  }

  @Test
  void ctrlCReachesACommandThatNeverReadsItsInput() throws IOException {
    api();
    Path input = host.project().resolve("input");
    Files.write(input, new byte[2_000_000]);
    String script = "trap 'exit 9' INT; echo up; while :; do sleep 0.05; done";
    Running exec = host.startWithInput(input, "exec", "-i", "api", "--", "sh", "-c", script);
    exec.awaitPrinted("up");
    exec.signal("INT");
    exec.await().exits(9);

    Running vanishing =
        host.startWithInput(
            input, "exec", "-i", "api", "--", "sh", "-c", "echo up; exec sleep 603");
    vanishing.awaitPrinted("up");
    vanishing.signal("KILL");
    Until.holds(
        "the command goes with it",
        host::processes,
        () -> host.processes().stream().noneMatch(p -> p.command().equals("sleep 603")));
  }

  @Test
  void aTerminalGivesTheSameCodeAndAllOutput() {
    api();
    Running exec =
        host.startOnTerminal(
            "exec", "-t", "api", "--", "sh", "-c", "'test -t 1 && seq 20000; exit 9'");
    Outcome outcome = exec.await().exits(9);
    String lines = outcome.out();
    assertThat(lines).startsWith("1\r\n2\r\n").endsWith("\r\n20000\r\n");
    assertThat(lines.lines()).hasSize(20_000);
    assertThat(host.run("exec", "-t", "api", "--", "true").exits(125).err()).contains("terminal");
  }

  @Test
  void aTerminalControlsJobsAndFollowsItsWindow() {
    api();
    Running shell =
        host.startLineOnTerminal(
            "stty rows 30 cols 100;"
                + " { until test -e wider; do sleep 0.05; done; stty -F /dev/tty rows 50 cols 132; } &"
                + " exec "
                + Product.launcher()
                + " exec -it api -- sh -i");
    shell.type("PS1=; set -m; stty size; echo $((1+1))$((1+1))\n");
    shell.awaitPrinted("22");
    assertThat(shell.printed()).contains("30 100");
    shell.type("sleep 604; echo $((2+2))$((2+2))\n");
    Until.holds("it sleeps", host::processes, () -> sleeps("sleep 604"));
    shell.type(CTRL_Z);
    shell.awaitPrinted("44");
    shell.type("kill %1; kill -CONT %1; echo $((3+3))$((3+3))\n");
    shell.awaitPrinted("66");
    Until.holds("the job is gone", host::processes, () -> !sleeps("sleep 604"));
    shell.type("sleep 605\n");
    Until.holds("it sleeps", host::processes, () -> sleeps("sleep 605"));
    shell.type(CTRL_C);
    Until.holds("Ctrl-C ends it", host::processes, () -> !sleeps("sleep 605"));
    host.write("wider", "");
    Until.holds(
        "the window is followed",
        shell::printed,
        () -> {
          shell.type("stty size\n");
          return shell.printed().contains("50 132");
        });
    shell.type("exit 6\n");
    shell.await().exits(6);
  }

  @Test
  void closingTheTerminalEndsTheCommand() {
    api();
    Running exec = host.startOnTerminal("exec", "-it", "api", "--", "sleep", "606");
    Until.holds("it sleeps", host::processes, () -> sleeps("sleep 606"));
    exec.signal("KILL");
    Until.holds("it is gone", host::processes, () -> !sleeps("sleep 606"));
    assertThat(host.assertConsistent().service("api").is("running")).isTrue();
  }

  @Test
  void aShellIsBesideTheService() throws IOException {
    api();
    Path script = host.write("script", "echo $GREETING; pwd; exit 5\n");
    Running piped = host.startWithInput(script, "shell", "api");
    assertThat(piped.await().exits(5).out())
        .isEqualTo("hello\n" + host.project().toRealPath() + "\n");
    Running typed = host.startOnTerminal("shell", "api");
    typed.type("echo $GREETING $((4+4))$((4+4)); exit 3\n");
    assertThat(typed.await().exits(3).out()).contains("hello 88");
  }

  @Test
  void attachJoinsAndLeavesAgain() {
    host.manifest(
        """
        services:
          echo: {command: "while read line; do echo got $line; done; sleep 600", stdin: open}
          deaf: {command: "while :; do echo tick; sleep 0.1; done"}
        """);
    host.up();
    Running attached = host.startOnTerminal("attach", "echo");
    attached.type("one\n");
    attached.awaitPrinted("got one");
    attached.type(CTRL_P_CTRL_Q);
    attached.await().exits(0);
    assertThat(host.assertConsistent().service("echo").is("running")).isTrue();

    assertThat(host.run("attach", "deaf").exits(125).err()).contains("--no-stdin");
    Running looking = host.start("attach", "deaf", "--no-stdin");
    looking.awaitPrinted("tick");
    host.run("stop", "deaf").exits(0);
    looking.await().exits(143);
  }

  private boolean sleeps(String command) {
    return host.processes().stream().anyMatch(process -> process.command().equals(command));
  }
}
