package pinfold.core;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import pinfold.contract.Change;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.contract.State;
import pinfold.contract.Wanted;
import pinfold.manifest.Dependency;
import pinfold.manifest.Probe;
import pinfold.manifest.Service;
import pinfold.manifest.Signal;

/** What an operator asks for becomes wants, aims and an operation; the rest is the rules'. */
final class Requests {
  private Requests() {}

  static void take(Turn turn, OperationId id, Command command) {
    if (turn.operations.get(id) != null) {
      return;
    }
    boolean starts =
        switch (command) {
          case Command.Apply _,
              Command.Run _,
              Command.Start _,
              Command.Restart _,
              Command.Reload _,
              Command.Pause _,
              Command.Resume _ ->
              true;
          case Command.Stop _, Command.Kill _, Command.Down _, Command.Cancel _ -> false;
        };
    if (starts && turn.mode == World.Mode.ENDING) {
      Operations.refuse(turn, id, Failure.of(Code.SHUTTING_DOWN, "everything is being stopped"));
      return;
    }
    switch (command) {
      case Command.Apply apply -> apply(turn, id, apply);
      case Command.Run run -> run(turn, id, run);
      case Command.Start start -> start(turn, id, start);
      case Command.Stop stop -> stop(turn, id, stop);
      case Command.Restart restart -> restart(turn, id, restart);
      case Command.Reload reload -> reload(turn, id, reload);
      case Command.Kill kill -> kill(turn, id, kill);
      case Command.Pause pause -> pause(turn, id, pause);
      case Command.Resume resume -> resume(turn, id, resume);
      case Command.Down down -> down(turn, id, down);
      case Command.Cancel cancel -> cancel(turn, id, cancel);
    }
  }

  // ---- up

  private static void apply(Turn turn, OperationId id, Command.Apply apply) {
    Changes changes = Changes.between(turn.before(), apply.manifest(), apply.options());
    if (changes.refused().isPresent()) {
      Operations.refuse(turn, id, changes.refused().get());
      return;
    }
    String name = apply.manifest().project().text();
    Project project = new Project(name, apply.manifest().file().toString(), apply.source());
    if (!project.equals(turn.projects.get(name))) {
      turn.projects = turn.projects.with(name, project);
      turn.remember(new Effect.SaveProject(project));
    }
    List<UnitName> targets = new ArrayList<>();
    List<Change> parts = new ArrayList<>();
    for (Change change : changes.changes()) {
      UnitName unit = UnitName.of(change.project(), change.name());
      Unit before = turn.look(unit);
      boolean rests = before != null && Changes.rests(before, apply.options());
      if (!rests || change.action() == Change.Action.REMOVE) {
        targets.add(unit);
        parts.add(change);
      }
      if (change.action() != Change.Action.REMOVE) {
        specify(turn, unit, apply.manifest().service(unit.service()).orElseThrow());
      }
    }
    link(turn, name);
    Operations.begin(turn, id, "up", Operation.Goal.UP, targets);
    for (Change change : parts) {
      Unit unit = turn.edit(UnitName.of(change.project(), change.name()));
      if (unit == null) {
        continue;
      }
      switch (change.action()) {
        case CREATE, START -> Life.start(turn, unit, true);
        case RECREATE -> {
          Life.start(turn, unit, false);
          Stops.begin(turn, unit, Aim.RESTART, null, change.reason(), null);
        }
        case UPDATE, KEEP -> {
          unit.wanted = Wanted.UP;
          if (unit.state == State.SKIPPED || unit.state == State.WAITING) {
            turn.unsettle(unit.name);
          }
        }
        case REMOVE -> {
          unit.wanted = Wanted.DOWN;
          Stops.begin(turn, unit, Aim.REMOVE, null, change.reason(), null);
        }
      }
    }
  }

