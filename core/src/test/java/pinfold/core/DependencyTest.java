package pinfold.core;

import static org.assertj.core.api.Assertions.assertThat;
import static pinfold.core.Desk.on;
import static pinfold.core.Desk.service;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import pinfold.contract.State;
import pinfold.manifest.Dependency.Condition;
import pinfold.manifest.Probe;
import pinfold.manifest.RestartBudget;
import pinfold.manifest.RestartPolicy;
import pinfold.manifest.Skip;

/** Conditions and readiness; rows D of the peers' faults. */
class DependencyTest {
  final Desk desk = new Desk();

  @Test
  void d1ADependencyThatEndsWithoutHavingBeenReadySkipsItsDependents() {
    OperationId up =
        desk.up(
            service("db", b -> b.ready(Desk.TCP)),
            service("web", b -> b.dependsOn(on(Condition.READY, "db"))));
    desk.born("db");
    desk.exit("db", 0);
    assertThat(desk.state("web")).isEqualTo(State.SKIPPED);
    assertThat(desk.code(up)).isEqualTo("PF1301");
  }

  @Test
  void d2FastAndSlowFailureHaveTheSameEffect() {
    for (Duration life : new Duration[] {Duration.ofMillis(1), Duration.ofSeconds(10)}) {
      Desk table = new Desk();
      table.up(
          service("migrate", b -> b.restartPolicy(RestartPolicy.NEVER)),
          service("web", b -> b.dependsOn(on(Condition.COMPLETED, "migrate"))));
      table.born("migrate");
      table.pass(life);
      table.exit("migrate", 1);
      assertThat(table.state("web")).isEqualTo(State.SKIPPED);
      assertThat(table.births()).isEmpty();
    }
  }

  @Test
  void bornRanAndFailedInOneReportSkipsTheDependent() {
    desk.up(
        service("db", b -> b.restartPolicy(RestartPolicy.NEVER)),
        service("web", b -> b.dependsOn(on("db"))));
    desk.exit("db", 1);
    assertThat(desk.births()).isEmpty();
    assertThat(desk.state("web")).isEqualTo(State.SKIPPED);
  }

  @Test
  void d3FailurePassesAlongTheChain() {
    desk.up(
        service("c", b -> b.restartPolicy(RestartPolicy.NEVER)),
        service("b", b -> b.dependsOn(on(Condition.COMPLETED, "c"))),
        service("a", b -> b.dependsOn(on("b"))),
        service("free"));
    desk.born("c");
    desk.born("free");
    desk.exit("c", 1);
    assertThat(desk.state("b")).isEqualTo(State.SKIPPED);
    assertThat(desk.state("a")).isEqualTo(State.SKIPPED);
    assertThat(desk.state("free")).isEqualTo(State.RUNNING);
    assertThat(desk.look("a").failure().orElseThrow().message()).contains("\"b\"");
  }

  @Test
  void d4WhoBeginsToWaitDuringAnUnreadySpellWaitsForRecovery() {
    desk.up(service("db", b -> b.ready(Desk.TCP)));
    desk.born("db");
    desk.ready("db");
    for (int i = 0; i < 3; i++) {
      desk.probed("db", ProbeKey.Role.READY, false);
    }
    assertThat(desk.look("db").health()).isEqualTo(Health.UNHEALTHY);
    assertThat(desk.state("db")).as("losing readiness never restarts").isEqualTo(State.RUNNING);
    desk.up(
        service("db", b -> b.ready(Desk.TCP)),
        service("web", b -> b.dependsOn(on(Condition.READY, "db"))));
    assertThat(desk.state("web")).isEqualTo(State.WAITING);
    desk.ready("db");
    assertThat(desk.births()).containsExactly("web");
  }

  @Test
  void losingReadinessLeavesRunningDependentsAlone() {
    desk.up(
        service("db", b -> b.ready(Desk.TCP)),
        service("web", b -> b.dependsOn(on(Condition.READY, "db"))));
    desk.born("db");
    desk.ready("db");
    desk.born("web");
    for (int i = 0; i < 3; i++) {
      desk.probed("db", ProbeKey.Role.READY, false);
    }
    assertThat(desk.state("web")).isEqualTo(State.RUNNING);
  }

  @Test
  void d5WaitingForReadyLastsThroughRestarts() {
    desk.up(
        service(
            "db",
            b -> b.ready(Desk.TCP).restartBudget(new RestartBudget.Limited(2, Optional.empty()))),
        service("web", b -> b.dependsOn(on(Condition.READY, "db"))));
    desk.born("db");
    desk.exit("db", 1);
    assertThat(desk.state("web")).isEqualTo(State.WAITING);
    desk.due("db", Timer.Kind.BACKOFF);
    desk.born("db");
    desk.exit("db", 1);
    desk.due("db", Timer.Kind.BACKOFF);
    desk.born("db");
    assertThat(desk.state("web")).isEqualTo(State.WAITING);
    desk.exit("db", 1);
    assertThat(desk.state("db")).isEqualTo(State.FAILED);
    assertThat(desk.state("web")).isEqualTo(State.SKIPPED);
  }

