package pinfold.core;

import java.time.Duration;
import java.util.Optional;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.contract.State;
import pinfold.manifest.Probe;

/** Readiness and liveness: probes, notify messages, watchdog. */
final class Probing {
  private Probing() {}

  /** The program runs: its probes begin, with nothing known. */
  static void begin(Turn turn, Unit unit, Run run) {
    Optional<Probe> ready = unit.service.ready();
    unit.health = ready.isPresent() ? Health.NOT_READY : Health.UNDECLARED;
    run.readyNanos = 0;
    run.readySince = null;
    resume(turn, unit, run);
    if (run.earlyReady) {
      saidReady(turn, unit, run);
    }
  }

  /** The kinds that give no verdict until they pass. */
  private static boolean saysItself(Probe probe) {
    return probe.check() instanceof Probe.Notify || probe.check() instanceof Probe.Log;
  }

  /**
   * Starts what asks, and the watchdog; what is known stays. Time that passed without it does not
   * count.
   */
  static void resume(Turn turn, Unit unit, Run run) {
    Probe ready = unit.service.ready().orElse(null);
    boolean answered = ready != null && ready.check() instanceof Probe.Log && run.everReady;
    if (ready != null
        && !(ready.check() instanceof Probe.Notify)
        && !answered
        && !run.probingReady) {
      run.probingReady = true;
      turn.act(
          new Effect.StartProbe(
              new ProbeKey(run.id, ProbeKey.Role.READY), Births.launch(unit, run), ready));
    }
    if (ready != null
        && saysItself(ready)
        && ready.startPeriod().isPositive()
        && !run.everReady
        && unit.health == Health.NOT_READY) {
      turn.arm(unit, Timer.Kind.READY, ready.startPeriod());
    }
    Probe live = unit.service.live().orElse(null);
    if (live != null && live.check() instanceof Probe.Notify) {
      if (run.watchdog.isZero() && !run.watchdogSet) {
        run.watchdog = live.interval();
      }
    } else if (live != null && !run.probingLive) {
      run.probingLive = true;
      turn.act(
          new Effect.StartProbe(
              new ProbeKey(run.id, ProbeKey.Role.LIVE), Births.launch(unit, run), live));
    }
    watch(turn, unit, run);
  }

  private static void watch(Turn turn, Unit unit, Run run) {
    if (run.watchdog.isZero()) {
      turn.disarm(unit, Timer.Kind.WATCHDOG);
    } else {
      turn.arm(unit, Timer.Kind.WATCHDOG, run.watchdog);
    }
  }

  /** Nobody asks any more. */
  static void end(Turn turn, Unit unit, Run run) {
    if (run.probingReady) {
      run.probingReady = false;
      turn.act(new Effect.StopProbe(new ProbeKey(run.id, ProbeKey.Role.READY)));
    }
    if (run.probingLive) {
      run.probingLive = false;
      turn.act(new Effect.StopProbe(new ProbeKey(run.id, ProbeKey.Role.LIVE)));
    }
    turn.disarm(unit, Timer.Kind.READY);
    turn.disarm(unit, Timer.Kind.WATCHDOG);
  }

  /**
   * The specification changed under a running service: what is asked from now on is what it says.
   */
  static void change(
      Turn turn, Unit unit, Run run, Optional<Probe> readyBefore, Optional<Probe> liveBefore) {
    boolean ready = !readyBefore.equals(unit.service.ready());
    if (!ready && liveBefore.equals(unit.service.live())) {
      return;
    }
    end(turn, unit, run);
    run.readyFailures = 0;
    run.liveFailures = 0;
    if (!run.watchdogSet) {
      run.watchdog = Duration.ZERO;
    }
    if (ready) {
      run.everReady = false;
      begin(turn, unit, run);
      turn.note(unit, "is asked for its readiness in another way", "ready", null);
    } else {
      resume(turn, unit, run);
    }
  }

  static void probed(Turn turn, Event.Probed probed) {
    UnitName owner = turn.births.get(probed.probe().birth());
    Unit there = owner == null ? null : turn.look(owner);
    if (there == null
        || there.state != State.RUNNING
        || there.run == null
        || !there.run.id.equals(probed.probe().birth())) {
      return;
    }
    Unit unit = turn.edit(there.name);
    Run run = unit == null ? null : unit.run;
    if (unit == null || run == null) {
      return;
    }
    switch (probed.probe().role()) {
      case READY -> {
        Probe probe = unit.service.ready().orElse(null);
        if (probe == null || !run.probingReady) {
          return;
        }
        if (probed.passed()) {
          run.readyFailures = 0;
          if (probe.check() instanceof Probe.Log) {
            run.probingReady = false;
          }
          become(turn, unit, run, "ready");
        } else if (run.everReady || past(turn, run, probe)) {
          run.readyFailures++;
          if (run.readyFailures >= probe.failures() && unit.health != Health.UNHEALTHY) {
            lose(
                turn,
                unit,
                run,
                Health.UNHEALTHY,
                "failed its readiness probe " + run.readyFailures + " times: " + probed.detail());
          }
        }
      }
      case LIVE -> {
        Probe probe = unit.service.live().orElse(null);
        if (probe == null || !run.probingLive) {
          return;
        }
        if (probed.passed()) {
          run.liveFailures = 0;
        } else if (past(turn, run, probe)) {
          run.liveFailures++;
          if (run.liveFailures >= probe.failures()) {
            broken(
                turn,
                unit,
                Code.LIVENESS_LOST,
                "failed its liveness probe " + run.liveFailures + " times: " + probed.detail());
          }
        }
      }
    }
  }

