package pinfold.core;

import static org.assertj.core.api.Assertions.assertThat;
import static pinfold.core.Desk.on;
import static pinfold.core.Desk.service;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.contract.State;
import pinfold.contract.Wanted;
import pinfold.manifest.Hooks;
import pinfold.manifest.RestartPolicy;

/** Deaths of supervisor, keeper and host; daemons and hooks; rows R of the peers' faults. */
class RecoveryTest {
  final Desk desk = new Desk();

  @Test
  void r1RunningServicesAreAdoptedAndNoneIsDoubled() {
    desk.up(service("a", b -> b.ready(Desk.TCP)));
    desk.born("a");
    desk.ready("a");
    BirthId id = desk.run("a").id();
    Instant since = desk.look("a").since();
    desk.pass(Duration.ofMinutes(5));
    desk.recover(false, Desk.running(id));
    assertThat(desk.look("a").since()).isBeforeOrEqualTo(since);
    assertThat(desk.births()).isEmpty();
    assertThat(desk.signals()).isEmpty();
    assertThat(desk.run("a").id()).isEqualTo(id);
    assertThat(desk.state("a")).isEqualTo(State.RUNNING);
    assertThat(desk.look("a").health()).isEqualTo(Health.READY);
    assertThat(desk.effects(Effect.StartProbe.class)).hasSize(1);
  }

  @Test
  void r2r3AServiceLostWithItsKeeperIsUnknownAndThePolicyApplies() {
    desk.up(service("a"));
    desk.born("a");
    desk.recover(false);
    assertThat(desk.look("a").end()).contains(new End.Unknown());
    assertThat(desk.state("a")).isEqualTo(State.BACKOFF);
    desk.restart("a");
    assertThat(desk.births()).containsExactly("a");
  }

  @Test
  void r4WhatEndedMeanwhileShowsItsTrueStatus() {
    desk.up(service("a", b -> b.restartPolicy(RestartPolicy.NEVER)));
    desk.born("a");
    BirthId id = desk.run("a").id();
    desk.recover(false, Desk.ended(id, new End.Exited(7), true));
    assertThat(desk.look("a").end()).contains(new End.Exited(7));
    assertThat(desk.state("a")).isEqualTo(State.FAILED);
    assertThat(desk.effects).contains(new Effect.Ack(id), new Effect.ForgetFact(id));
  }

  @Test
  void r5AfterARebootFailedStaysFailedWithItsCode() {
    desk.up(service("a", b -> b.restartPolicy(RestartPolicy.NEVER)));
    desk.born("a");
    desk.exit("a", 7);
    desk.recover(true);
    assertThat(desk.state("a")).isEqualTo(State.FAILED);
    assertThat(desk.look("a").end()).contains(new End.Exited(7));
    assertThat(desk.births()).isEmpty();
  }

  @Test
  void r6AfterARebootNothingReadsRunningOnOldEvidence() {
    desk.up(service("a"), service("b", b -> b.dependsOn(on("a"))));
    desk.born("a");
    desk.born("b");
    desk.recover(true);
    assertThat(desk.state("a")).isEqualTo(State.STARTING);
    assertThat(desk.state("b")).isEqualTo(State.WAITING);
    assertThat(desk.run("a").number()).isEqualTo(2);
  }

  @Test
  void whatCompletedRunsAgainAfterARebootOnly() {
    desk.up(service("job", b -> b.restartPolicy(RestartPolicy.NEVER)));
    desk.born("job");
    desk.exit("job", 0);
    desk.recover(false);
    assertThat(desk.births()).isEmpty();
    assertThat(desk.state("job")).isEqualTo(State.DONE);
    desk.recover(true);
    assertThat(desk.births()).containsExactly("job");
  }

  @Test
  void r7WhatCannotBeProvenIsNeitherSignalledNorDoubled() {
    desk.up(service("a"));
    desk.born("a");
    BirthId id = desk.run("a").id();
    desk.recover(false, new BirthReport(id, Desk.identity(100), true, null, null, false, true));
    assertThat(desk.state("a")).isEqualTo(State.UNVERIFIED);
    OperationId stop = desk.stop("a");
    assertThat(desk.code(stop)).isEqualTo("PF3009");
    assertThat(desk.signals()).isEmpty();
    desk.start("a");
    assertThat(desk.births()).isEmpty();
    desk.tell(new Event.Child(BirthReport.lost(id, null)));
    assertThat(desk.state("a")).isNotEqualTo(State.UNVERIFIED);
  }

  @Test
  void r8ABirthThatWasOnlyIntendedNeverWas() {
    desk.up(service("a"));
    BirthId id = desk.run("a").id();
    desk.recover(false);
    assertThat(desk.effects).contains(new Effect.ForgetFact(id));
    assertThat(desk.births()).containsExactly("a");
    assertThat(desk.run("a").id()).isNotEqualTo(id);
    assertThat(desk.run("a").number()).isEqualTo(2);
  }

