package pinfold.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import pinfold.contract.Call;
import pinfold.contract.Code;
import pinfold.contract.Frame;
import pinfold.contract.Json;
import pinfold.contract.PinfoldException;
import pinfold.contract.Reply;
import pinfold.contract.Target;
import pinfold.contract.WindowSize;

/// Sessions with the real keeper and real processes.
@Timeout(60)
class SessionsTest {
  private static Bench bench;

  @BeforeAll
  static void start() throws IOException {
    bench = Bench.start();
    bench.up(
        """
        project: sessions
        services:
          api: {command: [sleep, '1000'], env: {GREETING: hello}, working_dir: /usr}
          echo: {command: "while read line; do echo got $line; done; sleep 1000", stdin: open}
          console:
            command: "trap 'echo resized' WINCH; trap 'echo hung up' HUP; test -t 0 && test -t 1 && test -t 2 && echo all three; tty; stty size; printf 'name? '; while true; do read line && echo got $line; done"
            tty: true
        """);
  }

  @AfterAll
  static void end() throws IOException {
    bench.close();
  }

  private static FrameClient.Ended sh(String script) throws IOException {
    try (FrameClient client = FrameClient.exec(bench, "api", "sh", "-c", script)) {
      return client.end();
    }
  }

  @Test
  void aCommandHasTheServicesEnvironmentAndDirectoryAndItsStreamsStayApart() throws IOException {
    FrameClient.Ended end = sh("echo $GREETING; pwd; echo oops >&2; exit 7");
    assertThat(end.out()).isEqualTo("hello\n/usr\n");
    assertThat(end.err()).isEqualTo("oops\n");
    assertThat(end.code()).isEqualTo(7);
  }

  @Test
  void everyExitCodeAndSignalArrivesAsItIs() throws IOException {
    assertThat(sh("exit 0").code()).isZero();
    assertThat(sh("exit 255").code()).isEqualTo(255);
    assertThat(sh("kill -TERM $$").signal()).isEqualTo(15);
  }

  @Test
  void variablesAndDirectoryCanBeGiven() throws IOException {
    Call.Exec exec =
        new Call.Exec(
            Target.of("api"),
            List.of("sh", "-c", "echo $GREETING $MORE; pwd"),
            Optional.empty(),
            Optional.of("lib"),
            Map.of("MORE", "yes"),
            false,
            false,
            Optional.empty());
    try (FrameClient client = FrameClient.call(bench, exec)) {
      assertThat(client.end().out()).isEqualTo("hello yes\n/usr/lib\n");
    }
  }

  @Test
  void whatCannotBeStartedSaysWhy() throws IOException {
    try (FrameClient client = FrameClient.exec(bench, "api", "/no/such/program")) {
      Frame.Failed failed = (Frame.Failed) client.end().last();
      assertThat(failed.failure().code()).isEqualTo(Code.COMMAND_NOT_FOUND.id());
      assertThat(failed.failure().message()).contains("/no/such/program");
    }
    try (FrameClient client = FrameClient.exec(bench, "api", "/etc/passwd")) {
      Frame.Failed failed = (Frame.Failed) client.end().last();
      assertThat(failed.failure().code()).isEqualTo(Code.COMMAND_NOT_EXECUTABLE.id());
    }
  }

  @Test
  void inputIsPassedOnToItsEnd() throws IOException {
    try (FrameClient client = FrameClient.exec(bench, "api", "sort")) {
      client.type("b\n");
      client.type("a\n");
      client.send(new Frame.Eof());
      assertThat(client.end().out()).isEqualTo("a\nb\n");
    }
  }

  @Test
  void allOfALargeOutputComesBeforeTheExit() throws IOException {
    FrameClient.Ended end = sh("head -c 10485760 /dev/zero; exit 3");
    assertThat(end.bytes()).isEqualTo(10_485_760);
    assertThat(end.code()).isEqualTo(3);
  }