  /** Gives a unit its specification; it is made when it does not exist. */
  private static void specify(Turn turn, UnitName name, Service service) {
    Unit unit = turn.edit(name);
    if (unit == null) {
      unit = new Unit(name, service, turn.now.wall());
      turn.add(unit);
      Births.inherit(turn, unit);
      turn.remember(new Effect.SaveSpec(name, service));
      return;
    }
    if (unit.service.equals(service)) {
      return;
    }
    if (!Differences.between(unit.service, service).launch().isEmpty()) {
      unit.generation++;
    }
    for (Dependency dependency : unit.service.dependsOn()) {
      turn.unlink(name, Turn.of(unit, dependency));
    }
    Optional<Probe> ready = unit.service.ready();
    Optional<Probe> live = unit.service.live();
    unit.service = service;
    turn.remember(new Effect.SaveSpec(name, service));
    if (unit.state == State.RUNNING && unit.run != null && unit.run.generation == unit.generation) {
      Probing.change(turn, unit, unit.run, ready, live);
    }
  }

  /** Enters the units of a project into the books of those that they depend on. */
  private static void link(Turn turn, String project) {
    for (Unit unit : turn.all()) {
      if (unit.name.project().equals(project)) {
        for (Dependency dependency : unit.service.dependsOn()) {
          turn.link(unit.name, Turn.of(unit, dependency));
        }
      }
    }
  }

  private static void run(Turn turn, OperationId id, Command.Run run) {
    UnitName name = new UnitName(UnitName.RUN, run.service().name());
    Unit there = turn.look(name);
    if (there != null && !over(there)) {
      Operations.refuse(
          turn,
          id,
          Failure.of(
              Code.BUSY, "\"%s\" %s; choose another name".formatted(name, Gates.state(there))));
      return;
    }
    if (!run.service().dependsOn().isEmpty()) {
      Operations.refuse(
          turn,
          id,
          Failure.of(Code.INVALID_PARAMETER, "what runs without a manifest depends on nothing"));
      return;
    }
    specify(turn, name, run.service());
    Operations.begin(turn, id, "run", Operation.Goal.UP, List.of(name));
    Unit unit = turn.edit(name);
    if (unit != null) {
      unit.once = run.once();
      Life.start(turn, unit, true);
    }
  }

  private static boolean over(Unit unit) {
    return switch (unit.state) {
      case DONE, FAILED, SKIPPED, CREATED -> true;
      case WAITING, PREPARING, STARTING, RUNNING, STOPPING, BACKOFF, PAUSED, UNVERIFIED -> false;
    };
  }

  // ---- start, stop, restart

  private static void start(Turn turn, OperationId id, Command.Start start) {
    if (unknown(turn, id, start.units())) {
      return;
    }
    Set<UnitName> closure = below(turn, start.units());
    Operations.begin(turn, id, "start", Operation.Goal.UP, closure);
    for (UnitName name : closure) {
      begin(turn, name, start.units());
    }
  }

  /** One part of an explicit start: what a named one needs is not run again when it completed. */
  private static void begin(Turn turn, UnitName name, Set<UnitName> named) {
    Unit unit = turn.edit(name);
    if (unit != null) {
      Life.start(turn, unit, named.contains(name) || unit.wanted == Wanted.DOWN);
    }
  }

  private static void stop(Turn turn, OperationId id, Command.Stop stop) {
    if (!unknown(turn, id, stop.units())) {
      Operations.begin(turn, id, "stop", Operation.Goal.DOWN, stop.units());
      stopAll(turn, stop.units(), stop.timeout().orElse(null), Aim.STOP);
    }
  }

  private static void stopAll(
      Turn turn, Collection<UnitName> names, @Nullable Duration patience, Aim aim) {
    for (UnitName name : names) {
      Unit unit = turn.edit(name);
      if (unit != null) {
        unit.wanted = Wanted.DOWN;
        boolean removed = unit.aim == Aim.REMOVE;
        Stops.begin(
            turn, unit, removed ? Aim.REMOVE : aim, patience, "was stopped by an operator", null);
      }
    }
  }

