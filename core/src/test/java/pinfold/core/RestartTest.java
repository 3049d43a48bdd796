package pinfold.core;

import static org.assertj.core.api.Assertions.assertThat;
import static pinfold.core.Desk.on;
import static pinfold.core.Desk.service;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import pinfold.contract.State;
import pinfold.contract.Wanted;
import pinfold.manifest.Backoff;
import pinfold.manifest.Dependency;
import pinfold.manifest.Dependency.Condition;
import pinfold.manifest.RestartBudget;
import pinfold.manifest.RestartPolicy;
import pinfold.manifest.ServiceName;
import pinfold.manifest.SuccessCodes;

/** Restart policy, back-off, budget; rows B of the peers' faults. */
class RestartTest {
  final Desk desk = new Desk();

  private static Backoff exact(long millis, double factor, long max) {
    return new Backoff(Duration.ofMillis(millis), factor, Duration.ofMillis(max), 0);
  }

  /** The wait that the last crash led to. */
  private Duration crash(String name) {
    desk.born(name);
    return crashNow(name);
  }

  private Duration crashNow(String name) {
    desk.exit(name, 1);
    Effect.Arm arm =
        desk.effects(Effect.Arm.class).stream()
            .filter(a -> a.timer().kind() == Timer.Kind.BACKOFF)
            .findFirst()
            .orElseThrow();
    return Duration.ofNanos(arm.nanos() - desk.now().nanos());
  }

  @Test
  void b1EightRestartsLeaveOneInstance() {
    desk.up(service("web"));
    desk.born("web");
    BirthId first = desk.run("web").id();
    for (int i = 0; i < 8; i++) {
      desk.restart("web");
      assertThat(desk.births()).isEmpty();
    }
    desk.die("web", 15);
    assertThat(desk.births()).containsExactly("web");
    for (int i = 0; i < 8; i++) {
      desk.restart("web");
      assertThat(desk.births()).isEmpty();
      assertThat(desk.signals()).isEmpty();
    }
    assertThat(desk.run("web").id()).isNotEqualTo(first);
    assertThat(desk.run("web").number()).isEqualTo(2);
  }

  @Test
  void b2RestartOfAWaitingServiceGoesOnWaitingAndCanBeStopped() {
    desk.up(
        service("db", b -> b.ready(Desk.TCP)),
        service("web", b -> b.dependsOn(on(Condition.READY, "db"))));
    desk.born("db");
    desk.restart("web");
    assertThat(desk.state("web")).isEqualTo(State.WAITING);
    OperationId stop = desk.stop("web");
    assertThat(desk.code(stop)).isEqualTo("ok");
    desk.ready("db");
    assertThat(desk.births()).isEmpty();
  }

  @Test
  void b3ARestartDuringARestartJoinsIt() {
    desk.up(service("web"));
    desk.born("web");
    OperationId one = desk.restart("web");
    OperationId two = desk.restart("web");
    assertThat(desk.signals()).isEmpty();
    desk.die("web", 15);
    assertThat(desk.births()).hasSize(1);
    desk.born("web");
    desk.prove("web");
    assertThat(desk.code(one)).isEqualTo("ok");
    assertThat(desk.code(two)).isEqualTo("ok");
  }

  @Test
  void b5ASlowRestartDelaysNobody() {
    desk.up(service("slow"), service("web"));
    desk.born("slow");
    desk.born("web");
    desk.restart("slow");
    desk.restart("web");
    desk.die("web", 15);
    assertThat(desk.births()).containsExactly("web");
    assertThat(desk.state("slow")).isEqualTo(State.STOPPING);
  }

  @Test
  void b6AMissingCommandIsReportedAtOnceAndOthersStart() {
    OperationId up =
        desk.up(service("bad", b -> b.restartPolicy(RestartPolicy.ALWAYS)), service("web"));
    desk.born("web");
    desk.fail("bad");
    assertThat(desk.state("bad")).isEqualTo(State.BACKOFF);
    desk.prove("web");
    assertThat(desk.code(up)).isEqualTo("PF1201");
  }

  @Test
  void b7AnOperatorsStopAndKillCostNoBudget() {
    desk.up(service("web", b -> b.restartBudget(new RestartBudget.Limited(0, Optional.empty()))));
    desk.born("web");
    desk.restart("web");
    desk.exit("web", 1);
    assertThat(desk.births()).containsExactly("web");
    desk.born("web");
    desk.ask(new Command.Kill(Desk.units("web"), 9));
    desk.die("web", 9);
    assertThat(desk.births()).containsExactly("web");
    assertThat(desk.look("web").restarts()).isZero();
  }

