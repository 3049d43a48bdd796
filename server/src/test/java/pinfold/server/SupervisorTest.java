package pinfold.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import pinfold.contract.Call;
import pinfold.contract.Code;
import pinfold.contract.Event;
import pinfold.contract.Health;
import pinfold.contract.Json;
import pinfold.contract.OperationView;
import pinfold.contract.PinfoldException;
import pinfold.contract.Reply;
import pinfold.contract.State;
import pinfold.contract.Target;
import pinfold.contract.VarlinkCall;
import pinfold.contract.VarlinkReader;
import pinfold.contract.VarlinkReply;
import pinfold.logs.LogEntry;
import pinfold.logs.LogQuery;
import pinfold.logs.LogReader;
import pinfold.logs.LogSource;
import pinfold.logs.LogStream;

/// The supervisor as a whole, with the real keeper and real processes.
class SupervisorTest {
  private static Bench bench;

  @BeforeAll
  static void start() throws IOException {
    bench = Bench.start();
  }

  @AfterAll
  static void end() throws IOException {
    bench.close();
  }

  private static OperationView project(String name, String services) throws IOException {
    return bench.up("project: " + name + "\nservices:\n" + services);
  }

  @Test
  void aServiceIsBornStoppedAndStartedAgain() throws IOException {
    OperationView up = project("life", "  life: {command: [sleep, '1000']}\n");
    assertThat(up.state()).isEqualTo(OperationView.Outcome.DONE);
    int pid = bench.pid("life");
    bench.ask(stop("life"), Reply.Operated.class);
    assertThat(bench.status("life").state()).isEqualTo(State.DONE);
    assertThat(Bench.alive(pid)).isFalse();
    Target target = Target.of("life");
    bench.ask(new Call.Start(target, false, Optional.empty()), Reply.Operated.class);
    assertThat(bench.pid("life")).isNotEqualTo(pid);
  }

  private static Call.Stop stop(String name) {
    return new Call.Stop(Target.of(name), Optional.empty(), false, Optional.empty());
  }

  @Test
  void aCrashIsFollowedByARestart() throws IOException {
    project("crash", "  crash: {command: [sleep, '1000'], backoff: 10ms}\n");
    int pid = bench.pid("crash");
    Bench.kill(pid);
    bench.until(
        "another run", () -> bench.instance("crash").pid().filter(p -> p != pid).isPresent());
    assertThat(bench.status("crash").restarts()).isEqualTo(1);
  }

  @Test
  void aServiceThatIgnoresItsStopSignalIsKilledWithItsChildren() throws IOException {
    project(
        "deaf",
        "  deaf: {command: \"trap '' TERM; sleep 1000 & setsid sleep 1000 & wait; sleep 1000\","
            + " stop_timeout: 100ms}\n");
    int pid = bench.pid("deaf");
    bench.until("its children", () -> ProcessHandle.of(pid).orElseThrow().children().count() >= 2);
    List<ProcessHandle> children = ProcessHandle.of(pid).orElseThrow().children().toList();
    bench.ask(stop("deaf"), Reply.Operated.class);
    assertThat(children).noneMatch(ProcessHandle::isAlive);
    assertThat(Bench.alive(pid)).isFalse();
  }

  @Test
  void notifyMakesReadyAndItsStatusIsShown() throws IOException {
    Path script = bench.folder.resolve("notify.py");
    Files.writeString(
        script,
        """
        import os, socket, time
        s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        s.connect(os.environ["NOTIFY_SOCKET"])
        s.send(b"READY=1\\nSTATUS=all is well")
        time.sleep(1000)
        """);
    project("said", "  said: {command: [python3, " + script + "], ready: {notify: true}}\n");
    assertThat(bench.status("said").health()).contains(Health.READY);
    assertThat(bench.status("said").reason()).contains("all is well");
  }

  @Test
  void anExecProbeDecidesReadiness() throws IOException {
    Path mark = bench.folder.resolve("mark");
    project(
        "probed",
        "  asked: {command: \"touch "
            + mark
            + "; sleep 1000\", ready: {exec: \"test -f "
            + mark
            + "\", interval: 20ms, failures: 1000}}\n");
    assertThat(bench.status("asked").health()).contains(Health.READY);
  }