  private static void restart(Turn turn, OperationId id, Command.Restart restart) {
    if (unknown(turn, id, restart.units())) {
      return;
    }
    Set<UnitName> all = new TreeSet<>(restart.units());
    if (restart.cascade()) {
      for (UnitName name : above(turn, restart.units())) {
        Unit unit = turn.look(name);
        if (unit != null && unit.wanted == Wanted.UP) {
          all.add(name);
        }
      }
    }
    Set<UnitName> closure = below(turn, all);
    Operations.begin(turn, id, "restart", Operation.Goal.UP, closure);
    for (UnitName name : closure) {
      if (!all.contains(name)) {
        begin(turn, name, all);
      }
    }
    for (UnitName name : all) {
      Unit unit = turn.edit(name);
      if (unit == null) {
        continue;
      }
      // A restart under way is joined: only what runs on its old processes is ended.
      boolean running = unit.state == State.RUNNING || unit.state == State.PAUSED;
      Life.start(turn, unit, true);
      if (running) {
        Stops.begin(turn, unit, Aim.RESTART, null, "was restarted by an operator", null);
      }
    }
  }

  // ---- signals

  private static void reload(Turn turn, OperationId id, Command.Reload reload) {
    if (unknown(turn, id, reload.units())) {
      return;
    }
    for (UnitName name : reload.units()) {
      Unit unit = turn.look(name);
      if (unit == null || unit.service.reloadSignal().isEmpty()) {
        Operations.refuse(
            turn,
            id,
            Failure.of(
                Code.RELOAD_FAILED,
                "service \"%s\" declares no reload_signal".formatted(name.service())));
        return;
      }
    }
    Operations.begin(turn, id, "reload", Operation.Goal.SIGNALLED, reload.units());
    for (UnitName name : reload.units()) {
      Unit unit = turn.edit(name);
      Run run = unit == null ? null : unit.run;
      if (unit != null && run != null && unit.state == State.RUNNING) {
        Signal signal = unit.service.reloadSignal().orElseThrow();
        turn.act(new Effect.Signal(run.id, signal.number(), run.forked ? Scope.ALL : Scope.MAIN));
        turn.note(unit, "was asked to reload", "reload_signal", null);
      } else if (unit != null) {
        Operations.notRunning(turn, id, unit);
      }
    }
  }

  private static void kill(Turn turn, OperationId id, Command.Kill kill) {
    if (unknown(turn, id, kill.units())) {
      return;
    }
    Operations.begin(turn, id, "kill", Operation.Goal.SIGNALLED, kill.units());
    for (UnitName name : kill.units()) {
      Unit unit = turn.edit(name);
      Run run = unit == null ? null : unit.run;
      if (unit == null) {
        continue;
      }
      switch (unit.state) {
        case STARTING, RUNNING, PAUSED, STOPPING -> {
          if (run != null && turn.births.get(run.id) != null) {
            run.byOperator = true;
            turn.note(unit, "got " + Signals.name(kill.signal()) + " from an operator", "", null);
            if (unit.state == State.STOPPING && kill.signal() == Signals.KILL) {
              Stops.kill(turn, unit);
            } else {
              turn.act(new Effect.Signal(run.id, kill.signal(), Scope.ALL));
            }
          } else {
            Operations.notRunning(turn, id, unit);
          }
        }
        case CREATED, WAITING, PREPARING, BACKOFF, DONE, FAILED, SKIPPED, UNVERIFIED ->
            Operations.notRunning(turn, id, unit);
      }
    }
  }

  private static void pause(Turn turn, OperationId id, Command.Pause pause) {
    if (unknown(turn, id, pause.units())) {
      return;
    }
    Operations.begin(turn, id, "pause", Operation.Goal.SIGNALLED, pause.units());
    for (UnitName name : pause.units()) {
      Unit unit = turn.edit(name);
      if (unit != null && unit.state == State.RUNNING) {
        Stops.pause(turn, unit);
      } else if (unit != null) {
        Operations.notRunning(turn, id, unit);
      }
    }
  }

