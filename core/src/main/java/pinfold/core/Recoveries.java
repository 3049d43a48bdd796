package pinfold.core;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.contract.State;
import pinfold.contract.Wanted;
import pinfold.manifest.Dependency;

/**
 * A new supervisor takes over what an earlier one left. Every birth is resolved by its id before
 * anything starts: what lives is adopted with its counters, what ended is judged by its true
 * status, what nobody can prove is left alone.
 */
final class Recoveries {
  private Recoveries() {}

  static void take(Turn turn, Recovery recovery) {
    turn.mode = World.Mode.ACTIVE;
    for (Project project : recovery.projects()) {
      turn.projects = turn.projects.with(project.name(), project);
    }
    for (Recovery.Remembered remembered : recovery.units()) {
      turn.add(unit(turn, remembered));
    }
    for (Unit unit : turn.all()) {
      for (Dependency dependency : unit.service.dependsOn()) {
        turn.link(unit.name, Turn.of(unit, dependency));
      }
    }
    Map<BirthId, BirthReport> reports = new LinkedHashMap<>();
    recovery.reports().forEach(report -> reports.merge(report.id(), report, BirthReport::and));
    List<Fact> facts = new ArrayList<>(recovery.facts());
    facts.sort(Comparator.comparingInt(Fact::run).reversed());
    for (Fact fact : facts) {
      fact(turn, fact, reports.remove(fact.id()));
    }
    reports.values().forEach(report -> Births.report(turn, report)); // nobody's
    for (Unit unit : turn.all()) {
      resume(turn, unit, recovery.rebooted());
    }
    for (OperationId operation : recovery.interrupted()) {
      turn.act(
          new Effect.Complete(
              operation,
              Result.failed(
                  Failure.of(
                      Code.OPERATION_INTERRUPTED,
                      "the supervisor ended before the operation did; what is wanted is being carried out"))));
    }
  }

  private static Unit unit(Turn turn, Recovery.Remembered remembered) {
    Ledger ledger = remembered.ledger();
    Unit unit = new Unit(ledger.unit(), remembered.service(), ledger.since());
    unit.generation = ledger.generation();
    unit.wanted = ledger.wanted();
    unit.once = ledger.once();
    unit.state =
        switch (ledger.state()) {
          case DONE, FAILED, SKIPPED -> ledger.state();
          case CREATED,
              WAITING,
              PREPARING,
              STARTING,
              RUNNING,
              STOPPING,
              BACKOFF,
              PAUSED,
              UNVERIFIED ->
              State.CREATED;
        };
    if (unit.state == State.CREATED) {
      unit.since = turn.now.wall();
    }
    unit.end = ledger.end();
    unit.failure = ledger.failure();
    unit.runs = ledger.run();
    unit.restarts = ledger.restarts();
    unit.step = ledger.step();
    unit.recent = ledger.recent().stream().map(tally -> Policy.stamp(tally, turn.now)).toList();
    unit.again = ledger.run() > 0;
    return unit;
  }

  private static void fact(Turn turn, Fact fact, @Nullable BirthReport report) {
    BirthReport is = report;
    if (is == null) {
      if (fact.identity() == null) {
        turn.act(new Effect.ForgetFact(fact.id())); // asked for, and it never was
        Unit unit = turn.edit(fact.unit());
        if (unit != null && fact.purpose() == Purpose.MAIN) {
          unit.runs = Math.max(unit.runs, fact.run());
        }
        return;
      }
      is = BirthReport.lost(fact.id(), fact.identity());
    }
    turn.births = turn.births.with(fact.id(), fact.unit());
    Unit unit = turn.edit(fact.unit());
    if (unit == null) {
      Births.report(turn, is);
    } else if (fact.purpose() != Purpose.MAIN) {
      helper(turn, unit, fact, is);
    } else if (unit.run != null) {
      older(turn, unit, fact, is);
    } else {
      adopt(turn, unit, fact, is);
    }
  }

  /** What ran beside a service begins anew if it is still needed; the old one is ended first. */
  private static void helper(Turn turn, Unit unit, Fact fact, BirthReport report) {
    if (report.over()) {
      turn.over(fact.id());
      return;
    }
    Map<BirthId, Helper> helpers = new LinkedHashMap<>(unit.helpers);
    helpers.put(
        fact.id(), new Helper(fact.id(), fact.purpose(), fact.run(), fact.since(), report, 0));
    unit.helpers = Ordered.map(helpers);
    if (!report.unverified()) {
      turn.killAll(fact.id());
    }
  }

  /** An older run than the one already taken over. */
  private static void older(Turn turn, Unit unit, Fact fact, BirthReport report) {
    if (report.over()) {
      turn.over(fact.id());
    } else {
      Births.leftover(turn, unit, report, fact.run());
    }
  }