  @Test
  void aBackgroundChildThatHoldsTheOutputHoldsUpNobodyAndIsEnded() throws IOException {
    FrameClient.Ended end = sh("sleep 1000 & echo $!; setsid sleep 1000 & exit 4");
    assertThat(end.code()).isEqualTo(4);
    assertThat(Bench.alive(Integer.parseInt(end.out().strip()))).isFalse();
    assertThat(sh("yes & exit 5").code()).isEqualTo(5);
  }

  @Test
  void aSignalIsHeardThoughNobodyReadsTheInput() throws IOException {
    String script = "trap 'exit 9' INT; echo up; while :; do sleep 0.01; done";
    try (FrameClient client = FrameClient.exec(bench, "api", "sh", "-c", script)) {
      client.until("up\n");
      client.type("x".repeat(Frame.AHEAD));
      client.send(new Frame.Signal(2));
      assertThat(client.end().code()).isEqualTo(9);
    }
  }

  @Test
  void aClientThatSendsMoreThanItMayLosesItsSession() throws IOException {
    try (FrameClient client = FrameClient.exec(bench, "api", "sleep", "1000")) {
      client.type("x".repeat(Frame.AHEAD));
      client.type("x".repeat(Frame.AHEAD));
      assertThatThrownBy(client::end).isInstanceOfAny(IOException.class, AssertionError.class);
    }
  }

  @Test
  void signalsArePassedOn() throws IOException {
    try (FrameClient client =
        FrameClient.exec(
            bench, "api", "sh", "-c", "trap 'exit 9' INT; echo up; while :; do sleep 0.01; done")) {
      client.until("up\n");
      client.send(new Frame.Signal(2));
      assertThat(client.end().code()).isEqualTo(9);
    }
  }

  @Test
  void aClientThatVanishesTakesItsCommandAlong() throws IOException {
    Path mark = bench.folder.resolve("hup");
    String script =
        "trap 'echo hup > " + mark + "; exit' HUP; echo $$; while :; do sleep 0.01; done";
    try (FrameClient client = FrameClient.exec(bench, "api", "sh", "-c", script)) {
      client.until("\n");
    }
    bench.until("the command to be told", () -> Files.exists(mark));
    String deaf = "trap '' HUP; echo $$ > " + mark + ".pid; echo up; sleep 1000";
    try (FrameClient client = FrameClient.exec(bench, "api", "sh", "-c", deaf)) {
      client.until("up");
    }
    int pid = Integer.parseInt(Files.readString(Path.of(mark + ".pid")).strip());
    bench.until("the command to be killed", () -> !Bench.alive(pid));
  }

  @Test
  void aTerminalHasItsSizeAndFollowsTheWindow() throws IOException {
    try (FrameClient client = FrameClient.terminal(bench, "api", "sh")) {
      client.type("stty size; tty\n");
      client.until("31 97");
      client.until("/dev/pts/");
      client.send(new Frame.Resize(new WindowSize(40, 120)));
      client.type("stty size\n");
      client.until("40 120");
      client.type("exit 6\n");
      assertThat(client.end().code()).isEqualTo(6);
    }
  }

  @Test
  void aTerminalControlsJobs() throws IOException {
    try (FrameClient client = FrameClient.terminal(bench, "api", "bash", "--norc", "-i")) {
      client.type("sh -c 'echo in front; exec sleep 1000'\n");
      client.until("in front\r");
      client.type("\u001a");
      client.until("Stopped");
      client.type("kill -9 %1; exit 8\n");
      client.type("exit 8\n");
      assertThat(client.end().code()).isEqualTo(8);
    }
  }

  @Test
  void anAttachedRunReturnsItsCode() throws IOException {
    Json.Obj service =
        Json.object("command", Json.strings(List.of("sh", "-c", "read x; echo $x $V; exit 11")));
    Call.RunAttached run =
        new Call.RunAttached(
            Optional.empty(),
            service.with("env", Json.object("V", Json.of("v"))),
            false,
            true,
            false,
            Optional.empty(),
            Map.of());
    try (FrameClient client = FrameClient.call(bench, run)) {
      client.type("word\n");
      FrameClient.Ended end = client.end();
      assertThat(end.out()).isEqualTo("word v\n");
      assertThat(end.code()).isEqualTo(11);
    }
  }

