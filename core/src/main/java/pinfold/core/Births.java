package pinfold.core;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.contract.State;
import pinfold.contract.Wanted;
import pinfold.manifest.Hook;
import pinfold.manifest.Hooks;

/** Births, main and beside: asked for, reported, ended. */
final class Births {
  /**
   * A main process that ended with success and left descendants is a daemon that forked away,
   * unless these are gone within this time: then they were stragglers, and its exit was the end of
   * the service.
   */
  static final Duration FORK_GRACE = Duration.ofSeconds(1);

  private static final int PID_FILE_READS = 10;

  private Births() {}

  // ---- main births

  static void main(Turn turn, Unit unit) {
    unit.runs++;
    BirthId id = turn.nextBirth(unit.name);
    End last = unit.end;
    Run run = new Run(id, unit.runs, unit.generation, turn.now.wall());
    run.again = unit.again;
    run.notify = Life.notifies(unit);
    unit.run = run;
    unit.again = false;
    unit.stage = Unit.Stage.NONE;
    unit.paused = false;
    unit.status = "";
    if (run.notify) {
      turn.act(new Effect.OpenNotify(id, unit.name));
    }
    turn.act(
        new Effect.Birth(
            new Launch(id, unit.name, 1, Purpose.MAIN, run.number, unit.service, last)));
    turn.become(unit, State.STARTING, "is being started, run " + run.number, "");
    if (run.number > 1) {
      bounce(turn, unit);
    }
  }

  /** Whoever asked to be restarted with this unit, and runs on its earlier run, is. */
  private static void bounce(Turn turn, Unit unit) {
    for (UnitName name : unit.dependents) {
      Unit there = turn.look(name);
      if (there != null && there.aim == null && Stops.bounces(there, unit.name)) {
        Unit dependent = turn.edit(name);
        if (dependent != null) {
          Stops.begin(
              turn, dependent, Aim.RESTART, null, "\"" + unit.name + "\" was restarted", unit.name);
        }
      }
    }
  }

  static Launch launch(Unit unit, Run run) {
    return new Launch(run.id, unit.name, 1, Purpose.MAIN, run.number, unit.service, null);
  }

  static void report(Turn turn, BirthReport report) {
    UnitName owner = turn.births.get(report.id());
    Unit unit = owner == null ? null : turn.edit(owner);
    if (unit == null) {
      orphan(turn, report);
      return;
    }
    Helper helper = unit.helpers.get(report.id());
    if (helper != null) {
      helper(turn, unit, helper.with(helper.report().and(report)));
    } else if (unit.run != null && unit.run.id.equals(report.id())) {
      mainReport(turn, unit, unit.run, report);
    } else {
      orphan(turn, report); // of a unit that was forgotten and came again under the same name
    }
  }

  /**
   * A unit of this name was forgotten while something of it still ran: the new one starts when that
   * is gone.
   */
  static void inherit(Turn turn, Unit unit) {
    turn.births.forEach((id, owner) -> {
      if (owner.equals(unit.name)) {
        leftover(turn, unit, BirthReport.asked(id), 0);
      }
    });
  }

  /** An earlier run that is being ended: the next one starts when it is gone. */
  static void leftover(Turn turn, Unit unit, BirthReport report, int run) {
    Map<BirthId, Helper> helpers = new LinkedHashMap<>(unit.helpers);
    helpers.put(
        report.id(), new Helper(report.id(), Purpose.MAIN, run, turn.now.wall(), report, 0));
    unit.helpers = Ordered.map(helpers);
    if (!report.unverified()) {
      turn.killAll(report.id());
    }
  }

  /** Nobody's birth: nothing may run that nothing knows of. */
  private static void orphan(Turn turn, BirthReport report) {
    if (report.over()) {
      turn.over(report.id());
    } else if (!report.unverified()) {
      turn.killAll(report.id());
    }
  }

  private static void mainReport(Turn turn, Unit unit, Run run, BirthReport report) {
    BirthReport before = run.report;
    run.report = before.and(report);
    BirthReport is = run.report;
    if (unit.state == State.UNVERIFIED && !is.unverified() && !is.over()) {
      unit.state = is.executed() ? State.RUNNING : State.STARTING;
      if (unit.state == State.RUNNING) {
        Probing.begin(turn, unit, run);
      }
      turn.note(unit, "was recognised", "", null);
      if (unit.wanted == Wanted.DOWN) {
        Stops.begin(turn, unit, Aim.STOP, null, "is not wanted", null);
      }
    }
    if (is.executed() && run.executedNanos == 0) {
      run.executedNanos = Math.max(1, turn.now.nanos());
      if (unit.state == State.STARTING && is.end() == null) {
        running(turn, unit, run);
      }
    }
    if (is.over()) {
      over(turn, unit, run);
    } else if (is.failure() != null && before.failure() == null && !is.unverified()) {
      turn.killAll(run.id);
    } else if (is.end() != null
        && before.end() == null
        && (is.failure() == null || unit.aim != null)) {
      // A birth whose program was never reached ends, too: what is said of it is why, not how.
      mainGone(turn, unit, run, is.end());
    }
  }