  @Test
  void d6ShutdownFinishesWhenPartOfTheGraphWasSkipped() {
    desk.up(
        service("c", b -> b.restartPolicy(RestartPolicy.NEVER)),
        service("b", b -> b.dependsOn(on(Condition.COMPLETED, "c"))),
        service("a", b -> b.dependsOn(on("b"))),
        service("free"));
    desk.born("free");
    desk.born("c");
    desk.exit("c", 1);
    desk.ask(new Command.Down(Set.of(), true));
    desk.exit("free", 0);
    assertThat(desk.effects(Effect.EndKeeper.class)).hasSize(1);
  }

  @Test
  void d7RestartPassesTheSameGatesAsStart() {
    desk.up(
        service("migrate", b -> b.restartPolicy(RestartPolicy.NEVER)),
        service("web", b -> b.dependsOn(on(Condition.COMPLETED, "migrate"))));
    desk.born("migrate");
    desk.exit("migrate", 0);
    desk.born("web");
    desk.start("migrate");
    desk.born("migrate");
    desk.exit("migrate", 1);
    desk.restart("web");
    assertThat(desk.births()).as("a failed one it needs is tried again").containsExactly("migrate");
    desk.die("web", 15);
    assertThat(desk.births()).isEmpty();
    desk.born("migrate");
    assertThat(desk.births()).isEmpty();
    desk.exit("migrate", 1);
    assertThat(desk.births()).isEmpty();
    assertThat(desk.state("web")).isEqualTo(State.SKIPPED);
  }

  @Test
  void d8AfterARestartHealthStartsFromUnknown() {
    desk.up(service("db", b -> b.ready(Desk.TCP)));
    desk.born("db");
    for (int i = 0; i < 3; i++) {
      desk.probed("db", ProbeKey.Role.READY, false);
    }
    assertThat(desk.look("db").health()).isEqualTo(Health.UNHEALTHY);
    ProbeKey old = new ProbeKey(desk.run("db").id(), ProbeKey.Role.READY);
    desk.restart("db");
    desk.die("db", 15);
    desk.born("db");
    assertThat(desk.look("db").health()).isEqualTo(Health.NOT_READY);
    desk.tell(new Event.Probed(old, true, "late"));
    assertThat(desk.look("db").health()).isEqualTo(Health.NOT_READY);
  }

  @Test
  void d9ADependentRefusedOnceStartsWhenTheDependencyRecovers() {
    desk.up(
        service("db", b -> b.restartPolicy(RestartPolicy.NEVER)),
        service("web", b -> b.dependsOn(on("db"))));
    desk.fail("db");
    assertThat(desk.state("web")).isEqualTo(State.SKIPPED);
    desk.start("db");
    assertThat(desk.state("web")).isEqualTo(State.WAITING);
    desk.born("db");
    assertThat(desk.births()).containsExactly("web");
  }

  @Test
  void d10NoFailureCountsInsideTheStartPeriod() {
    Probe slow = Desk.probe(new Probe.Tcp("h", 1), Duration.ofSeconds(30));
    desk.up(service("db", b -> b.ready(slow).live(slow)));
    desk.born("db");
    for (int i = 0; i < 10; i++) {
      desk.probed("db", ProbeKey.Role.READY, false);
      desk.probed("db", ProbeKey.Role.LIVE, false);
      desk.pass(Duration.ofSeconds(2));
    }
    assertThat(desk.state("db")).isEqualTo(State.RUNNING);
    assertThat(desk.look("db").health()).isEqualTo(Health.NOT_READY);
    desk.pass(Duration.ofSeconds(11));
    for (int i = 0; i < 3; i++) {
      desk.probed("db", ProbeKey.Role.READY, false);
    }
    assertThat(desk.look("db").health()).isEqualTo(Health.UNHEALTHY);
  }

  @Test
  void aSuccessInsideTheStartPeriodIsReadiness() {
    desk.up(service("db", b -> b.ready(Desk.probe(new Probe.Tcp("h", 1), Duration.ofSeconds(30)))));
    desk.born("db");
    desk.ready("db");
    assertThat(desk.look("db").health()).isEqualTo(Health.READY);
  }

  @Test
  void d11AHealthEventCarriesTheStatusOfThatMoment() {
    desk.up(service("db", b -> b.ready(Desk.TCP)));
    desk.born("db");
    desk.ready("db");
    assertThat(desk.effects(Effect.Note.class).getLast().cause().health()).isEqualTo(Health.READY);
    assertThat(desk.look("db").cause().orElseThrow().health()).isEqualTo(desk.look("db").health());
  }

  @Test
  void d12TheNotifySocketExistsBeforeTheBirth() {
    desk.up(service("db", b -> b.ready(Desk.NOTIFY)));
    int open = desk.effects.indexOf(desk.effects(Effect.OpenNotify.class).getFirst());
    int birth = desk.effects.indexOf(desk.effects(Effect.Birth.class).getFirst());
    assertThat(open).isLessThan(birth);
  }

  @Test
  void readyMayBeSaidBeforeTheBirthIsReported() {
    desk.up(service("db", b -> b.ready(Desk.NOTIFY)));
    desk.says("db", new Notice.Ready());
    desk.born("db");
    assertThat(desk.look("db").health()).isEqualTo(Health.READY);
  }

