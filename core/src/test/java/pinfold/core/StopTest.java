package pinfold.core;

import static org.assertj.core.api.Assertions.assertThat;
import static pinfold.core.Desk.on;
import static pinfold.core.Desk.service;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import pinfold.contract.State;
import pinfold.contract.Wanted;
import pinfold.manifest.Dependency.Condition;
import pinfold.manifest.Hook;
import pinfold.manifest.Hooks;

/** Stop, kill, down, pause; rows S and X10 of the peers' faults. */
class StopTest {
  final Desk desk = new Desk();
  static final Hook HOOK =
      new Hook(new pinfold.manifest.Command.Shell("hook"), Duration.ofSeconds(30));

  @Test
  void stopIsSignalThenKillThenProof() {
    desk.up(service("web"));
    desk.born("web");
    OperationId stop = desk.stop("web");
    assertThat(desk.signals()).containsExactly("web:15:GROUP");
    assertThat(desk.look("web").state()).isEqualTo(State.STOPPING);
    desk.due("web", Timer.Kind.STOP);
    assertThat(desk.signals()).containsExactly("web:9:ALL");
    assertThat(desk.result(stop)).isEmpty();
    desk.die("web", 9);
    assertThat(desk.code(stop)).isEqualTo("ok");
    assertThat(desk.state("web")).isEqualTo(State.DONE);
  }

  @Test
  void s1s7StopEndsWhenProcessesAreGoneNotWhenTimeIs() {
    desk.up(service("web"));
    desk.born("web");
    OperationId stop = desk.stop("web");
    desk.leave("web", new End.Exited(0));
    assertThat(desk.result(stop)).as("a child may still hold the port").isEmpty();
    desk.exit("web", 0);
    assertThat(desk.code(stop)).isEqualTo("ok");
    assertThat(desk.armed("web", Timer.Kind.STOP)).isFalse();
  }

  @Test
  void s2WhatTheGroupSignalDidNotReachGetsItTooThenKill() {
    desk.up(service("web"));
    desk.born("web");
    desk.stop("web");
    desk.leave("web", new End.Exited(0));
    assertThat(desk.signals()).containsExactly("web:15:ALL");
    desk.due("web", Timer.Kind.STOP);
    assertThat(desk.signals()).containsExactly("web:9:ALL");
  }

  @Test
  void aSignalThatReachedNobodyGoesToAll() {
    desk.up(service("web"));
    desk.born("web");
    desk.stop("web");
    desk.tell(new Event.Signalled(desk.run("web").id(), 15, Scope.GROUP, 3));
    assertThat(desk.signals()).containsExactly("web:15:ALL");
  }

  @Test
  void s3LeftoversOfAKilledMainAreEndedBeforeTheNextStart() {
    desk.up(service("web"));
    desk.born("web");
    desk.leave("web", new End.Signalled(9));
    assertThat(desk.signals()).containsExactly("web:15:ALL");
    desk.die("web", 9);
    assertThat(desk.state("web")).isEqualTo(State.BACKOFF);
  }

  @Test
  void s4DependentsStopFirstAndEachIsAwaited() {
    desk.up(
        service("db"),
        service("mid", b -> b.dependsOn(on("db"))),
        service("web", b -> b.dependsOn(on("mid"))));
    desk.born("db");
    desk.born("mid");
    desk.born("web");
    desk.ask(new Command.Down(Desk.units("db", "mid", "web"), false));
    assertThat(desk.signals()).containsExactly("web:15:GROUP");
    assertThat(desk.look("db").needs()).extracting(Need::unit).contains(Desk.unit("mid"));
    desk.exit("web", 0);
    assertThat(desk.signals()).containsExactly("mid:15:GROUP");
    desk.exit("mid", 0);
    assertThat(desk.signals()).containsExactly("db:15:GROUP");
  }

  @Test
  void anIndirectDependentIsAwaitedToo() {
    desk.up(
        service("db"),
        service("migrate", b -> b.dependsOn(on("db"))),
        service("web", b -> b.dependsOn(on(Condition.COMPLETED, "migrate"))));
    desk.born("db");
    desk.born("migrate");
    desk.exit("migrate", 0);
    desk.born("web");
    desk.ask(new Command.Down(Desk.units("db", "migrate", "web"), false));
    assertThat(desk.signals()).containsExactly("web:15:GROUP");
    desk.exit("web", 0);
    assertThat(desk.signals()).containsExactly("db:15:GROUP");
  }