  private static void running(Turn turn, Unit unit, Run run) {
    turn.become(unit, State.RUNNING, "runs", "");
    Probing.begin(turn, unit, run);
    if (unit.service.ready().isEmpty()) {
      started(turn, unit, run);
    }
  }

  /** A start has succeeded: its program runs and, where that is declared, is ready. */
  static void started(Turn turn, Unit unit, Run run) {
    if (!run.announced) {
      run.announced = true;
      hook(turn, unit, run.again ? Purpose.ON_RESTART_SUCCESS : Purpose.ON_START_SUCCESS);
    }
  }

  /** The main process ended and left others behind. */
  static void mainGone(Turn turn, Unit unit, Run run, End end) {
    if (unit.aim != null) {
      Stops.mainGone(turn, unit, run);
    } else if (unit.state == State.UNVERIFIED) {
      turn.note(unit, "its main process is gone", "", null);
    } else if (Gates.success(unit.service, end) && !run.byOperator) {
      run.forked = true;
      if (unit.state == State.STARTING) {
        running(turn, unit, run);
      }
      turn.arm(unit, Timer.Kind.FORK, FORK_GRACE);
      unit.service
          .pidFile()
          .ifPresent(file -> turn.act(new Effect.ReadPidFile(run.id, file.toString())));
    } else {
      unit.failure = ended(unit, end, run);
      Stops.begin(
          turn,
          unit,
          Aim.POLICY,
          null,
          "main process " + end + "; what it left is being ended",
          null);
    }
  }

  /** The descendants outlived the grace: they are the service now. */
  static void forkOverdue(Turn turn, Unit unit) {
    Run run = unit.run;
    if (run == null || !run.forked || unit.aim != null) {
      return;
    }
    run.forkChecks++;
    if (run.forkChecks == 1) {
      turn.note(unit, "its first process has exited and left a daemon running", "pid_file", null);
    }
    if (unit.service.pidFile().isPresent() && run.mainPid == 0) {
      if (run.forkChecks < PID_FILE_READS) {
        turn.act(new Effect.ReadPidFile(run.id, unit.service.pidFile().get().toString()));
        turn.arm(unit, Timer.Kind.FORK, FORK_GRACE);
      } else {
        turn.note(unit, "its pid_file does not name one of its processes", "pid_file", null);
      }
    }
  }

  static void pidFile(Turn turn, Event.PidFileRead read) {
    UnitName owner = turn.births.get(read.birth());
    Unit unit = owner == null ? null : turn.edit(owner);
    if (unit != null
        && unit.run != null
        && unit.run.id.equals(read.birth())
        && unit.run.forked
        && read.pid() > 0) {
      unit.run.mainPid = read.pid();
    }
  }

  /** Nothing of the run is left. */
  static void over(Turn turn, Unit unit, Run run) {
    turn.over(run.id);
    Probing.end(turn, unit, run);
    for (Timer.Kind kind :
        List.of(Timer.Kind.STOP, Timer.Kind.KILL, Timer.Kind.FORK, Timer.Kind.TRIAL)) {
      turn.disarm(unit, kind);
    }
    if (run.notify) {
      turn.act(new Effect.CloseNotify(run.id));
    }
    Operations.ended(turn, unit);
    BirthReport report = run.report;
    boolean daemon = run.forked && run.forkChecks > 0;
    End end = daemon && unit.aim == null ? new End.Unknown() : report.end();
    if (end != null) {
      unit.end = end;
    }
    if (unit.aim != null) {
      Stops.over(turn, unit, run);
      return;
    }
    if (unit.wanted == Wanted.DOWN) {
      turn.become(unit, State.DONE, "nothing of it is left", "");
      return;
    }
    if (report.failure() != null) {
      Life.startFailed(turn, unit, run.again);
      Policy.fell(turn, unit, run, report.failure(), report.failure().message());
      return;
    }
    End known = end == null ? new End.Unknown() : end;
    boolean success = Gates.success(unit.service, known);
    if (!run.announced && !success) {
      Life.startFailed(turn, unit, run.again);
    } else if (!run.announced && unit.service.ready().isEmpty()) {
      started(turn, unit, run); // it was born, ran and ended between two reports
    }
    Policy.ended(turn, unit, run, known, success);
  }

  /** What to say of a run that ended by itself and should not have, or not so. */
  static Failure ended(Unit unit, End end, Run run) {
    boolean early = unit.service.ready().isPresent() && !run.everReady;
    return Failure.of(
            end instanceof End.Unknown
                ? Code.EXIT_UNKNOWN
                : early ? Code.EXITED_EARLY : Code.EXITED,
            "service \"%s\" %s%s"
                .formatted(unit.name.service(), end, early ? " before it was ready" : ""))
        .with("run", run.number);
  }