  @Test
  void neverReadyFailsTheUpAndLeavesItRunning() {
    OperationId up =
        desk.up(service("db", b -> b.ready(Desk.probe(new Probe.Notify(), Duration.ofSeconds(5)))));
    desk.born("db");
    desk.due("db", Timer.Kind.READY);
    assertThat(desk.code(up)).isEqualTo("PF1204");
    assertThat(desk.state("db")).isEqualTo(State.RUNNING);
    desk.says("db", new Notice.Ready());
    assertThat(desk.look("db").health()).isEqualTo(Health.READY);
  }

  @Test
  void extendTimeoutExtends() {
    desk.up(service("db", b -> b.ready(Desk.probe(new Probe.Notify(), Duration.ofSeconds(5)))));
    desk.born("db");
    desk.says("db", new Notice.ExtendTimeout(Duration.ofSeconds(60)));
    assertThat(desk.effects(Effect.Arm.class).getFirst().nanos())
        .isEqualTo(desk.now().nanos() + 60_000_000_000L);
    desk.stop("db");
    desk.says("db", new Notice.ExtendTimeout(Duration.ofSeconds(90)));
    assertThat(desk.effects(Effect.Arm.class).getFirst().nanos())
        .isEqualTo(desk.now().nanos() + 90_000_000_000L);
  }

  @Test
  void reloadingHoldsBackUntilReadyAgain() {
    desk.up(service("db", b -> b.ready(Desk.NOTIFY)));
    desk.born("db");
    desk.says("db", new Notice.Ready());
    desk.says("db", new Notice.Reloading(), new Notice.Status("reading"));
    assertThat(desk.look("db").health()).isEqualTo(Health.NOT_READY);
    assertThat(desk.look("db").status()).isEqualTo("reading");
    desk.says("db", new Notice.Ready());
    assertThat(desk.look("db").health()).isEqualTo(Health.READY);
  }

  @Test
  void aMissedWatchdogRestartsAndTimeWithoutASupervisorDoesNotCount() {
    desk.up(service("db", b -> b.live(Desk.NOTIFY)));
    desk.born("db");
    assertThat(desk.armed("db", Timer.Kind.WATCHDOG)).isTrue();
    desk.pass(Duration.ofHours(5));
    desk.recover(false, desk.running("db"));
    Effect.Arm arm = desk.effects(Effect.Arm.class).getFirst();
    assertThat(arm.timer().kind()).isEqualTo(Timer.Kind.WATCHDOG);
    assertThat(arm.nanos()).isEqualTo(desk.now().nanos() + 1_000_000_000L);
    desk.says("db", new Notice.Alive());
    assertThat(desk.effects(Effect.Arm.class)).hasSize(1);
    desk.due("db", Timer.Kind.WATCHDOG);
    assertThat(desk.look("db").aim()).contains(Aim.POLICY);
    desk.die("db", 15);
    assertThat(desk.look("db").failure().orElseThrow().code()).isEqualTo("PF1214");
  }

  @Test
  void watchdogTriggerAndIntervalAreObeyed() {
    desk.up(service("db", b -> b.live(Desk.NOTIFY)));
    desk.born("db");
    desk.says("db", new Notice.WatchdogInterval(Duration.ZERO));
    assertThat(desk.armed("db", Timer.Kind.WATCHDOG)).isFalse();
    desk.says("db", new Notice.Trigger());
    assertThat(desk.state("db")).isEqualTo(State.STOPPING);
  }

  @Test
  void skippedServicesSkipTheirDependents() {
    OperationId up =
        desk.up(
            service("db", b -> b.skip(new Skip.Always())),
            service("web", b -> b.dependsOn(on("db"))));
    assertThat(desk.state("db")).isEqualTo(State.SKIPPED);
    assertThat(desk.state("web")).isEqualTo(State.SKIPPED);
    assertThat(desk.result(up)).isPresent();
  }

  @Test
  void theSkipCommandDecidesAtEachStart() {
    desk.up(service("db", b -> b.skip(new Skip.When(new pinfold.manifest.Command.Shell("test")))));
    assertThat(desk.state("db")).isEqualTo(State.PREPARING);
    desk.exitHelper("db", Purpose.SKIP, 0);
    assertThat(desk.state("db")).isEqualTo(State.SKIPPED);
    desk.start("db");
    desk.exitHelper("db", Purpose.SKIP, 1);
    assertThat(desk.births()).containsExactly("db");
  }

  @Test
  void aJobThatAnOperatorKilledDidNotComplete() {
    desk.up(
        service("job", b -> b.restartPolicy(RestartPolicy.NEVER)),
        service("web", b -> b.dependsOn(on(Condition.COMPLETED, "job"))));
    desk.born("job");
    desk.ask(new Command.Kill(Desk.units("job"), 9));
    desk.die("job", 9);
    assertThat(desk.state("job")).isEqualTo(State.DONE);
    assertThat(desk.births()).isEmpty();
    assertThat(desk.state("web")).isEqualTo(State.SKIPPED);
  }
}