  @Test
  void aLogProbeDecidesReadiness() throws IOException {
    project(
        "heard",
        "  heard: {command: \"echo listening now; sleep 1000\", ready: {log: 'listening n.w'}}\n");
    assertThat(bench.status("heard").health()).contains(Health.READY);
  }

  @Test
  void probesThatDecideBesideEachOtherHoldUpNeither() throws IOException {
    Path mark = bench.folder.resolve("both");
    OperationView up =
        project(
            "both",
            "  marked: {command: \"touch "
                + mark
                + "; sleep 1000\", ready: {exec: \"test -f "
                + mark
                + "\", interval: 20ms}}\n"
                + "  spoken:\n"
                + "    command: \"echo listening now; sleep 1000\"\n"
                + "    ready: {log: 'listening n.w'}\n");
    assertThat(up.state()).isEqualTo(OperationView.Outcome.DONE);
    assertThat(bench.status("marked").health()).contains(Health.READY);
    assertThat(bench.status("spoken").health()).contains(Health.READY);
  }

  @Test
  void hooksAndPreStartRunAndTheirWordsGoToTheirStream() throws IOException {
    project(
        "hooked",
        "  hooked: {command: [sleep, '1000'], pre_start: echo before,"
            + " hooks: {on_start: {success: {command: echo after}}}}\n");
    Path log = bench.state.resolve("logs/hooked/hooked/hook.stdout");
    bench.until("the hook's line", () -> text(log).contains("after"));
    assertThat(text(log)).startsWith("before\n");
  }

  @Test
  void aLogStaysWithinItsBoundsAndReadsAsOne() throws IOException {
    project(
        "chatty",
        """
          chatty:
            command: "seq -f '%099.0f' 1 50000; sleep 1000"
            logs: {max_size: 1M, max_files: 3}
        """);
    Path folder = bench.state.resolve("logs/chatty/chatty");
    LogSource source =
        LogSource.of(bench.state.resolve("logs"), "chatty/chatty/1", LogStream.STDOUT);
    bench.until("the last line", () -> text(source.file()).endsWith("50000\n"));
    bench.until(
        "two packed segments beside the one being written",
        () -> kinds(folder).equals(List.of("idx", "idx", "idx", "stdout", "zst", "zst")));
    List<String> lines = new ArrayList<>();
    LogReader.read(
        LogQuery.all(List.of(source)),
        entry -> {
          if (entry instanceof LogEntry.Line line) {
            lines.add(line.text());
          }
          return true;
        });
    // What is left is the end of it, whole lines without a gap.
    assertThat(lines).hasSizeBetween(20_000, 35_000);
    assertThat(lines.getLast()).endsWith("050000");
    for (int i = 0; i < lines.size(); i++) {
      assertThat(lines.get(i)).hasSize(99).endsWith("%06d".formatted(50_001 - lines.size() + i));
    }
  }

  /// The last parts of the names of all files, sorted.
  private static List<String> kinds(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.toString().substring(file.toString().lastIndexOf('.') + 1))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatCannotBeStartedSaysWhy() {
    assertThatThrownBy(() ->
            project("absent", "  absent: {command: [/no/such/program], restart_policy: never}\n"))
        .isInstanceOfSatisfying(
            PinfoldException.class,
            e -> {
              assertThat(e.failure().code()).isEqualTo(Code.COMMAND_NOT_FOUND.id());
              assertThat(e.failure().message()).contains("/no/such/program");
            });
  }

  @Test
  void aFailureCarriesTheLastWords() {
    assertThatThrownBy(() ->
            project(
                "words",
                "  words: {command: \"echo the reason; exit 3\", restart_policy: never,"
                    + " ready: {tcp: '127.0.0.1:1', interval: 1s}}\n"))
        .isInstanceOfSatisfying(
            PinfoldException.class,
            e ->
                assertThat(e.failure().detail().get("lines"))
                    .contains(Json.strings(List.of("the reason"))));
  }

