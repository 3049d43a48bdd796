package pinfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** `tty: true`: a terminal of its own, which nobody's death hangs up. */
class TerminalTest extends Scenario {
  private static final String CONSOLE =
      """
      services:
        console:
          tty: true
          restart_policy: never
          ready: {log: "^name"}
          command: |
            trap 'echo hung up; exit 9' HUP
            test -t 0 && test -t 1 && test -t 2 && echo on $$(tty)
            stty size
            echo 'name?'
            while read line; do echo "got $$line"; [ "$$line" != bye ] || exit 7; done
      """;

  private String printed() {
    return host.run("logs", "--raw", "console").exits(0).out();
  }

  private Running type(String keys, String... attach) {
    return host.startUnder(List.of("sh", "-c", "printf '" + keys + "' | \"$0\" \"$@\""), attach);
  }

  @Test
  void isInputOutputAndErrorAndEverythingPrintedIsOneStream() {
    host.manifest(CONSOLE);
    host.up();
    assertThat(printed()).startsWith("on /dev/pts/").contains("\r\n24 80\r\nname?\r\n");
    assertThat(host.run("logs", "--raw", "--stream", "stderr", "console").out()).isEmpty();
    assertThat(host.run("explain", "console").exits(0).out()).contains("TERM=xterm");
    host.run("stop", "console").exits(0);
    assertThat(printed()).doesNotContain("hung up");
  }

  @Test
  void isTypedAtByWhoeverAttaches() {
    host.manifest(CONSOLE);
    host.up();
    Outcome outcome = type("one\\nbye\\n", "attach", "console").await().exits(7);
    assertThat(outcome.out()).contains("got one\r\n", "got bye\r\n");
    host.awaitStatus("it ended", view -> view.service("console").is("failed"));
  }

  @Test
  void outlivesSupervisorAndKeeper() {
    host.manifest(CONSOLE);
    host.up();
    long pid = host.status().service("console").pid();
    for (int round = 0; round < 2; round++) {
      host.killBoth();
      assertThat(HostProcess.lives(pid)).isTrue();
      host.up();
      assertThat(host.assertConsistent().service("console").pid()).isEqualTo(pid);
    }
    type("still there\\nbye\\n", "attach", "console").await();
    host.awaitStatus("it ended", view -> !HostProcess.lives(pid));
    assertThat(printed()).contains("got still there\r\n", "got bye\r\n").doesNotContain("hung up");
  }

  @Test
  void isLeftByKeysJoinedAgainAndFollowsTheWindow() {
    host.manifest(
        """
        services:
          console:
            tty: true
            restart_policy: never
            ready: {log: "^name"}
            command: |
              trap 'echo caught-$$((40+2))' INT
              echo 'name?'
              while :; do
                read line || continue
                case "$$line" in size) stty size ;; bye) exit 7 ;; esac
              done
        """);
    host.up();
    Running one = attached("stty rows 30 cols 100");
    ask(one, "30 100");
    one.type("\003");
    one.awaitPrinted("caught-42");
    one.type("\020\021"); // Ctrl-P Ctrl-Q
    one.await().exits(0);
    assertThat(host.assertConsistent().service("console").is("running")).isTrue();

    Running two =
        attached(
            "stty rows 40 cols 120;"
                + " { until test -e wider; do sleep 0.05; done; stty -F /dev/tty rows 50 cols 132; } &");
    ask(two, "40 120");
    host.write("wider", "");
    ask(two, "50 132");
    two.type("bye\n");
    two.await().exits(7);
  }

  private Running attached(String before) {
    String separator = before.endsWith("&") ? " " : "; ";
    return host.startLineOnTerminal(
        before + separator + "exec " + Product.launcher() + " attach console");
  }

  private static void ask(Running attached, String size) {
    Until.holds(
        size + " is the size",
        attached::printed,
        () -> {
          attached.type("size\n");
          return attached.printed().contains(size);
        });
  }
}
