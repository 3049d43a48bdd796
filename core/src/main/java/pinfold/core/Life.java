package pinfold.core;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.contract.State;
import pinfold.contract.Wanted;
import pinfold.manifest.Hook;
import pinfold.manifest.Probe;
import pinfold.manifest.Skip;

/** The way of a unit to its running program: conditions, {@code skip}, {@code pre_start}, birth. */
final class Life {
  /** {@code skip} has no time of its own; a command that answers a question is given this long. */
  static final Duration SKIP_TIMEOUT = Duration.ofSeconds(60);

  private static final Duration SAVE_AGAIN = Duration.ofSeconds(1);

  private Life() {}

  /** Whatever the unit can do now, it does. */
  static void settle(Turn turn, Unit unit) {
    if (unit.aim != null) {
      Stops.advance(turn, unit);
    }
    switch (unit.state) {
      case WAITING, SKIPPED -> consider(turn, unit);
      case CREATED,
          PREPARING,
          STARTING,
          RUNNING,
          STOPPING,
          BACKOFF,
          DONE,
          FAILED,
          PAUSED,
          UNVERIFIED -> {}
    }
  }

  private static void consider(Turn turn, Unit unit) {
    if (unit.wanted == Wanted.DOWN || turn.mode != World.Mode.ACTIVE) {
      return;
    }
    if (unit.state == State.SKIPPED && unit.needs.isEmpty()) {
      return; // `skip` said so, not a dependency
    }
    Gates.Gate gate = Gates.before(turn, unit);
    if (gate.never()) {
      if (unit.state != State.SKIPPED || !unit.needs.equals(gate.needs())) {
        Need first = gate.needs().getFirst();
        unit.needs = gate.needs();
        unit.failure =
            Failure.of(
                Code.DEPENDENCY_FAILED,
                "service \"%s\" needs \"%s\" %s, which %s"
                    .formatted(
                        unit.name.service(), first.unit().service(), first.what(), first.why()));
        turn.become(
            unit,
            State.SKIPPED,
            "is left out: \"" + first.unit() + "\" " + first.why(),
            "depends_on",
            first.unit());
      }
      return;
    }
    if (!gate.open()) {
      if (unit.state != State.WAITING || !unit.needs.equals(gate.needs())) {
        Need first = gate.needs().getFirst();
        boolean another =
            unit.needs.isEmpty() || !unit.needs.getFirst().unit().equals(first.unit());
        boolean entered = unit.state != State.WAITING || another;
        unit.needs = gate.needs();
        unit.failure = null;
        if (entered) {
          turn.become(
              unit,
              State.WAITING,
              "waits for \"" + first.unit() + "\" " + first.what() + ", which " + first.why(),
              "depends_on",
              first.unit());
        }
      }
      return;
    }
    if (turn.unsettledBelow(unit)) {
      turn.unsettle(unit.name); // first they, for they may be about to be restarted
      return;
    }
    unit.needs = List.of();
    unit.failure = null;
    prepare(turn, unit);
  }

  /** Goes on with a start whose conditions hold: the next of skip, pre_start, birth. */
  private static void prepare(Turn turn, Unit unit) {
    boolean leftover = unit.helpers.values().stream().anyMatch(helper -> !helper.purpose().hook());
    if (leftover) {
      unit.state = State.WAITING;
      return; // one of an earlier start is still being ended
    }
    if (unit.prepared == Unit.Prepared.NOTHING) {
      switch (unit.service.skip().orElse(null)) {
        case null -> unit.prepared = Unit.Prepared.SKIP;
        case Skip.Always _ -> {
          left(turn, unit, "is left out: skip is true");
          return;
        }
        case Skip.When _ -> {
          turn.become(unit, State.PREPARING, "asks its skip command", "skip");
          Births.help(turn, unit, Purpose.SKIP);
          turn.arm(unit, Timer.Kind.HELPER, SKIP_TIMEOUT);
          return;
        }
      }
    }
    if (unit.prepared == Unit.Prepared.SKIP) {
      Optional<Hook> before = unit.service.preStart();
      if (before.isPresent()) {
        turn.become(unit, State.PREPARING, "runs pre_start", "pre_start");
        Births.help(turn, unit, Purpose.PRE_START);
        turn.arm(unit, Timer.Kind.HELPER, before.get().timeout());
        return;
      }
    }
    unit.prepared = Unit.Prepared.NOTHING;
    Births.main(turn, unit);
  }

  private static void left(Turn turn, Unit unit, String what) {
    unit.prepared = Unit.Prepared.NOTHING;
    unit.needs = List.of();
    unit.failure = null;
    turn.become(unit, State.SKIPPED, what, "skip");
  }