  @Test
  void r8ABirthUnderWayIsTakenOver() {
    desk.up(service("a"));
    BirthId id = desk.run("a").id();
    desk.recover(false, new BirthReport(id, Desk.identity(100), false, null, null, false, false));
    assertThat(desk.births()).isEmpty();
    assertThat(desk.state("a")).isEqualTo(State.STARTING);
    desk.born("a");
    assertThat(desk.state("a")).isEqualTo(State.RUNNING);
  }

  @Test
  void r8ABirthThatNobodyKnowsIsEndedAndAcknowledged() {
    BirthId stray = BirthId.of("00000000-0000-8000-8000-000000000001");
    desk.tell(new Event.Child(Desk.running(stray)));
    assertThat(desk.effects(Effect.Signal.class))
        .containsExactly(new Effect.Signal(stray, 9, Scope.ALL));
    desk.tell(new Event.Child(Desk.ended(stray, new End.Signalled(9), true)));
    assertThat(desk.effects).contains(new Effect.Ack(stray));
  }

  @Test
  void r9StoppedStaysStoppedAndTheOthersReturn() {
    desk.up(service("a"), service("b"));
    desk.born("a");
    desk.born("b");
    desk.stop("a");
    desk.exit("a", 0);
    desk.recover(true);
    assertThat(desk.births()).containsExactly("b");
    assertThat(desk.look("a").wanted()).isEqualTo(Wanted.DOWN);
  }

  @Test
  void anInterruptedStopIsFinished() {
    desk.up(service("a"));
    desk.born("a");
    desk.stop("a");
    BirthId id = desk.run("a").id();
    desk.recover(false, Desk.running(id));
    assertThat(desk.signals()).containsExactly("a:15:GROUP");
    desk.die("a", 15);
    assertThat(desk.state("a")).isEqualTo(State.DONE);
  }

  @Test
  void whoNotifiesIsListenedToAgain() {
    desk.up(service("a", b -> b.ready(Desk.NOTIFY)), service("b"));
    desk.born("a");
    desk.born("b");
    BirthId a = desk.run("a").id();
    BirthId b = desk.run("b").id();
    desk.recover(false, Desk.running(a), Desk.running(b));
    assertThat(desk.effects(Effect.OpenNotify.class)).extracting("birth").containsExactly(a);
  }

  @Test
  void pausedStaysPaused() {
    desk.up(service("a"));
    desk.born("a");
    desk.ask(new Command.Pause(Desk.units("a")));
    desk.recover(false, desk.running("a"));
    assertThat(desk.state("a")).isEqualTo(State.PAUSED);
  }

  @Test
  void interruptedOperationsAreSaidToBe() {
    World world = World.empty(1, 2);
    OperationId old = new OperationId("old");
    Step step =
        Core.step(
            world,
            new Event.Recovered(
                new Recovery(
                    java.util.List.of(),
                    java.util.List.of(),
                    java.util.List.of(),
                    java.util.List.of(),
                    false,
                    Set.of(old))),
            desk.now());
    assertThat(step.effects())
        .singleElement()
        .isInstanceOfSatisfying(
            Effect.Complete.class,
            complete ->
                assertThat(complete.result().failure().orElseThrow().code()).isEqualTo("PF1305"));
  }

  @Test
  void aPreStartOfTheLastSupervisorIsEndedBeforeTheNextBegins() {
    desk.up(service("a", b -> b.preStart(StopTest.HOOK)));
    BirthId helper = desk.helper("a", Purpose.PRE_START).id();
    desk.recover(false, Desk.running(helper));
    assertThat(desk.effects(Effect.Signal.class))
        .containsExactly(new Effect.Signal(helper, 9, Scope.ALL));
    assertThat(desk.effects(Effect.Birth.class)).isEmpty();
    desk.tell(new Event.Child(Desk.ended(helper, new End.Signalled(9), true)));
    assertThat(desk.effects(Effect.Birth.class)).hasSize(1);
  }

  @Test
  void wallClockStepsChangeNothing() {
    desk.up(service("a"));
    desk.born("a");
    desk.stepWall(Duration.ofDays(-400));
    desk.exit("a", 1);
    assertThat(desk.state("a")).isEqualTo(State.BACKOFF);
    desk.stepWall(Duration.ofDays(800));
    desk.recover(false);
    assertThat(desk.births()).containsExactly("a");
  }

  @Test
  void whatCouldNotBeSavedIsSavedAgain() {
    desk.up(service("a"));
    desk.tell(new Event.SaveFailed(Desk.unit("a"), Failure.of(Code.DISK_FULL, "no space")));
    desk.due("a", Timer.Kind.SAVE);
    assertThat(desk.effects(Effect.Save.class)).hasSize(1);
  }

  // ---- daemons that fork away