  @Test
  void s5KillNowDuringALongGrace() {
    desk.up(service("web", b -> b.stopTimeout(Duration.ofHours(1))));
    desk.born("web");
    desk.stop("web");
    desk.ask(new Command.Stop(Desk.units("web"), Optional.of(Duration.ZERO)));
    assertThat(desk.signals()).containsExactly("web:9:ALL");
  }

  @Test
  void s5KillCommandDuringALongGrace() {
    desk.up(service("web", b -> b.stopTimeout(Duration.ofHours(1))));
    desk.born("web");
    desk.stop("web");
    desk.ask(new Command.Kill(Desk.units("web"), 9));
    assertThat(desk.signals()).containsExactly("web:9:ALL");
  }

  @Test
  void s6WhatSurvivesKillIsReportedInBoundedTime() {
    desk.up(service("web"), service("other"));
    desk.born("web");
    desk.born("other");
    OperationId stop = desk.stop("web");
    desk.due("web", Timer.Kind.STOP);
    desk.due("web", Timer.Kind.KILL);
    assertThat(desk.code(stop)).isEqualTo("PF1211");
    OperationId other = desk.stop("other");
    desk.exit("other", 0);
    assertThat(desk.code(other)).isEqualTo("ok");
    desk.due("web", Timer.Kind.KILL);
    assertThat(desk.signals()).containsExactly("web:9:ALL");
    desk.die("web", 9);
    assertThat(desk.state("web")).isEqualTo(State.DONE);
  }

  @Test
  void s8HooksDoNotHoldUpNorOutliveTheirTime() {
    desk.up(service("web", b -> b.hooks(new Hooks(Map.of(Hooks.Moment.STOP_SUCCESS, HOOK)))));
    desk.born("web");
    OperationId stop = desk.stop("web");
    desk.exit("web", 0);
    assertThat(desk.code(stop)).isEqualTo("ok");
    Helper hook = desk.helper("web", Purpose.ON_STOP_SUCCESS);
    desk.tell(new Event.Due(new Timer(Desk.unit("web"), Timer.Kind.HOOK, hook.timer())));
    assertThat(desk.effects(Effect.Signal.class))
        .containsExactly(new Effect.Signal(hook.id(), 9, Scope.ALL));
  }

  @Test
  void s9StatusNamesWhatIsWaitedFor() {
    desk.up(service("db"), service("web", b -> b.dependsOn(on("db"))));
    desk.born("db");
    desk.born("web");
    desk.ask(new Command.Down(Desk.units("db", "web"), false));
    assertThat(desk.look("db").state()).isEqualTo(State.STOPPING);
    assertThat(desk.look("db").needs()).extracting(Need::unit).containsExactly(Desk.unit("web"));
  }

  @Test
  void x10DeathByOurOwnSignalIsNoFailure() {
    desk.up(service("web"));
    desk.born("web");
    desk.stop("web");
    desk.die("web", 15);
    assertThat(desk.state("web")).isEqualTo(State.DONE);
    assertThat(desk.look("web").failure()).isEmpty();
  }

  @Test
  void anExplicitStopHoldsUntilAnExplicitStart() {
    desk.up(service("db"), service("web", b -> b.dependsOn(on("db"))));
    desk.born("db");
    desk.born("web");
    desk.stop("db");
    desk.exit("db", 0);
    desk.exit("web", 1);
    desk.due("web", Timer.Kind.BACKOFF);
    assertThat(desk.births()).isEmpty();
    assertThat(desk.state("web")).isEqualTo(State.WAITING);
    assertThat(desk.look("web").needs().getFirst().why()).isEqualTo("is stopped");
    desk.start("db");
    assertThat(desk.births()).containsExactly("db");
    desk.born("db");
    assertThat(desk.births()).containsExactly("web");
  }

  @Test
  void preStopRunsBeforeTheSignal() {
    desk.up(service("web", b -> b.preStop(HOOK)));
    desk.born("web");
    desk.stop("web");
    assertThat(desk.signals()).isEmpty();
    desk.exitHelper("web", Purpose.PRE_STOP, 1);
    assertThat(desk.signals()).containsExactly("web:15:GROUP");
  }

  @Test
  void preStopThatHangsIsKilledAndTheStopGoesOn() {
    desk.up(service("web", b -> b.preStop(HOOK)));
    desk.born("web");
    desk.stop("web");
    BirthId helper = desk.helper("web", Purpose.PRE_STOP).id();
    desk.due("web", Timer.Kind.HELPER);
    assertThat(desk.effects(Effect.Signal.class))
        .containsExactly(new Effect.Signal(helper, 9, Scope.ALL));
    desk.tell(new Event.Child(Desk.ended(helper, new End.Signalled(9), true)));
    assertThat(desk.signals()).containsExactly("web:15:GROUP");
  }