  /** The command of {@code skip} or {@code pre_start} ended. */
  static void prepared(Turn turn, Unit unit, Helper helper) {
    BirthReport report = helper.report();
    boolean zero = report.end() instanceof End.Exited exited && exited.code() == 0;
    turn.disarm(unit, Timer.Kind.HELPER);
    if (helper.purpose() == Purpose.SKIP) {
      if (report.failure() != null || report.end() instanceof End.Unknown) {
        Failure failure =
            report.failure() != null
                ? report.failure()
                : Failure.of(
                    Code.START_STEP_FAILED,
                    "the skip command of \"%s\" %s".formatted(unit.name, report.end()));
        unit.prepared = Unit.Prepared.NOTHING;
        Policy.fell(turn, unit, null, failure, "its skip command did not run");
      } else if (zero) {
        left(turn, unit, "is left out: its skip command exited with 0");
      } else {
        unit.prepared = Unit.Prepared.SKIP;
        unit.state = State.WAITING;
      }
      return;
    }
    if (zero) {
      unit.prepared = Unit.Prepared.ALL;
      unit.state = State.WAITING;
      return;
    }
    unit.prepared = Unit.Prepared.NOTHING;
    Failure failure =
        report.failure() != null
            ? report.failure()
            : Failure.of(
                Code.PRE_START_FAILED,
                "pre_start of service \"%s\" %s".formatted(unit.name.service(), report.end()));
    startFailed(turn, unit, unit.again);
    Policy.fell(turn, unit, null, failure, "pre_start failed");
  }

  /** A start came to nothing: the hooks for it. */
  static void startFailed(Turn turn, Unit unit, boolean again) {
    Births.hook(turn, unit, again ? Purpose.ON_RESTART_ERROR : Purpose.ON_START_ERROR);
  }

  /**
   * An operator's explicit start: a clean sheet, and the stop that may be under way becomes a
   * restart.
   */
  static void start(Turn turn, Unit unit, boolean evenDone) {
    unit.wanted = Wanted.UP;
    unit.restarts = 0;
    unit.recent = List.of();
    unit.step = 0;
    switch (unit.state) {
      case CREATED, FAILED -> begin(turn, unit, "was started");
      case SKIPPED -> {
        if (unit.needs.isEmpty()) {
          begin(turn, unit, "was started");
        }
      }
      case DONE -> {
        if (evenDone) {
          begin(turn, unit, "was started");
        }
      }
      case BACKOFF -> {
        turn.disarm(unit, Timer.Kind.BACKOFF);
        begin(turn, unit, "was started before its time");
      }
      case STOPPING -> {
        if (unit.aim == Aim.STOP || unit.aim == Aim.REMOVE) {
          unit.aim = Aim.RESTART;
          turn.note(unit, "was started again: begins anew when nothing of it is left", "", null);
        }
      }
      case PAUSED -> Stops.resume(turn, unit);
      case WAITING, PREPARING, STARTING, RUNNING, UNVERIFIED -> {}
    }
  }

  /** Enters the queue for a start. */
  static void begin(Turn turn, Unit unit, String what) {
    unit.needs = List.of();
    unit.failure = null;
    unit.prepared = Unit.Prepared.NOTHING;
    turn.become(unit, State.WAITING, what, "");
  }

  static void due(Turn turn, Timer timer) {
    Unit there = turn.look(timer.unit());
    if (there == null) {
      return;
    }
    if (timer.kind() == Timer.Kind.HOOK) {
      Births.hookOverdue(turn, there, timer.generation());
      return;
    }
    Long armed = there.timers.get(timer.kind());
    if (armed == null || armed != timer.generation()) {
      return;
    }
    Unit unit = turn.edit(timer.unit());
    if (unit == null) {
      return;
    }
    unit.timers = unit.timersWith(timer.kind(), null);
    switch (timer.kind()) {
      case BACKOFF -> {
        if (unit.state == State.BACKOFF) {
          unit.state = State.WAITING;
          unit.needs = List.of();
        }
      }
      case STOP, KILL -> Stops.overdue(turn, unit);
      case HELPER -> Births.helperOverdue(turn, unit);
      case READY -> Probing.readyOverdue(turn, unit);
      case WATCHDOG -> Probing.watchdogOverdue(turn, unit);
      case FORK -> Births.forkOverdue(turn, unit);
      case SAVE -> unit.unsaved = true;
      case TRIAL -> {} // whoever waits for the unit looks again, now that it is touched
      case HOOK -> throw new AssertionError("hooks are told apart above");
    }
  }

  static void saveFailed(Turn turn, Event.SaveFailed failed) {
    Unit unit = turn.edit(failed.unit());
    if (unit != null && !unit.timers.containsKey(Timer.Kind.SAVE)) {
      turn.note(unit, "could not be recorded: " + failed.failure().message(), "", null);
      turn.arm(unit, Timer.Kind.SAVE, SAVE_AGAIN);
    }
  }

  /** Whether the service itself says when it is ready or alive. */
  static boolean notifies(Unit unit) {
    return unit.service.ready().map(Probe::check).orElse(null) instanceof Probe.Notify
        || unit.service.live().map(Probe::check).orElse(null) instanceof Probe.Notify;
  }
}