  // ---- helpers

  static void help(Turn turn, Unit unit, Purpose purpose) {
    begin(turn, unit, purpose, 0);
  }

  private static void begin(Turn turn, Unit unit, Purpose purpose, long timer) {
    BirthId id = turn.nextBirth(unit.name);
    int run =
        purpose == Purpose.SKIP || purpose == Purpose.PRE_START
            ? unit.runs + 1
            : Math.max(1, unit.runs);
    Map<BirthId, Helper> helpers = new LinkedHashMap<>(unit.helpers);
    helpers.put(id, new Helper(id, purpose, run, turn.now.wall(), BirthReport.asked(id), timer));
    unit.helpers = Ordered.map(helpers);
    turn.act(new Effect.Birth(new Launch(id, unit.name, 1, purpose, run, unit.service, unit.end)));
  }

  /** Runs a hook beside everything else; one that still runs from before is not doubled. */
  static void hook(Turn turn, Unit unit, Purpose purpose) {
    @Nullable Hook hook = unit.service.hooks().at(moment(purpose)).orElse(null);
    if (hook == null || turn.mode == World.Mode.STOOD_DOWN) {
      return;
    }
    if (unit.helpers.values().stream().anyMatch(helper -> helper.purpose() == purpose)) {
      turn.note(
          unit, "its last " + word(purpose) + " hook still runs: not run again", "hooks", null);
      return;
    }
    begin(turn, unit, purpose, turn.armHook(unit.name, hook.timeout()));
  }

  static Hooks.Moment moment(Purpose purpose) {
    return switch (purpose) {
      case ON_START_SUCCESS -> Hooks.Moment.START_SUCCESS;
      case ON_START_ERROR -> Hooks.Moment.START_ERROR;
      case ON_READY -> Hooks.Moment.READY;
      case ON_STOP_SUCCESS -> Hooks.Moment.STOP_SUCCESS;
      case ON_STOP_ERROR -> Hooks.Moment.STOP_ERROR;
      case ON_RESTART_SUCCESS -> Hooks.Moment.RESTART_SUCCESS;
      case ON_RESTART_ERROR -> Hooks.Moment.RESTART_ERROR;
      case ON_FAILURE -> Hooks.Moment.FAILURE;
      case MAIN, SKIP, PRE_START, PRE_STOP ->
          throw new IllegalArgumentException(purpose + " is no hook");
    };
  }

  private static String word(Purpose purpose) {
    return moment(purpose).key();
  }

  private static void helper(Turn turn, Unit unit, Helper helper) {
    BirthReport report = helper.report();
    Map<BirthId, Helper> helpers = new LinkedHashMap<>(unit.helpers);
    if (!report.over()) {
      helpers.put(helper.id(), helper);
      unit.helpers = Ordered.map(helpers);
      if ((report.end() != null || report.failure() != null) && !report.unverified()) {
        turn.killAll(helper.id()); // what it left behind
      }
      return;
    }
    helpers.remove(helper.id());
    unit.helpers = Ordered.map(helpers);
    turn.disarm(unit.name, helper);
    turn.over(helper.id());
    switch (helper.purpose()) {
      case SKIP, PRE_START -> {
        if (unit.state == State.PREPARING && unit.wanted == Wanted.UP) {
          Life.prepared(turn, unit, helper);
        }
      }
      case PRE_STOP -> {
        if (unit.stage == Unit.Stage.PRE_STOP) {
          turn.disarm(unit, Timer.Kind.HELPER);
          if (!(report.end() instanceof End.Exited exited && exited.code() == 0)) {
            turn.note(unit, "pre_stop failed; the stop goes on", "pre_stop", null);
          }
          Stops.signal(turn, unit);
        }
      }
      case ON_START_SUCCESS,
          ON_START_ERROR,
          ON_READY,
          ON_STOP_SUCCESS,
          ON_STOP_ERROR,
          ON_RESTART_SUCCESS,
          ON_RESTART_ERROR,
          ON_FAILURE -> {
        if (!(report.end() instanceof End.Exited exited && exited.code() == 0)) {
          turn.note(unit, "its " + word(helper.purpose()) + " hook failed", "hooks", null);
        }
      }
      case MAIN -> {} // a run that was left over: the next start waited for its end
    }
  }

  static void hookOverdue(Turn turn, Unit there, long generation) {
    for (Helper helper : there.helpers.values()) {
      if (helper.timer() == generation) {
        turn.killAll(helper.id());
      }
    }
  }

  /** skip, pre_start or pre_stop takes too long: it is ended, which counts as its failure. */
  static void helperOverdue(Turn turn, Unit unit) {
    for (Helper helper : unit.helpers.values()) {
      if (!helper.purpose().hook()) {
        turn.note(
            unit,
            "its " + helper.purpose().name().toLowerCase(java.util.Locale.ROOT) + " took too long",
            "",
            null);
        turn.killAll(helper.id());
      }
    }
  }
}