  private static void adopt(Turn turn, Unit unit, Fact fact, BirthReport report) {
    Run run = new Run(fact.id(), fact.run(), fact.generation(), fact.since());
    run.report =
        new BirthReport(
                fact.id(),
                fact.identity(),
                fact.executed(),
                null,
                fact.end(),
                false,
                report.unverified())
            .and(report);
    run.mainPid = fact.mainPid();
    run.forked = fact.forked();
    run.forkChecks = fact.forked() ? 1 : 0;
    run.notify = Life.notifies(unit);
    run.announced = true;
    run.again = fact.run() > 1;
    unit.run = run;
    unit.runs = Math.max(unit.runs, fact.run());
    unit.failure = null;
    unit.needs = List.of();
    if (run.report.executed()) {
      run.executedNanos = Math.max(1, Policy.nanosOf(fact.since(), turn.now));
    }
    if (report.over()) {
      unit.state = fact.aim() == null ? State.RUNNING : State.STOPPING;
      unit.aim = fact.aim();
      run.everReady = fact.readySince() != null || fact.health() == Health.READY;
      run.readyNanos =
          fact.readySince() == null ? 0 : Math.max(1, Policy.nanosOf(fact.readySince(), turn.now));
      Births.over(turn, unit, run);
      return;
    }
    if (run.report.unverified()) {
      turn.become(unit, State.UNVERIFIED, "may still run from before: that cannot be proven", "");
      return;
    }
    if (run.notify) {
      turn.act(new Effect.OpenNotify(fact.id(), unit.name)); // it went with a keeper that died
    }
    unit.paused = fact.paused();
    if (fact.aim() != null) {
      unit.aim = fact.aim();
      unit.stage = Unit.Stage.ORDER;
      turn.become(unit, State.STOPPING, "was being ended when the last supervisor did", "");
    } else if (!run.report.executed()) {
      turn.become(unit, State.STARTING, "was being started when the last supervisor ended", "");
    } else {
      running(turn, unit, run, fact);
    }
    if (run.report.end() != null && unit.aim == null && !run.forked) {
      Births.mainGone(turn, unit, run, run.report.end());
    }
  }

  private static void running(Turn turn, Unit unit, Run run, Fact fact) {
    unit.state = fact.paused() ? State.PAUSED : State.RUNNING;
    boolean declared = unit.service.ready().isPresent();
    unit.health =
        !declared
            ? Health.UNDECLARED
            : fact.health() == Health.UNDECLARED ? Health.NOT_READY : fact.health();
    run.everReady = fact.readySince() != null || fact.health() == Health.READY;
    run.readySince = fact.readySince();
    run.readyNanos =
        fact.readySince() == null ? 0 : Math.max(1, Policy.nanosOf(fact.readySince(), turn.now));
    if (!fact.paused()) {
      Probing.resume(turn, unit, run);
    }
    turn.become(unit, unit.state, "was taken over, running, from an earlier supervisor", "");
    unit.since = fact.since(); // it has run since then, whoever watched
  }

  /** What is wanted goes on; what is not is ended. */
  private static void resume(Turn turn, Unit unit, boolean rebooted) {
    Unit mine = turn.edit(unit.name);
    if (mine == null) {
      return;
    }
    if (mine.wanted == Wanted.DOWN) {
      if (mine.live() && mine.aim == null && mine.state != State.UNVERIFIED) {
        Stops.begin(turn, mine, Aim.STOP, null, "is not wanted", null);
      } else if (mine.aim == Aim.RESTART || mine.aim == Aim.POLICY) {
        mine.aim = Aim.STOP;
      }
      return;
    }
    if (mine.aim == Aim.STOP || mine.aim == Aim.REMOVE) {
      mine.aim = Aim.RESTART;
    }
    switch (mine.state) {
      case CREATED ->
          Life.begin(turn, mine, rebooted ? "is wanted after a restart of the host" : "is wanted");
      case DONE, SKIPPED -> {
        if (mine.once) {
          return; // it ran, and is forgotten now
        }
        if (rebooted) {
          mine.again = false;
          Life.begin(turn, mine, "is wanted after a restart of the host");
        } else if (mine.state == State.SKIPPED && mine.failure != null) {
          Life.begin(turn, mine, "is wanted");
        }
      }
      case STARTING, RUNNING, PAUSED -> {
        if (mine.run != null && mine.run.generation != mine.generation && mine.aim == null) {
          Stops.begin(turn, mine, Aim.RESTART, null, "runs with an older specification", null);
        }
      }
      case WAITING, PREPARING, STOPPING, BACKOFF, FAILED, UNVERIFIED -> {}
    }
  }
}
