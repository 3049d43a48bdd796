package pinfold.core;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.contract.State;
import pinfold.contract.Wanted;
import pinfold.manifest.Dependency;
import pinfold.manifest.Hook;

/**
 * The way to nothing: dependents first, {@code pre_stop}, the stop signal, KILL, and the proof that
 * no process is left. It waits for processes, never for time: every wait ends at once when they are
 * gone.
 */
final class Stops {
  /** What KILL was sent to should be gone by then. */
  static final Duration KILL_PATIENCE = Duration.ofSeconds(5);

  /** How often KILL is repeated while something does not die of it. */
  private static final Duration KILL_AGAIN = Duration.ofSeconds(30);

  private static final int ESRCH = 3;

  private Stops() {}

  /** Whether this unit is to be restarted when the other one is. */
  static boolean bounces(Unit unit, UnitName other) {
    if (!unit.live() || unit.wanted == Wanted.DOWN || unit.state == State.UNVERIFIED) {
      return false;
    }
    for (Dependency dependency : unit.service.dependsOn()) {
      if (dependency.restart() && Turn.of(unit, dependency).equals(other)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether a unit that was to run once has ended, everybody was told, and nothing of it is left.
   */
  static boolean overForGood(Unit unit) {
    if (!unit.once || unit.aim != null || !unit.helpers.isEmpty() || !unit.operations.isEmpty()) {
      return false;
    }
    return switch (unit.state) {
      case DONE, FAILED, SKIPPED -> true;
      case CREATED -> unit.wanted == Wanted.DOWN;
      case WAITING, PREPARING, STARTING, RUNNING, STOPPING, BACKOFF, PAUSED, UNVERIFIED -> false;
    };
  }

  /**
   * Ends what there is of a unit, for a reason. What is under way already goes on; an operator's
   * reason replaces another one, and impatience makes it faster.
   *
   * @param patience instead of {@code stop_timeout}; null = that
   */
  static void begin(
      Turn turn,
      Unit unit,
      Aim aim,
      @Nullable Duration patience,
      String what,
      @Nullable UnitName because) {
    switch (unit.state) {
      case CREATED, DONE, FAILED, SKIPPED, WAITING, BACKOFF -> {
        turn.disarm(unit, Timer.Kind.BACKOFF);
        unit.prepared = Unit.Prepared.NOTHING;
        unit.aim = aim;
        settleEnd(turn, unit, what, because);
      }
      case UNVERIFIED -> {
        if (aim == Aim.REMOVE || aim == Aim.STOP) {
          turn.note(unit, what + "; nothing is signalled that may not be its own", "", because);
        }
      }
      case PREPARING -> {
        turn.disarm(unit, Timer.Kind.HELPER);
        unit.aim = aim;
        unit.stage = Unit.Stage.KILL;
        unit.prepared = Unit.Prepared.NOTHING;
        turn.become(unit, State.STOPPING, what, "", because);
        for (Helper helper : unit.helpers.values()) {
          if (!helper.purpose().hook()) {
            turn.killAll(helper.id());
          }
        }
      }
      case STARTING, RUNNING, PAUSED -> {
        unit.aim = aim;
        unit.patience = patience;
        unit.stage = aim == Aim.POLICY ? Unit.Stage.PRE_STOP : Unit.Stage.ORDER;
        turn.become(unit, State.STOPPING, what, "", because);
        if (aim == Aim.POLICY) {
          signal(turn, unit); // what misbehaves is not asked to say goodbye
        } else {
          order(turn, unit, aim, because);
        }
      }
      case STOPPING -> {
        if (aim != Aim.POLICY
            && unit.aim != aim
            && !(aim == Aim.RESTART && unit.aim == Aim.REMOVE)) {
          unit.aim = aim;
          turn.note(unit, what, "", because);
        }
        if (patience != null) {
          hurry(turn, unit, patience);
        }
      }
    }
  }

  /** An operator's restart of a unit ends those first that asked to be restarted with it. */
  private static void order(Turn turn, Unit unit, Aim aim, @Nullable UnitName because) {
    if (aim != Aim.RESTART) {
      return;
    }
    for (UnitName name : unit.dependents) {
      Unit there = turn.look(name);
      if (there != null
          && there.aim == null
          && !name.equals(because)
          && bounces(there, unit.name)) {
        Unit dependent = turn.edit(name);
        if (dependent != null) {
          begin(
              turn,
              dependent,
              Aim.RESTART,
              null,
              "\"" + unit.name + "\" is being restarted",
              unit.name);
        }
      }
    }
  }

  private static void hurry(Turn turn, Unit unit, Duration patience) {
    unit.patience = patience;
    switch (unit.stage) {
      case NONE, ORDER, KILL, STUCK -> {}
      case PRE_STOP -> {
        if (patience.isZero()) {
          kill(turn, unit);
        }
      }
      case SIGNAL -> {
        if (patience.isZero()) {
          kill(turn, unit);
        } else {
          turn.arm(unit, Timer.Kind.STOP, patience);
        }
      }
    }
  }

  /** Goes on with a stop that waits for others or whose processes are gone. */
  static void advance(Turn turn, Unit unit) {
    if (unit.state != State.STOPPING) {
      return;
    }
    if (unit.stage == Unit.Stage.ORDER) {
      List<Need> needs = Gates.beforeStop(turn, unit);
      unit.needs = needs;
      if (!needs.isEmpty()) {
        return;
      }
      preStop(turn, unit);
    }
    if (gone(turn, unit)) {
      settleEnd(turn, unit, "nothing of it is left", null);
    }
  }

  private static boolean gone(Turn turn, Unit unit) {
    boolean main = unit.run != null && turn.births.get(unit.run.id) != null;
    return !main && unit.helpers.values().stream().allMatch(helper -> helper.purpose().hook());
  }

  private static void preStop(Turn turn, Unit unit) {
    Optional<Hook> hook = unit.service.preStop();
    Run run = unit.run;
    boolean runs = run != null && run.report.executed() && run.report.end() == null && !unit.paused;
    if (hook.isPresent() && runs && !Duration.ZERO.equals(unit.patience)) {
      unit.stage = Unit.Stage.PRE_STOP;
      Births.help(turn, unit, Purpose.PRE_STOP);
      turn.arm(unit, Timer.Kind.HELPER, hook.get().timeout());
    } else {
      signal(turn, unit);
    }
  }

  /** The polite part: the stop signal. */
  static void signal(Turn turn, Unit unit) {
    Run run = unit.run;
    if (run == null || turn.births.get(run.id) == null) {
      return;
    }
    Duration patience = unit.patience == null ? unit.service.stopTimeout() : unit.patience;
    if (patience.isZero()) {
      kill(turn, unit);
      return;
    }
    Probing.end(turn, unit, run);
    unit.stage = Unit.Stage.SIGNAL;
    run.stopSignal = unit.service.stopSignal().number();
    run.signalledAll = run.forked || run.report.end() != null;
    turn.act(new Effect.Signal(run.id, run.stopSignal, run.signalledAll ? Scope.ALL : Scope.GROUP));
    wake(turn, unit, run);
    turn.arm(unit, Timer.Kind.STOP, patience);
  }

  /** What is frozen does not hear the signal. */
  private static void wake(Turn turn, Unit unit, Run run) {
    if (unit.paused) {
      unit.paused = false;
      turn.act(new Effect.Signal(run.id, Signals.CONT, Scope.ALL));
    }
  }

  /**
   * The main process is gone and others of the run are not: those that the first signal did not
   * reach get it too.
   */
  static void mainGone(Turn turn, Unit unit, Run run) {
    if (unit.stage == Unit.Stage.SIGNAL && !run.signalledAll) {
      run.signalledAll = true;
      turn.act(new Effect.Signal(run.id, run.stopSignal, Scope.ALL));
    }
  }

  static void kill(Turn turn, Unit unit) {
    Run run = unit.run;
    turn.disarm(unit, Timer.Kind.STOP);
    turn.disarm(unit, Timer.Kind.HELPER);
    unit.stage = Unit.Stage.KILL;
    for (Helper helper : unit.helpers.values()) {
      if (!helper.purpose().hook()) {
        turn.killAll(helper.id());
      }
    }
    if (run != null && turn.births.get(run.id) != null) {
      Probing.end(turn, unit, run);
      unit.paused = false;
      run.stopSignal = Signals.KILL;
      run.signalledAll = true;
      turn.killAll(run.id);
    }
    turn.arm(unit, Timer.Kind.KILL, KILL_PATIENCE);
  }

  static void overdue(Turn turn, Unit unit) {
    if (unit.state != State.STOPPING) {
      return;
    }
    switch (unit.stage) {
      case SIGNAL -> {
        turn.note(
            unit,
            "did not end within its time after "
                + Signals.name(unit.service.stopSignal().number())
                + ": KILL ("
                + Code.STOP_ESCALATED.id()
                + ")",
            "stop_timeout",
            null);
        kill(turn, unit);
      }
      case KILL, STUCK -> {
        boolean first = unit.stage == Unit.Stage.KILL;
        unit.stage = Unit.Stage.STUCK;
        for (Helper helper : unit.helpers.values()) {
          if (!helper.purpose().hook()) {
            turn.killAll(helper.id());
          }
        }
        Run run = unit.run;
        if (run != null && turn.births.get(run.id) != null) {
          turn.killAll(run.id);
        }
        turn.arm(unit, Timer.Kind.KILL, KILL_AGAIN);
        if (first) {
          if (turn.mode == World.Mode.ENDING) {
            turn.mode = World.Mode.ACTIVE; // the keeper cannot end over something that lives
          }
          unit.failure =
              Failure.of(
                  Code.STOP_FAILED,
                  "processes of service \"%s\" did not end by KILL".formatted(unit.name.service()));
          turn.note(unit, "does not end by KILL; it is repeated", "", null);
          Births.hook(turn, unit, Purpose.ON_STOP_ERROR);
        }
      }
      case NONE, ORDER, PRE_STOP -> {}
    }
  }

  static void signalled(Turn turn, Event.Signalled signalled) {
    UnitName owner = turn.births.get(signalled.birth());
    Unit unit = owner == null ? null : turn.edit(owner);
    Run run = unit == null ? null : unit.run;
    if (unit == null || run == null || !run.id.equals(signalled.birth())) {
      return;
    }
    if (unit.stage == Unit.Stage.SIGNAL
        && signalled.errno() == ESRCH
        && signalled.signal() == run.stopSignal
        && signalled.scope() == Scope.GROUP
        && !run.signalledAll) {
      run.signalledAll = true;
      turn.act(new Effect.Signal(run.id, run.stopSignal, Scope.ALL));
    }
    Operations.signalled(turn, unit, signalled);
  }

  /** Nothing of the run is left, and its end was asked for. */
  static void over(Turn turn, Unit unit, Run run) {
    for (Helper helper : unit.helpers.values()) {
      if (!helper.purpose().hook()) {
        turn.killAll(helper.id()); // pre_stop has nobody left to talk to
      }
    }
    turn.disarm(unit, Timer.Kind.HELPER);
    if (unit.aim == Aim.STOP || unit.aim == Aim.REMOVE) {
      Births.hook(turn, unit, Purpose.ON_STOP_SUCCESS);
    } else if (unit.aim == Aim.POLICY && !run.announced) {
      Life.startFailed(turn, unit, run.again);
    }
    unit.stage = Unit.Stage.KILL; // what is left, if anything, are helpers that were killed
  }

  /** The aim is reached. */
  private static void settleEnd(Turn turn, Unit unit, String what, @Nullable UnitName because) {
    Aim aim = unit.aim;
    unit.aim = null;
    unit.stage = Unit.Stage.NONE;
    unit.patience = null;
    unit.paused = false;
    unit.needs = List.of();
    turn.disarm(unit, Timer.Kind.STOP);
    turn.disarm(unit, Timer.Kind.KILL);
    switch (aim) {
      case null -> throw new AssertionError(unit.name + " ends without an aim");
      case STOP -> {
        unit.failure = null;
        turn.act(new Effect.DropDescriptors(unit.name));
        if (unit.runs == 0) {
          turn.become(unit, State.CREATED, what, "", because);
        } else {
          turn.become(unit, State.DONE, what, "", because);
        }
      }
      case RESTART -> {
        unit.failure = null;
        unit.again = unit.runs > 0;
        turn.become(unit, State.WAITING, what + ": starts again", "", because);
      }
      case POLICY -> {
        Failure failure =
            unit.failure == null
                ? Failure.of(
                    Code.EXITED, "service \"%s\" misbehaved".formatted(unit.name.service()))
                : unit.failure;
        Policy.fell(turn, unit, unit.run, failure, failure.message());
      }
      case REMOVE -> turn.drop(unit);
    }
  }

  // ---- pause

  static void pause(Turn turn, Unit unit) {
    Run run = unit.run;
    if (run != null) {
      unit.paused = true;
      Probing.end(turn, unit, run);
      turn.act(new Effect.Signal(run.id, Signals.STOP, Scope.ALL));
      turn.become(unit, State.PAUSED, "was paused", "");
    }
  }

  static void resume(Turn turn, Unit unit) {
    Run run = unit.run;
    if (run != null) {
      unit.paused = false;
      turn.act(new Effect.Signal(run.id, Signals.CONT, Scope.ALL));
      turn.become(unit, State.RUNNING, "was resumed", "");
      Probing.resume(turn, unit, run);
    }
  }
}