  private static void resume(Turn turn, OperationId id, Command.Resume resume) {
    if (unknown(turn, id, resume.units())) {
      return;
    }
    Operations.begin(turn, id, "resume", Operation.Goal.SIGNALLED, resume.units());
    for (UnitName name : resume.units()) {
      Unit unit = turn.edit(name);
      if (unit != null && unit.state == State.PAUSED) {
        Stops.resume(turn, unit);
      } else if (unit != null) {
        Operations.notRunning(turn, id, unit);
      }
    }
  }

  // ---- down

  private static void down(Turn turn, OperationId id, Command.Down down) {
    Set<UnitName> units = new TreeSet<>(down.units());
    if (down.supervisor()) {
      turn.all().forEach(unit -> units.add(unit.name));
    } else if (unknown(turn, id, units)) {
      return;
    }
    Operations.begin(turn, id, "down", Operation.Goal.DOWN, units);
    List<UnitName> once = new ArrayList<>();
    List<UnitName> kept = new ArrayList<>();
    for (UnitName name : units) {
      (name.project().equals(UnitName.RUN) ? once : kept).add(name);
    }
    stopAll(turn, kept, null, Aim.STOP);
    stopAll(turn, once, null, Aim.REMOVE);
    boolean unverified = turn.all().stream().anyMatch(unit -> unit.state == State.UNVERIFIED);
    if (down.supervisor() && !unverified) {
      turn.mode = World.Mode.ENDING;
    }
  }

  /** When nothing is left at all, the keeper can end. */
  static void maybeEnd(Turn turn) {
    if (turn.births.size() == 0) {
      turn.mode = World.Mode.STOOD_DOWN;
      turn.act(new Effect.EndKeeper());
    }
  }

  private static void cancel(Turn turn, OperationId id, Command.Cancel cancel) {
    Operation operation = turn.operations.get(cancel.operation());
    if (operation == null) {
      Operations.refuse(
          turn,
          id,
          Failure.of(
              Code.OPERATION_OVER, "no operation %s is under way".formatted(cancel.operation())));
      return;
    }
    turn.operations = turn.operations.without(cancel.operation());
    turn.act(
        new Effect.Complete(
            cancel.operation(),
            new Result(
                Optional.of(
                    Failure.of(Code.CANCELLED, "%s was cancelled".formatted(operation.verb()))),
                operation.outcomes())));
    Operations.begin(turn, id, "cancel", Operation.Goal.DOWN, List.of());
  }

  // ---- names

  private static boolean unknown(Turn turn, OperationId id, Set<UnitName> names) {
    for (UnitName name : names) {
      if (turn.look(name) == null) {
        Operations.refuse(
            turn, id, Failure.of(Code.NO_SUCH_SERVICE, "no service \"%s\"".formatted(name)));
        return true;
      }
    }
    return false;
  }

  /** These and what they depend on. */
  private static Set<UnitName> below(Turn turn, Set<UnitName> names) {
    Set<UnitName> all = new LinkedHashSet<>();
    Deque<UnitName> open = new ArrayDeque<>(names);
    while (!open.isEmpty()) {
      UnitName name = open.removeFirst();
      Unit unit = turn.look(name);
      if (unit != null && all.add(name)) {
        unit.service.dependsOn().forEach(dependency -> open.add(Turn.of(unit, dependency)));
      }
    }
    return all;
  }

  /** Whatever depends on these. */
  private static Set<UnitName> above(Turn turn, Set<UnitName> names) {
    Set<UnitName> all = new LinkedHashSet<>();
    Deque<UnitName> open = new ArrayDeque<>(names);
    while (!open.isEmpty()) {
      Unit unit = turn.look(open.removeFirst());
      if (unit != null) {
        for (UnitName dependent : unit.dependents) {
          if (all.add(dependent)) {
            open.add(dependent);
          }
        }
      }
    }
    return all;
  }
}