  @Test
  void b8TheDelayFallsBackAfterAStableRun() {
    desk.up(service("web", b -> b.backoff(exact(100, 2, 60_000))));
    assertThat(crash("web")).hasMillis(100);
    desk.due("web", Timer.Kind.BACKOFF);
    assertThat(crash("web")).hasMillis(200);
    desk.due("web", Timer.Kind.BACKOFF);
    assertThat(crash("web")).hasMillis(400);
    desk.due("web", Timer.Kind.BACKOFF);
    desk.born("web");
    desk.pass(Duration.ofSeconds(10));
    assertThat(crashNow("web")).hasMillis(100);
  }

  @Test
  void whereReadyIsDeclaredOnlyReadyTimeCountsAsStable() {
    desk.up(service("web", b -> b.backoff(exact(100, 2, 60_000)).ready(Desk.TCP)));
    assertThat(crash("web")).hasMillis(100);
    desk.due("web", Timer.Kind.BACKOFF);
    desk.born("web");
    desk.pass(Duration.ofMinutes(1));
    assertThat(crashNow("web")).hasMillis(200);
    desk.due("web", Timer.Kind.BACKOFF);
    desk.born("web");
    desk.ready("web");
    desk.pass(Duration.ofSeconds(11));
    assertThat(crashNow("web")).hasMillis(100);
  }

  @Test
  void b9TheDelayHasACeiling() {
    desk.up(
        service(
            "web",
            b ->
                b.backoff(exact(100, 10, 500))
                    .restartPolicy(RestartPolicy.ALWAYS)
                    .restartBudget(new RestartBudget.Unlimited())));
    for (int i = 0; i < 20; i++) {
      assertThat(crash("web")).isLessThanOrEqualTo(Duration.ofMillis(500));
      desk.due("web", Timer.Kind.BACKOFF);
    }
  }

  @Test
  void jitterStaysWithinItsPart() {
    desk.up(
        service(
            "web",
            b ->
                b.backoff(new Backoff(Duration.ofSeconds(1), 1, Duration.ofSeconds(9), 0.2))
                    .restartBudget(new RestartBudget.Unlimited())));
    Set<Duration> waits = new java.util.HashSet<>();
    for (int i = 0; i < 30; i++) {
      Duration wait = crash("web");
      assertThat(wait).isBetween(Duration.ofMillis(800), Duration.ofMillis(1200));
      waits.add(wait);
      desk.due("web", Timer.Kind.BACKOFF);
    }
    assertThat(waits).hasSizeGreaterThan(20);
  }

  @Test
  void theBudgetAllowsNRestartsSoNPlusOneRuns() {
    desk.up(service("web", b -> b.restartBudget(new RestartBudget.Limited(2, Optional.empty()))));
    crash("web");
    desk.due("web", Timer.Kind.BACKOFF);
    crash("web");
    desk.due("web", Timer.Kind.BACKOFF);
    desk.born("web");
    desk.exit("web", 1);
    assertThat(desk.state("web")).isEqualTo(State.FAILED);
    assertThat(desk.look("web").failure().orElseThrow().code()).isEqualTo("PF1205");
    assertThat(desk.run("web").number()).isEqualTo(3);
    desk.start("web");
    assertThat(desk.births()).containsExactly("web");
    assertThat(desk.look("web").restarts()).isZero();
  }

  @Test
  void restartsOutsideTheWindowDoNotCount() {
    desk.up(
        service(
            "web",
            b ->
                b.restartBudget(new RestartBudget.Limited(1, Optional.of(Duration.ofMinutes(1))))));
    crash("web");
    desk.due("web", Timer.Kind.BACKOFF);
    desk.pass(Duration.ofMinutes(1));
    crash("web");
    assertThat(desk.state("web")).isEqualTo(State.BACKOFF);
    desk.due("web", Timer.Kind.BACKOFF);
    desk.pass(Duration.ofSeconds(59));
    desk.born("web");
    desk.exit("web", 1);
    assertThat(desk.state("web")).isEqualTo(State.FAILED);
  }

  @Test
  void tenThousandRestartsAreBoundedInMemory() {
    desk.up(
        service(
            "web",
            b ->
                b.backoff(exact(0, 1, 1))
                    .restartBudget(
                        new RestartBudget.Limited(10_000, Optional.of(Duration.ofHours(1))))));
    for (int i = 0; i < 10_000; i++) {
      desk.born("web");
      desk.exit("web", 1);
    }
    assertThat(desk.look("web").restarts()).isEqualTo(10_000);
    assertThat(desk.look("web").recent).hasSizeLessThan(200);
    desk.born("web");
    desk.exit("web", 1);
    assertThat(desk.state("web")).isEqualTo(State.FAILED);
  }