  @Test
  void aDetachedRunIsForgottenWhenItEndedIfThatWasAsked() throws IOException {
    Json.Obj service =
        Json.object("command", Json.strings(List.of("true")))
            .with("restart_policy", Json.of("never"));
    Call.Run run =
        new Call.Run(Optional.of("short"), service, true, false, Optional.empty(), Map.of());
    bench.ask(run, Reply.Operated.class);
    bench.until(
        "it to be forgotten",
        () -> {
          try {
            return bench
                .ask(new Call.Status(Target.of(), true), Reply.Status.class)
                .services()
                .stream()
                .noneMatch(s -> s.name().equals("short"));
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
  }

  @Test
  void anOpenInputOutlivesSupervisorAndKeeperAndCanBeAttachedTo() throws IOException {
    int pid = bench.pid("echo");
    try (FrameClient client = attach("echo", true)) {
      client.type("one\n");
      client.until("got one\n");
    }
    anotherKeeper();
    int supervisor = bench.version().pid();
    Bench.kill(supervisor);
    bench.until("the supervisor's death", () -> !Bench.alive(supervisor));
    assertThat(bench.version().pid()).isNotEqualTo(supervisor);
    assertThat(bench.pid("echo")).isEqualTo(pid);
    try (FrameClient client = attach("echo", true)) {
      client.type("two\n");
      client.until("got two\n");
    }
  }

  @Test
  void aTerminalOutlivesSupervisorAndKeeperAndIsTypedAtAndResized() throws IOException {
    int pid = bench.pid("console");
    try (FrameClient client = attach("console", true)) {
      client.type("one\n");
      client.until("got one\r\n");
      client.send(new Frame.Resize(new WindowSize(50, 132)));
      client.until("resized\r\n");
      client.type("x\u007ftwo\n"); // the terminal edits the line
      client.until("got two\r\n");
    }
    anotherKeeper();
    int supervisor = bench.version().pid();
    Bench.kill(supervisor);
    bench.until("the supervisor's death", () -> !Bench.alive(supervisor));
    assertThat(bench.version().pid()).isNotEqualTo(supervisor);
    assertThat(bench.pid("console")).isEqualTo(pid);
    try (FrameClient client =
        FrameClient.call(
            bench,
            new Call.Attach(Target.of("console"), true, Optional.of(new WindowSize(20, 40))))) {
      client.until("resized\r\n");
      client.type("three");
      client.until("three"); // unfinished as it is
      client.type("\n");
      client.until("got three\r\n");
    }
    String log = Files.readString(bench.state.resolve("logs/sessions/console/1.stdout"));
    assertThat(log)
        .startsWith("all three\r\n/dev/pts/")
        .contains("24 80\r\nname? ")
        .doesNotContain("hung up");
    assertThat(bench.state.resolve("logs/sessions/console/1.stderr")).doesNotExist();
  }

  private static void anotherKeeper() throws IOException {
    int keeper = bench.version().keeperPid();
    Bench.kill(keeper);
    bench.until(
        "another keeper",
        () -> {
          int now = bench.keeperPid();
          return now > 0 && now != keeper;
        });
  }

  private static FrameClient attach(String service, boolean interactive) throws IOException {
    return FrameClient.call(
        bench, new Call.Attach(Target.of(service), interactive, Optional.empty()));
  }

  @Test
  void attachingWithoutAnInputIsRefusedUnlessOnlyToLook() throws IOException {
    assertThatThrownBy(() -> attach("api", true).close())
        .isInstanceOfSatisfying(
            PinfoldException.class,
            e -> assertThat(e.failure().code()).isEqualTo(Code.NO_STDIN.id()));
    attach("api", false).close();
  }
}