  /** Failures count only after the start period. */
  private static boolean past(Turn turn, Run run, Probe probe) {
    return turn.now.nanos() - run.executedNanos >= Units.nanos(probe.startPeriod());
  }

  private static void become(Turn turn, Unit unit, Run run, String what) {
    if (unit.health == Health.READY) {
      return;
    }
    turn.disarm(unit, Timer.Kind.READY);
    unit.health = Health.READY;
    run.readyNanos = Math.max(1, turn.now.nanos());
    run.readySince = turn.now.wall();
    run.readyFailures = 0;
    boolean first = !run.everReady;
    run.everReady = true;
    turn.note(unit, "is " + what, "ready", null);
    if (first) {
      Births.started(turn, unit, run);
      Births.hook(turn, unit, Purpose.ON_READY);
    }
  }

  private static void lose(Turn turn, Unit unit, Run run, Health health, String what) {
    unit.health = health;
    run.readyNanos = 0;
    run.readySince = null;
    turn.note(unit, what, "ready", null);
  }

  private static void broken(Turn turn, Unit unit, Code code, String what) {
    unit.failure = Failure.of(code, "service \"%s\" %s".formatted(unit.name.service(), what));
    Stops.begin(turn, unit, Aim.POLICY, null, what, null);
  }

  /** A service that says itself when it is ready has not. */
  static void readyOverdue(Turn turn, Unit unit) {
    Run run = unit.run;
    if (run != null && unit.state == State.RUNNING && unit.health == Health.NOT_READY) {
      lose(turn, unit, run, Health.UNHEALTHY, "did not become ready within its start period");
    }
  }

  static void watchdogOverdue(Turn turn, Unit unit) {
    if (unit.state == State.RUNNING) {
      broken(turn, unit, Code.WATCHDOG_LOST, "missed its watchdog");
    }
  }

  static void notified(Turn turn, Event.Notified notified) {
    UnitName owner = turn.births.get(notified.birth());
    Unit unit = owner == null ? null : turn.edit(owner);
    if (unit == null || unit.run == null || !unit.run.id.equals(notified.birth())) {
      return;
    }
    Run run = unit.run;
    for (Notice notice : notified.notices()) {
      switch (notice) {
        case Notice.Ready _ -> saidReady(turn, unit, run);
        case Notice.Stopping _ -> {
          if (unit.state == State.RUNNING && unit.health == Health.READY) {
            lose(turn, unit, run, Health.NOT_READY, "says that it is stopping");
          }
        }
        case Notice.Reloading _ -> {
          if (unit.state == State.RUNNING && unit.health == Health.READY) {
            run.reloading = true;
            lose(turn, unit, run, Health.NOT_READY, "is reloading");
          }
        }
        case Notice.Status status -> unit.status = status.text();
        case Notice.MainPid main -> run.mainPid = main.pid();
        case Notice.Alive _ -> {
          if (unit.state == State.RUNNING) {
            watch(turn, unit, run);
          }
        }
        case Notice.Trigger _ -> {
          if (unit.state == State.RUNNING) {
            broken(turn, unit, Code.WATCHDOG_LOST, "found itself to be broken");
          }
        }
        case Notice.WatchdogInterval interval -> {
          run.watchdog = interval.interval();
          run.watchdogSet = true;
          if (unit.state == State.RUNNING) {
            watch(turn, unit, run);
          }
        }
        case Notice.ExtendTimeout extend -> extend(turn, unit, extend.by());
        case Notice.Stored stored -> unit.descriptors = stored.descriptors();
      }
    }
  }

  private static void saidReady(Turn turn, Unit unit, Run run) {
    if (unit.state == State.STARTING) {
      run.earlyReady = true; // its word was faster than the keeper's report of its birth
      return;
    }
    boolean declares = unit.service.ready().map(Probe::check).orElse(null) instanceof Probe.Notify;
    if (unit.state == State.RUNNING && (declares || run.reloading)) {
      run.reloading = false;
      become(turn, unit, run, "ready");
    }
  }

  private static void extend(Turn turn, Unit unit, Duration by) {
    if (unit.state == State.RUNNING && unit.timers.containsKey(Timer.Kind.READY)) {
      turn.arm(unit, Timer.Kind.READY, by);
    } else if (unit.stage == Unit.Stage.SIGNAL && unit.timers.containsKey(Timer.Kind.STOP)) {
      turn.arm(unit, Timer.Kind.STOP, by);
    }
  }
}