  @Test
  void thePolicyDecides() {
    desk.up(
        service("always", b -> b.restartPolicy(RestartPolicy.ALWAYS)),
        service("onfail"),
        service("never", b -> b.restartPolicy(RestartPolicy.NEVER)));
    for (String name : List.of("always", "onfail", "never")) {
      desk.born(name);
      desk.exit(name, 0);
    }
    assertThat(desk.state("always")).isEqualTo(State.BACKOFF);
    assertThat(desk.state("onfail")).isEqualTo(State.DONE);
    assertThat(desk.state("never")).isEqualTo(State.DONE);
  }

  @Test
  void neverMeansFailedOnFailure() {
    desk.up(service("never", b -> b.restartPolicy(RestartPolicy.NEVER)));
    desk.born("never");
    desk.die("never", 11);
    assertThat(desk.state("never")).isEqualTo(State.FAILED);
    assertThat(desk.look("never").end().orElseThrow().shellCode()).isEqualTo(139);
  }

  @Test
  void successExitCodesCountAsSuccess() {
    desk.up(service("web", b -> b.success(new SuccessCodes(Set.of(0, 143), Set.of()))));
    desk.born("web");
    desk.die("web", 15);
    assertThat(desk.state("web")).isEqualTo(State.DONE);
  }

  @Test
  void x9DeathBySignalIsNeverSuccess() {
    desk.up(service("web"));
    desk.born("web");
    desk.die("web", 15);
    assertThat(desk.state("web")).isEqualTo(State.BACKOFF);
    assertThat(desk.look("web").end().orElseThrow().shellCode()).isEqualTo(143);
  }

  @Test
  void b10AFailedLivenessProbeLeadsToThePolicysRestart() {
    desk.up(service("web", b -> b.live(Desk.TCP)));
    desk.born("web");
    for (int i = 0; i < 3; i++) {
      assertThat(desk.state("web")).isEqualTo(State.RUNNING);
      desk.probed("web", ProbeKey.Role.LIVE, false);
    }
    assertThat(desk.signals()).containsExactly("web:15:GROUP");
    desk.exit("web", 0); // even with a good exit code
    assertThat(desk.state("web")).isEqualTo(State.BACKOFF);
    assertThat(desk.look("web").restarts()).isEqualTo(1);
    assertThat(desk.look("web").failure().orElseThrow().code()).isEqualTo("PF1209");
  }

  @Test
  void livenessFailuresHaveToBeInARow() {
    desk.up(service("web", b -> b.live(Desk.TCP)));
    desk.born("web");
    for (int i = 0; i < 9; i++) {
      desk.probed("web", ProbeKey.Role.LIVE, i % 3 == 2);
    }
    assertThat(desk.state("web")).isEqualTo(State.RUNNING);
  }

  @Test
  void b11ACrashDuringAReloadIsACrash() {
    desk.up(service("web", b -> b.ready(Desk.NOTIFY)));
    desk.born("web");
    desk.says("web", new Notice.Ready());
    desk.says("web", new Notice.Reloading());
    assertThat(desk.look("web").health()).isEqualTo(Health.NOT_READY);
    desk.exit("web", 1);
    assertThat(desk.state("web")).isEqualTo(State.BACKOFF);
  }

  @Test
  void b12TheRestartCounterSurvivesTheSupervisor() {
    desk.up(
        service(
            "web",
            b -> b.restartBudget(new RestartBudget.Limited(2, Optional.of(Duration.ofHours(1))))));
    crash("web");
    desk.due("web", Timer.Kind.BACKOFF);
    desk.born("web");
    desk.recover(false, desk.running("web"));
    assertThat(desk.look("web").restarts()).isEqualTo(1);
    crashNow("web");
    desk.recover(false);
    assertThat(desk.look("web").restarts()).isEqualTo(2);
    desk.born("web");
    desk.exit("web", 1);
    assertThat(desk.state("web")).isEqualTo(State.FAILED);
  }