  @Test
  void servicesOutliveTheirSupervisor() throws IOException {
    project("outlive", "  outlive: {command: [sleep, '1000']}\n");
    int pid = bench.pid("outlive");
    int supervisor = bench.version().pid();
    Bench.kill(supervisor);
    bench.until("the supervisor's death", () -> !Bench.alive(supervisor));
    assertThat(bench.version().pid()).isNotEqualTo(supervisor);
    bench.untilState("outlive", State.RUNNING);
    assertThat(bench.pid("outlive")).isEqualTo(pid);
    // What happened before is told from the journal, once.
    Call.Events events = new Call.Events(Target.of("outlive"), Optional.of(Instant.EPOCH), false);
    List<Event> told = bench.ask(events, Reply.Happened.class).events();
    assertThat(told).extracting(Event::message).startsWith("was started").contains("runs");
    assertThat(told).extracting(Event::seq).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void servicesOutliveTheirKeeper() throws IOException {
    project("orphan", "  orphan: {command: [sleep, '1000']}\n");
    int pid = bench.pid("orphan");
    int keeper = bench.version().keeperPid();
    Bench.kill(keeper);
    bench.until("another keeper", () -> !Set.of(0, keeper).contains(bench.keeperPid()));
    bench.untilState("orphan", State.RUNNING);
    assertThat(bench.pid("orphan")).isEqualTo(pid);
    assertThat(bench.status("orphan").restarts()).isZero();
    bench.ask(stop("orphan"), Reply.Operated.class);
    assertThat(Bench.alive(pid)).isFalse();
  }

  @Test
  void whoCallsASupervisorThatStoodDownWakesIt() throws IOException {
    project("standby", "  standby: {command: [sleep, '1000']}\n");
    int pid = bench.pid("standby");
    int supervisor = bench.version().pid();
    ProcessHandle.of(supervisor).orElseThrow().destroy();
    bench.until("the supervisor's end", () -> !Bench.alive(supervisor));
    assertThat(Bench.alive(pid)).isTrue();
    assertThat(bench.version().pid()).isNotEqualTo(supervisor);
    assertThat(bench.pid("standby")).isEqualTo(pid);
  }

  @Test
  void malformedAndOversizedInputIsRefusedAndHarmsNobody() throws IOException {
    assertThat(raw("{\"method\":\0").failure().orElseThrow().code())
        .isEqualTo(Code.BAD_MESSAGE.id());
    assertThat(raw("[1]\0").failure().orElseThrow().code()).isEqualTo(Code.BAD_MESSAGE.id());
    assertThat(raw("{\"method\":\"io.pinfold.Supervisor.Nope\"}\0").error())
        .contains("org.varlink.service.MethodNotFound");
    assertThat(raw("{\"method\":\"io.other.Thing\"}\0").error())
        .contains("org.varlink.service.InterfaceNotFound");
    assertThat(
            raw("{\"method\":\"io.pinfold.Supervisor.Version\",\"parameters\":{\"x\":1}}\0")
                .error())
        .contains("org.varlink.service.InvalidParameter");
    assertThat(bench.version().protocol()).isEqualTo(1);
  }

  private static VarlinkReply raw(String text) throws IOException {
    try (SocketChannel channel = bench.connect()) {
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      return new VarlinkReader(Channels.newInputStream(channel)).reply().orElseThrow();
    }
  }

  @Test
  void aClientThatHangsHoldsUpNobody() throws IOException {
    try (SocketChannel half = bench.connect();
        SocketChannel silent = bench.connect()) {
      half.write(ByteBuffer.wrap("{\"method\":\"io.pin".getBytes(StandardCharsets.UTF_8)));
      assertThat(silent.isConnected()).isTrue();
      assertThat(bench.version().protocol()).isEqualTo(1);
    }
  }

  @Test
  void theInterfaceDescribesItself() throws IOException {
    VarlinkCall call =
        new VarlinkCall(
            "org.varlink.service.GetInterfaceDescription",
            Json.object("interface", Json.of(Call.INTERFACE)),
            false,
            false,
            false);
    Json description = bench.replies(call).getLast().parameters().get("description").orElseThrow();
    assertThat(Json.string(description, "description")).contains("interface io.pinfold.Supervisor");
  }
}