  @Test
  void aDaemonThatForkedAwayIsRunningAndItsEndIsSeen() {
    desk.up(service("d", b -> b.pidFile(Path.of("/run/d.pid"))));
    desk.born("d");
    desk.leave("d", new End.Exited(0));
    assertThat(desk.effects(Effect.ReadPidFile.class)).hasSize(1);
    assertThat(desk.state("d")).isEqualTo(State.RUNNING);
    desk.tell(new Event.PidFileRead(desk.run("d").id(), 4711));
    assertThat(desk.run("d").mainPid()).isEqualTo(4711);
    desk.due("d", Timer.Kind.FORK);
    assertThat(desk.state("d")).isEqualTo(State.RUNNING);
    desk.exit("d", 0);
    assertThat(desk.look("d").end()).contains(new End.Unknown());
    assertThat(desk.state("d")).isEqualTo(State.BACKOFF);
  }

  @Test
  void aDaemonIsStoppedAsAWhole() {
    desk.up(service("d"));
    desk.born("d");
    desk.leave("d", new End.Exited(0));
    desk.due("d", Timer.Kind.FORK);
    desk.stop("d");
    assertThat(desk.signals()).containsExactly("d:15:ALL");
    desk.exit("d", 0);
    assertThat(desk.state("d")).isEqualTo(State.DONE);
  }

  @Test
  void stragglersOfAJobDoNotMakeItADaemon() {
    desk.up(
        service("job"),
        service(
            "web", b -> b.dependsOn(on(pinfold.manifest.Dependency.Condition.COMPLETED, "job"))));
    desk.born("job");
    desk.leave("job", new End.Exited(0));
    assertThat(desk.births()).isEmpty();
    desk.exit("job", 0);
    assertThat(desk.state("job")).isEqualTo(State.DONE);
    assertThat(desk.births()).containsExactly("web");
  }

  // ---- hooks

  @Test
  void hooksFollowTheLifeAndBlockNothing() {
    Map<Hooks.Moment, pinfold.manifest.Hook> all = new java.util.EnumMap<>(Hooks.Moment.class);
    for (Hooks.Moment moment : Hooks.Moment.values()) {
      all.put(moment, StopTest.HOOK);
    }
    desk.up(
        service(
            "a", b -> b.hooks(new Hooks(all)).ready(Desk.TCP).restartPolicy(RestartPolicy.NEVER)));
    desk.born("a");
    assertThat(desk.hasHelper("a", Purpose.ON_START_SUCCESS)).isFalse();
    desk.ready("a");
    assertThat(desk.hasHelper("a", Purpose.ON_START_SUCCESS)).isTrue();
    assertThat(desk.hasHelper("a", Purpose.ON_READY)).isTrue();
    desk.restart("a");
    desk.die("a", 15);
    desk.born("a");
    desk.ready("a");
    assertThat(desk.hasHelper("a", Purpose.ON_RESTART_SUCCESS)).isTrue();
    desk.exit("a", 1);
    assertThat(desk.hasHelper("a", Purpose.ON_FAILURE)).isTrue();
    assertThat(desk.state("a")).isEqualTo(State.FAILED);
    desk.exitHelper("a", Purpose.ON_FAILURE, 1);
    assertThat(desk.look("a").cause().orElseThrow().what()).contains("hook failed");
    assertThat(desk.state("a")).isEqualTo(State.FAILED);
  }

  @Test
  void aFailedStartRunsItsErrorHookAndPreStartFailsTheStart() {
    Hooks hooks = new Hooks(Map.of(Hooks.Moment.START_ERROR, StopTest.HOOK));
    desk.up(
        service(
            "a", b -> b.hooks(hooks).preStart(StopTest.HOOK).restartPolicy(RestartPolicy.NEVER)));
    desk.exitHelper("a", Purpose.PRE_START, 1);
    assertThat(desk.state("a")).isEqualTo(State.FAILED);
    assertThat(desk.look("a").failure().orElseThrow().code()).isEqualTo("PF1207");
    assertThat(desk.hasHelper("a", Purpose.ON_START_ERROR)).isTrue();
  }

  // ---- stale events

  @Test
  void whatIsNotCurrentIsDropped() {
    desk.up(service("a", b -> b.ready(Desk.TCP)));
    desk.born("a");
    BirthId old = desk.run("a").id();
    desk.restart("a");
    desk.die("a", 15);
    desk.born("a");
    World before = desk.world;
    desk.tell(new Event.Probed(new ProbeKey(old, ProbeKey.Role.READY), true, ""));
    desk.tell(new Event.Notified(old, java.util.List.of(new Notice.Ready())));
    desk.tell(new Event.Due(new Timer(Desk.unit("a"), Timer.Kind.STOP, 1)));
    desk.tell(new Event.Recovered(Recovery.NOTHING));
    assertThat(desk.look("a").health())
        .isEqualTo(before.unit(Desk.unit("a")).orElseThrow().health());
    assertThat(desk.state("a")).isEqualTo(State.RUNNING);
  }
}