  @Test
  void b13LeftoversAreGoneBeforeTheNextStart() {
    desk.up(service("web", b -> b.backoff(exact(0, 1, 1))));
    desk.born("web");
    desk.leave("web", new End.Signalled(9));
    assertThat(desk.births()).isEmpty();
    assertThat(desk.signals()).containsExactly("web:15:ALL");
    desk.due("web", Timer.Kind.STOP);
    assertThat(desk.signals()).containsExactly("web:9:ALL");
    assertThat(desk.births()).isEmpty();
    desk.die("web", 9);
    assertThat(desk.births()).containsExactly("web");
  }

  @Test
  void b14RestartOfAnEssentialServiceIsNoFailure() {
    desk.up(service("web", b -> b.essential(true)));
    desk.born("web");
    List<Effect.Note> notes = new ArrayList<>();
    desk.restart("web");
    notes.addAll(desk.effects(Effect.Note.class));
    desk.die("web", 15);
    notes.addAll(desk.effects(Effect.Note.class));
    desk.born("web");
    notes.addAll(desk.effects(Effect.Note.class));
    assertThat(notes).hasSizeGreaterThan(2);
    assertThat(notes).noneMatch(note -> note.cause().state() == State.FAILED);
  }

  @Test
  void restartTrueBouncesTheDependentFirst() {
    desk.up(
        service("db"),
        service(
            "web",
            b ->
                b.dependsOn(
                    List.of(new Dependency(new ServiceName("db"), Condition.STARTED, true)))));
    desk.born("db");
    desk.born("web");
    desk.restart("db");
    assertThat(desk.signals()).containsExactly("web:15:GROUP");
    desk.die("web", 15);
    assertThat(desk.signals()).containsExactly("db:15:GROUP");
    desk.die("db", 15);
    assertThat(desk.births()).containsExactly("db");
    desk.born("db");
    assertThat(desk.births()).containsExactly("web");
  }

  @Test
  void restartTrueBouncesWhenADependencyComesBackByItself() {
    desk.up(
        service("db", b -> b.backoff(exact(0, 1, 1))),
        service(
            "web",
            b ->
                b.dependsOn(
                    List.of(new Dependency(new ServiceName("db"), Condition.STARTED, true)))));
    desk.born("db");
    desk.born("web");
    desk.exit("db", 1);
    assertThat(desk.births()).containsExactly("db");
    assertThat(desk.state("web")).isEqualTo(State.STOPPING);
    desk.die("web", 15);
    assertThat(desk.births()).isEmpty();
    desk.born("db");
    assertThat(desk.births()).containsExactly("web");
  }

  @Test
  void withoutRestartTrueTheDependentStays() {
    desk.up(service("db"), service("web", b -> b.dependsOn(on("db"))));
    desk.born("db");
    desk.born("web");
    desk.exit("db", 1);
    desk.due("db", Timer.Kind.BACKOFF);
    desk.born("db");
    assertThat(desk.state("web")).isEqualTo(State.RUNNING);
    assertThat(desk.run("web").number()).isEqualTo(1);
  }

  @Test
  void cascadeRestartsDependentsToo() {
    desk.up(service("db"), service("web", b -> b.dependsOn(on("db"))));
    desk.born("db");
    desk.born("web");
    desk.ask(new Command.Restart(Desk.units("db"), true));
    assertThat(desk.signals()).containsExactly("web:15:GROUP");
  }

  @Test
  void restartBringsTheStoppedDependenciesAsStartDoes() {
    desk.up(
        service("db"),
        service("job", b -> b.restartPolicy(RestartPolicy.NEVER)),
        service("web", b -> b.dependsOn(both("db", "job"))));
    desk.born("db");
    desk.born("job");
    desk.exit("job", 0);
    desk.born("web");
    desk.stop("db");
    desk.die("db", 15);
    OperationId restart = desk.restart("web");
    assertThat(desk.births()).as("a completed one-shot is not run again").containsExactly("db");
    desk.born("db");
    desk.die("web", 15);
    assertThat(desk.births()).containsExactly("web");
    desk.born("web");
    desk.prove("db", "web");
    assertThat(desk.code(restart)).isEqualTo("ok");
    assertThat(desk.look("db").wanted()).isEqualTo(Wanted.UP);
  }

  @Test
  void restartLeavesRunningDependenciesAlone() {
    desk.up(service("db"), service("web", b -> b.dependsOn(on("db"))));
    desk.born("db");
    desk.born("web");
    desk.restart("web");
    assertThat(desk.signals()).containsExactly("web:15:GROUP");
  }

  private static List<Dependency> both(String started, String completed) {
    return Stream.of(on(started), on(Condition.COMPLETED, completed))
        .flatMap(List::stream)
        .toList();
  }
}
