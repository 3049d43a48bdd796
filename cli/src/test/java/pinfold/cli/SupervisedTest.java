package pinfold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pinfold.contract.Bytes;
import pinfold.contract.Call;
import pinfold.contract.Cause;
import pinfold.contract.Code;
import pinfold.contract.Event;
import pinfold.contract.ExitStatus;
import pinfold.contract.Failure;
import pinfold.contract.Frame;
import pinfold.contract.Frames;
import pinfold.contract.Health;
import pinfold.contract.Json;
import pinfold.contract.OperationView;
import pinfold.contract.Reply;
import pinfold.contract.State;
import pinfold.contract.SupervisorStatus;
import pinfold.contract.Target;
import pinfold.contract.VarlinkReply;
import pinfold.contract.WaitFor;
import pinfold.contract.WaitOutcome;
import pinfold.linux.Processes;

class SupervisedTest {
  private final Harness harness = new Harness();
  private FakeSupervisor supervisor;

  @BeforeEach
  void start() throws Exception {
    supervisor = new FakeSupervisor(harness.state);
  }

  @AfterEach
  void clean() throws Exception {
    supervisor.close();
    harness.close();
  }

  @Test
  void statusIsATable() {
    supervisor.answer(
        Call.Status.class,
        Samples.status(
            Samples.running("api", 4711, Optional.of(Health.READY)),
            Samples.running("worker", 12, Optional.empty()),
            Samples.in(State.BACKOFF, "mailer", "exited with 1, next try in 2s\n\033[31mx")));
    Harness.Result result = harness.run("status");
    assertThat(result.out())
        .isEqualTo(
            """
            SERVICE  RUNTIME  STATE    HEALTH   PID  MEMORY    CPU  SINCE  REASON
            api      process  running  ready   4711     12M  0.25s     2m
            worker   process  running            12     12M  0.25s     2m
            mailer   process  backoff                                  3s  exited with 1, next try in 2s \\x1b[31mx
            """);
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "RUNNING,0",
    "DONE,0",
    "SKIPPED,0",
    "WAITING,1",
    "STARTING,1",
    "BACKOFF,1",
    "PAUSED,1",
    "UNVERIFIED,1",
    "FAILED,2"
  })
  void theExitCodeOfStatusIsTheWorstState(State state, int code) {
    supervisor.answer(
        Call.Status.class,
        Samples.status(
            Samples.running("api", 1, Optional.of(Health.READY)), Samples.in(state, "x", "")));
    assertThat(harness.run("ps").code()).isEqualTo(code);
  }

  @Test
  void whatIsNotReadyIsDegraded() {
    supervisor.answer(
        Call.Status.class,
        Samples.status(Samples.running("api", 1, Optional.of(Health.NOT_READY))));
    assertThat(harness.run("status").code()).isEqualTo(1);
  }

  @Test
  void statusAsJsonIsTheReply() {
    Reply.Status status = Samples.status(Samples.running("api", 1, Optional.empty()));
    supervisor.answer(Call.Status.class, status);
    Harness.Result result = harness.run("--json", "status", "api", "--project", "shop");
    assertThat(result.out())
        .isEqualTo(pinfold.contract.JsonText.write(pinfold.contract.Records.write(status)) + "\n");
    assertThat(supervisor.calls())
        .containsExactly(
            new Call.Status(
                new Target(List.of("api"), Optional.of("shop"), Optional.empty(), List.of(), false),
                false));
  }

  @Test
  void theManifestAboveIsSentAlong() throws Exception {
    harness.file("pinfold.yaml", "services: {}");
    supervisor.answer(Call.Status.class, Samples.status());
    harness.run("status");
    assertThat(((Call.Status) supervisor.calls().getFirst()).target().manifest())
        .contains(harness.folder.resolve("pinfold.yaml").toString());
  }

  @Test
  void watchShowsEveryStatusAndEndsWithTheLast() {
    supervisor.answer(
        Call.Watch.class,
        Samples.status(Samples.in(State.STARTING, "api", "")),
        Samples.status(Samples.running("api", 7, Optional.empty())));
    Harness.Result result = harness.run("status", "--watch");
    assertThat(result.code()).isZero();
    assertThat(result.out()).contains("starting").contains("running");
    assertThat(supervisor.messages().getFirst().more()).isTrue();
  }

  @Test
  void anOperationShowsItsStepsAndItsEnd() {
    supervisor.answer(
        Call.Start.class,
        Samples.step(Samples.progress("api", State.STARTING, Optional.empty(), "")),
        Samples.step(
            Samples.progress(
                "api", State.RUNNING, Optional.of(Health.READY), "answered at /health")),
        Samples.result(OperationView.Outcome.DONE));
    Harness.Result result = harness.run("start", "api");
    assertThat(result.err())
        .isEqualTo("shop/api: starting\nshop/api: running, ready  answered at /health\n");
    assertThat(result.out()).isEmpty();
    assertThat(result.code()).isZero();
  }

  @Test
  void onATerminalStepsAreRewritten() {
    harness.terminal = true;
    supervisor.answer(
        Call.Start.class,
        Samples.step(Samples.progress("api", State.STARTING, Optional.empty(), "")),
        Samples.step(Samples.progress("api", State.RUNNING, Optional.empty(), "")),
        Samples.result(OperationView.Outcome.DONE));
    assertThat(harness.run("--no-color", "start", "api").err())
        .isEqualTo("  shop/api  starting\n\033[1A\033[J  shop/api  running\n");
  }

  @Test
  void aFailedOperationSaysWhyAndEndsWithItsCode() {
    Failure failure =
        Failure.of(Code.EXITED_EARLY, "service \"api\" exited with 1 before it was ready")
            .with("step", "exec")
            .withLines(List.of("no such \033[2Jtable"))
            .tryNext("pinfold logs api")
            .tryNext("pinfold why api");
    supervisor.answer(Call.Start.class, Samples.result(OperationView.Outcome.FAILED, failure));
    Harness.Result result = harness.run("start", "api");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err())
        .isEqualTo(
            """
            error[PF1203]: service "api" exited with 1 before it was ready
              step: exec
              last lines:
                no such \\x1b[2Jtable
              try: pinfold logs api
                   pinfold why api
            """);
  }

  @Test
  void noWaitReturnsTheOperation() {
    supervisor.answer(
        Call.Restart.class,
        new Reply.Operated("op9", List.of(), Optional.empty(), Optional.empty(), List.of()));
    Harness.Result result = harness.run("restart", "api", "--cascade", "--no-wait");
    assertThat(result.err()).contains("pinfold ops show op9");
    assertThat(supervisor.calls())
        .containsExactly(new Call.Restart(Target.of("api"), true, true, Optional.empty()));
    assertThat(harness.run("restart", "api", "--no-wait", "--json").out())
        .isEqualTo("{\"operation\":\"op9\"}\n");
  }

  @Test
  void stopTakesItsOwnTimeout() {
    supervisor.answer(Call.Stop.class, Samples.result(OperationView.Outcome.DONE));
    harness.run("stop", "api", "--timeout", "1m30s");
    assertThat(supervisor.calls())
        .containsExactly(
            new Call.Stop(
                Target.of("api"), Optional.of(Duration.ofSeconds(90)), false, Optional.empty()));
  }

  @Test
  void whatTheSupervisorRefusesHasItsCode() {
    supervisor.fail(Call.Kill.class, Failure.of(Code.NO_SUCH_SERVICE, "no service \"nope\""));
    Harness.Result result = harness.run("kill", "-s", "HUP", "nope");
    assertThat(result.code()).isEqualTo(64);
    assertThat(result.err()).isEqualTo("error[PF1002]: no service \"nope\"\n");
    supervisor.fail(Call.Kill.class, Failure.of(Code.BUSY, "m"));
    assertThat(harness.run("kill", "x").code()).isEqualTo(75);
  }

  @Test
  void anOlderSupervisorIsNamedAsSuch() {
    Harness.Result result = harness.run("why", "api");
    assertThat(result.code()).isEqualTo(69);
    assertThat(result.err())
        .startsWith(
            "error[PF5005]: the running supervisor does not know the method \"io.pinfold.Supervisor.Why\"\n")
        .contains("try: pinfold version");
  }

  @Test
  void aNewerSupervisorSaysMoreThanIsUnderstoodAndThatIsFine() {
    supervisor.raw(
        Call.Operations.class,
        new VarlinkReply(
            Json.object("operations", Json.Arr.EMPTY, "later", Json.of(true)),
            Optional.empty(),
            false));
    assertThat(harness.run("ops").code()).isZero();
  }

  @Test
  void aSupervisorThatSaysNothingIsNotWaitedForForever() {
    supervisor.answer(Call.Status.class);
    Harness.Result result = harness.run("__names");
    assertThat(result.code()).isEqualTo(1); // gave up by its own small bound
    assertThat(result.out() + result.err()).isEmpty();
  }

  @Test
  void namesAreForCompletion() {
    supervisor.answer(
        Call.Status.class,
        Samples.status(
            Samples.running("b", 1, Optional.empty()), Samples.running("a", 2, Optional.empty())));
    assertThat(harness.run("__names").out()).isEqualTo("a\nb\n");
    assertThat(harness.run("__names", "--projects").out()).isEqualTo("shop\n");
  }

  @Test
  void waitEndsAsWhatItWaitedFor() {
    WaitOutcome failed =
        new WaitOutcome(
            "shop",
            "migrate",
            false,
            Optional.of(ExitStatus.ofCode(3)),
            Optional.of("exited with 3"));
    supervisor.answer(Call.Wait.class, new Reply.Waited(List.of(failed)));
    assertThat(harness.run("wait", "migrate", "--for", "completed").code()).isEqualTo(3);
    assertThat(harness.run("wait", "migrate").code()).isEqualTo(1);
    assertThat(harness.run("wait", "migrate").err()).isEqualTo("shop/migrate: exited with 3\n");
    supervisor.fail(Call.Wait.class, Failure.of(Code.TIMED_OUT, "m"));
    assertThat(harness.run("wait", "migrate", "--timeout", "5s").code()).isEqualTo(75);
    assertThat(supervisor.calls().getLast())
        .isEqualTo(
            new Call.Wait(Target.of("migrate"), WaitFor.READY, Optional.of(Duration.ofSeconds(5))));
  }

  @Test
  void anInternalErrorIsSaidByStatusAndDoctor() {
    Reply.Status status = Samples.status(Samples.running("api", 7, Optional.empty()));
    SupervisorStatus well = status.supervisor().orElseThrow();
    SupervisorStatus ill =
        new SupervisorStatus(
            well.pid(), well.keeperPid(), well.since(), well.release(), Optional.of("it broke"));
    supervisor.answer(Call.Status.class, new Reply.Status(1, Optional.of(ill), status.services()));
    assertThat(harness.run("status").err()).contains("it broke").contains("pinfold doctor");
    supervisor.answer(
        Call.Version.class,
        new Reply.Release(Release.VERSION, 100, 99, Harness.NOW, "25", 1, Optional.empty()));
    Harness.Result doctor = harness.run("doctor");
    assertThat(doctor.code()).isNotZero();
    assertThat(doctor.out() + doctor.err()).contains("PF5010").contains("it broke");
  }

  @Test
  void whyIsAChainInWords() {
    supervisor.answer(
        Call.Why.class,
        new Reply.Explained(
            "shop",
            "api",
            "waits for db",
            List.of(
                new Cause(
                    Optional.of(Harness.NOW.minusSeconds(90)),
                    "db exited with 1",
                    Optional.of("its port was taken"),
                    Optional.of("services.db.ports")))));
    assertThat(harness.run("why", "api").out())
        .isEqualTo(
            """
            shop/api: waits for db
                  1m ago  db exited with 1
                          because its port was taken
                          changed by services.db.ports
            """);
  }

  @Test
  void eventsAreLines() {
    Event event =
        new Event(
            5,
            Instant.parse("2026-11-21T09:59:58.5Z"),
            "exited",
            Optional.of("shop"),
            Optional.of("api"),
            Optional.of(2),
            Optional.empty(),
            Optional.empty(),
            "exited with 1",
            Json.Obj.EMPTY);
    supervisor.answer(Call.Events.class, new Reply.Happened(List.of(event)));
    assertThat(harness.run("events", "--since", "10m").out())
        .isEqualTo("2026-11-21 09:59:58.500  shop/api.2        exited      exited with 1\n");
    assertThat(((Call.Events) supervisor.calls().getFirst()).since())
        .contains(Harness.NOW.minus(Duration.ofMinutes(10)));
    assertThat(harness.run("events", "--json").out())
        .startsWith("{\"seq\":5,\"time\":\"2026-11-21T09:59:58.5");
    assertThat(harness.run("events", "--since", "soon").code()).isEqualTo(64);
  }

  @Test
  void downWithoutAnyTargetIsRefused() {
    Harness.Result result = harness.run("down");
    assertThat(result.code()).isEqualTo(64);
    assertThat(result.err()).startsWith("error[PF1004]");
  }

  @Test
  void downSupervisorEndsEverything() {
    int gone = Integer.MAX_VALUE; // no kernel numbers processes like this
    supervisor.answer(Call.Version.class, Samples.release(gone, gone));
    supervisor.answer(Call.Shutdown.class, Samples.result(OperationView.Outcome.DONE));
    assertThat(harness.run("down", "--supervisor").code()).isZero();
    assertThat(supervisor.calls()).containsExactly(new Call.Version(), new Call.Shutdown(true));
  }

  @Test
  void downSupervisorWaitsForItsProcesses() throws Exception {
    Process keeper = new ProcessBuilder("sleep", "600").start();
    try {
      supervisor.answer(Call.Version.class, Samples.release(Integer.MAX_VALUE, (int) keeper.pid()));
      supervisor.answer(Call.Shutdown.class, Samples.result(OperationView.Outcome.DONE));
      CompletableFuture<Boolean> goneWhenItReturned =
          CompletableFuture.supplyAsync(() ->
              harness.run("down", "--supervisor").code() == 0
                  && Processes.stat((int) keeper.pid()).filter(stat -> !stat.zombie()).isEmpty());
      while (supervisor.calls().size() < 2) {
        Thread.onSpinWait();
      }
      keeper.destroyForcibly();
      assertThat(goneWhenItReturned.get(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      keeper.destroyForcibly();
    }
  }

  @Test
  void execPassesInputOutputAndTheExactStatus() {
    AtomicReference<String> typed = new AtomicReference<>("");
    supervisor
        .answer(Call.Exec.class, new Reply.Session("s1", 77, "shop/api.1", false))
        .frames((in, out) -> {
          Frames.write(out, new Frame.Hello(76));
          Frames.write(out, new Frame.Stdout(Bytes.of("of a session before")));
          Frames.write(out, new Frame.Hello(77));
          Frame frame = Frames.read(in).orElseThrow();
          assertThat(frame).isEqualTo(new Frame.Hello(77));
          for (frame = Frames.read(in).orElseThrow();
              frame instanceof Frame.Stdin(Bytes bytes);
              frame = Frames.read(in).orElseThrow()) {
            typed.set(typed.get() + bytes);
          }
          assertThat(frame).isEqualTo(new Frame.Eof());
          Frames.write(out, new Frame.Stdout(Bytes.of("hello " + typed.get())));
          Frames.write(out, new Frame.Stderr(Bytes.of("oops\n")));
          Frames.write(out, new Frame.Exit(OptionalInt.of(42), OptionalInt.empty()));
        });
    Harness.Result result =
        harness
            .typed("world\n")
            .run("exec", "-i", "-e", "A=b=c", "-w", "/tmp", "api", "--", "cat", "-n");
    assertThat(result).isEqualTo(new Harness.Result(42, "hello world\n", "oops\n"));
    Call.Exec call = (Call.Exec) supervisor.calls().getFirst();
    assertThat(call.command()).containsExactly("cat", "-n");
    assertThat(call.environment()).containsExactly(java.util.Map.entry("A", "b=c"));
    assertThat(call.workingDir()).contains("/tmp");
    assertThat(call.interactive()).isTrue();
    assertThat(call.tty()).isFalse();
  }

  @Test
  void withoutInteractiveNothingIsPassedOn() {
    AtomicReference<Frame> second = new AtomicReference<>();
    supervisor
        .answer(Call.Exec.class, new Reply.Session("s1", 1, "shop/api.1", false))
        .frames((in, out) -> {
          Frames.write(out, new Frame.Hello(1));
          Frames.read(in);
          second.set(Frames.read(in).orElseThrow());
          Frames.write(out, new Frame.Exit(OptionalInt.empty(), OptionalInt.of(9)));
        });
    assertThat(harness.typed("secret").run("exec", "api", "--", "cat").code()).isEqualTo(137);
    assertThat(second.get()).isEqualTo(new Frame.Eof());
  }

  @Test
  void pinfoldsOwnFailuresOfExecHaveCodesOfTheirOwn() throws Exception {
    supervisor.fail(Call.Exec.class, Failure.of(Code.NOT_RUNNING, "m"));
    assertThat(harness.run("exec", "api", "--", "x").code()).isEqualTo(125);
    supervisor.fail(Call.Exec.class, Failure.of(Code.COMMAND_NOT_FOUND, "m"));
    assertThat(harness.run("exec", "api", "--", "x").code()).isEqualTo(127);
    supervisor.fail(Call.Exec.class, Failure.of(Code.COMMAND_NOT_EXECUTABLE, "m"));
    assertThat(harness.run("exec", "api", "--", "x").code()).isEqualTo(126);
    assertThat(harness.run("exec", "-t", "api", "--", "x").err()).startsWith("error[PF1006]");
    supervisor.answer(Call.Exec.class, new Reply.Session("s1", 1, "n", false)).frames((_, _) -> {});
    Harness.Result cut = harness.run("exec", "api", "--", "x");
    assertThat(cut.code()).isEqualTo(125);
    assertThat(cut.err()).startsWith("error[PF5004]");
    supervisor.close();
    assertThat(harness.run("shell", "api").code()).isEqualTo(125);
  }

  @Test
  void versionNamesBoth() {
    supervisor.answer(
        Call.Version.class,
        new Reply.Release("9.9.9", 10, 9, Harness.NOW, "25.0.1", 1, Optional.empty()));
    Harness.Result result = harness.run("version");
    assertThat(result.out())
        .startsWith("pinfold 0.1.0 (Java ")
        .contains("supervisor 9.9.9 (Java 25.0.1, pid 10, keeper 9)");
    assertThat(result.err()).contains("different releases");
    assertThat(harness.run("--version", "--json").out()).contains("\"release\":\"9.9.9\"");
  }
}