  @Test
  void stopDuringStartIsAnOrdinaryTransition() {
    desk.up(service("web"));
    OperationId stop = desk.stop("web");
    assertThat(desk.signals()).containsExactly("web:15:GROUP");
    desk.born("web"); // too late, and no reason to stay
    assertThat(desk.state("web")).isEqualTo(State.STOPPING);
    desk.die("web", 15);
    assertThat(desk.code(stop)).isEqualTo("ok");
  }

  @Test
  void stopDuringPreStartEndsIt() {
    desk.up(service("web", b -> b.preStart(HOOK)));
    BirthId helper = desk.helper("web", Purpose.PRE_START).id();
    OperationId stop = desk.stop("web");
    assertThat(desk.effects(Effect.Signal.class))
        .containsExactly(new Effect.Signal(helper, 9, Scope.ALL));
    assertThat(desk.result(stop)).isEmpty();
    desk.tell(new Event.Child(Desk.ended(helper, new End.Signalled(9), true)));
    assertThat(desk.code(stop)).isEqualTo("ok");
    assertThat(desk.births()).isEmpty();
  }

  @Test
  void startDuringStopBeginsAnewWhenNothingIsLeft() {
    desk.up(service("web"));
    desk.born("web");
    desk.stop("web");
    OperationId start = desk.start("web");
    assertThat(desk.births()).isEmpty();
    desk.die("web", 15);
    assertThat(desk.births()).containsExactly("web");
    desk.born("web");
    desk.prove("web");
    assertThat(desk.code(start)).isEqualTo("ok");
  }

  @Test
  void stopDuringBackoffIsImmediate() {
    desk.up(service("web"));
    desk.born("web");
    desk.exit("web", 1);
    OperationId stop = desk.stop("web");
    assertThat(desk.code(stop)).isEqualTo("ok");
    assertThat(desk.armed("web", Timer.Kind.BACKOFF)).isFalse();
  }

  @Test
  void pauseAndResume() {
    desk.up(service("web", b -> b.live(Desk.TCP)));
    desk.born("web");
    desk.ask(new Command.Pause(Desk.units("web")));
    assertThat(desk.state("web")).isEqualTo(State.PAUSED);
    assertThat(desk.signals()).containsExactly("web:19:ALL");
    assertThat(desk.effects(Effect.StopProbe.class)).hasSize(1);
    desk.ask(new Command.Resume(Desk.units("web")));
    assertThat(desk.signals()).containsExactly("web:18:ALL");
    assertThat(desk.effects(Effect.StartProbe.class)).hasSize(1);
    assertThat(desk.state("web")).isEqualTo(State.RUNNING);
  }

  @Test
  void whatIsFrozenIsWokenToHearItsStopSignal() {
    desk.up(service("web"));
    desk.born("web");
    desk.ask(new Command.Pause(Desk.units("web")));
    desk.stop("web");
    assertThat(desk.signals()).containsExactly("web:15:GROUP", "web:18:ALL");
  }

  @Test
  void downTwiceIsFine() {
    desk.up(service("web"));
    desk.born("web");
    desk.ask(new Command.Down(Desk.units("web"), false));
    desk.exit("web", 0);
    OperationId again = desk.ask(new Command.Down(Desk.units("web"), false));
    assertThat(desk.code(again)).isEqualTo("ok");
  }

  @Test
  void downSupervisorEndsTheKeeperWhenNothingIsLeft() {
    desk.up(service("web"));
    desk.born("web");
    desk.ask(new Command.Down(Set.of(), true));
    assertThat(desk.effects(Effect.EndKeeper.class)).isEmpty();
    assertThat(desk.code(desk.start("web"))).isEqualTo("PF1311");
    desk.exit("web", 0);
    assertThat(desk.effects(Effect.EndKeeper.class)).hasSize(1);
  }

  @Test
  void standDownLeavesEverythingAlone() {
    desk.up(service("web"));
    desk.born("web");
    desk.tell(new Event.StandDown());
    assertThat(desk.effects).containsExactly(new Effect.EndSupervisor());
    desk.exit("web", 1);
    assertThat(desk.effects).isEmpty();
    assertThat(desk.look("web").wanted()).isEqualTo(Wanted.UP);
  }
}
