package pinfold.core;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import pinfold.contract.State;
import pinfold.contract.Wanted;
import pinfold.manifest.Dependency;
import pinfold.manifest.RestartBudget;
import pinfold.manifest.ServiceName;

/**
 * What must hold after every step, written down a second time and in other words than the core's.
 */
final class SimRules {
  private final Sim sim;
  private final Set<UnitName> held = new HashSet<>();
  private final Set<UnitName> unsaved = new HashSet<>();
  private final Map<UnitName, Integer> restarts = new HashMap<>();
  private final Set<OperationId> completed = new HashSet<>();
  private boolean keeperEnded;

  SimRules(Sim sim) {
    this.sim = sim;
  }

  private void check(boolean holds, String rule, @Nullable Object about) {
    if (!holds) {
      throw new AssertionError(
          rule
              + ": "
              + about
              + "\n"
              + String.join("\n", sim.trace)
              + "\n"
              + sim.world.units().stream()
                  .map(u ->
                      u.name()
                          + " "
                          + u.state()
                          + "/"
                          + u.health()
                          + " wanted "
                          + u.wanted()
                          + " aim "
                          + u.aim()
                          + u.stage
                          + " needs "
                          + u.needs()
                          + " deps "
                          + u.service().dependsOn()
                          + " timers "
                          + u.timers
                          + " ops "
                          + u.operations)
                  .toList());
    }
  }

  // ---- told by the simulation

  /** What was not on disk is not known any more. */
  void booted() {
    held.clear();
    sim.disk.ledgers.forEach((name, ledger) -> {
      if (ledger.wanted() == Wanted.DOWN) {
        held.add(name);
      }
    });
    unsaved.clear();
    restarts.clear();
    sim.disk.ledgers.forEach((name, ledger) -> restarts.put(name, ledger.restarts()));
  }

  void unsaved(UnitName name) {
    unsaved.add(name);
  }

  void saved(UnitName name) {
    unsaved.remove(name);
  }

  void completes(OperationId id) {
    check(completed.add(id), "an operation completes once", id);
  }

  void keeperEnds() {
    check(
        sim.kernel.values().stream().noneMatch(SimProcess::alive),
        "the keeper ends when nothing is left",
        sim.kernel.keySet());
    keeperEnded = true;
  }

  /** A birth is being made. */
  void spawns(Launch launch) {
    check(
        sim.disk.facts.containsKey(launch.id()) || factless(launch.id()),
        "every birth has a fact before it is made",
        launch);
    check(!sim.kernel.containsKey(launch.id()), "birth ids are unique", launch);
    if (launch.purpose() == Purpose.MAIN) {
      check(
          sim.liveMains().getOrDefault(launch.unit(), 0) == 0,
          "no slot has two live instances",
          launch.unit());
      check(!held.contains(launch.unit()), "an explicit stop holds", launch.unit());
    }
  }

  private boolean factless(BirthId id) {
    return !sim.disk.facts.containsKey(id);
  }

  void forgets(BirthId id) {
    SimProcess process = sim.kernel.get(id);
    check(process == null || !process.alive(), "every live process has a fact", id);
  }

  void acknowledges(BirthId id) {
    SimProcess process = sim.kernel.get(id);
    check(process == null || !process.alive(), "only what is over is acknowledged", id);
  }

  void signals(Effect.Signal signal) {
    SimProcess process = sim.kernel.get(signal.birth());
    check(
        process == null || !process.unprovable || !known(process),
        "nothing is signalled that may not be ours",
        signal);
  }

  private boolean known(SimProcess process) {
    Unit unit = sim.look(process.launch.unit());
    return unit != null && unit.state() == State.UNVERIFIED;
  }

  // ---- after the step, before its effects

  void stepped(World before, Event event, Step step) {
    if (event instanceof Event.Request request && accepted(request, step)) {
      oracle(before, request.command());
    }
    for (Effect effect : step.effects()) {
      if (effect instanceof Effect.Birth birth && birth.launch().purpose() == Purpose.MAIN) {
        conditions(step.world(), birth.launch());
      }
      if (effect instanceof Effect.Note note && note.cause().key().equals("backoff")) {
        restarts.merge(note.unit(), 1, Integer::sum);
        budget(step.world(), note.unit());
      }
    }
    check(
        event instanceof Event.Request
            || event instanceof Event.Recovered
            || step.effects().size() <= 60 * (2 + before.units().size()),
        "a step does what it affects",
        step.effects().size());
  }

  private static boolean accepted(Event.Request request, Step step) {
    return step.effects().stream()
        .anyMatch(effect ->
            effect instanceof Effect.Begin begin && begin.operation().equals(request.operation()));
  }

  /** What the operator's words mean for who is held and whose budget is fresh. */
  private void oracle(World before, Command command) {
    switch (command) {
      case Command.Stop stop -> held.addAll(stop.units());
      case Command.Down down -> {
        held.addAll(down.units());
        if (down.supervisor()) {
          before.units().forEach(unit -> held.add(unit.name()));
        }
      }
      case Command.Start start -> fresh(closure(before, start.units()));
      case Command.Restart restart -> {
        Set<UnitName> named = new HashSet<>(restart.units());
        if (restart.cascade()) {
          before.units().stream()
              .filter(unit -> unit.wanted() == Wanted.UP)
              .map(Unit::name)
              .filter(name -> !Collections.disjoint(closure(before, Set.of(name)), restart.units()))
              .forEach(named::add);
        }
        fresh(closure(before, named));
      }
      case Command.Run run -> fresh(Set.of(new UnitName(UnitName.RUN, run.service().name())));
      case Command.Apply apply -> {
        Set<UnitName> names = new HashSet<>();
        for (ServiceName name : Changes.selected(before, apply.manifest(), apply.options())) {
          UnitName unit = new UnitName(apply.manifest().project().text(), name);
          boolean stopped =
              before.unit(unit).map(there -> there.wanted() == Wanted.DOWN).orElse(false);
          if (!apply.options().keepStopped() || !stopped) {
            names.add(unit);
          }
        }
        fresh(names);
        for (Unit unit : before.units()) {
          if (unit.name().project().equals(apply.manifest().project().text())
              && apply.manifest().service(unit.name().service()).isEmpty()
              && apply.options().remove()) {
            held.add(unit.name());
          }
        }
      }
      case Command.Reload _,
          Command.Kill _,
          Command.Pause _,
          Command.Resume _,
          Command.Cancel _ -> {}
    }
  }

  private void fresh(Set<UnitName> names) {
    held.removeAll(names);
    names.forEach(restarts::remove);
  }

  private static Set<UnitName> closure(World world, Set<UnitName> names) {
    Set<UnitName> all = new TreeSet<>();
    Deque<UnitName> open = new ArrayDeque<>(names);
    while (!open.isEmpty()) {
      UnitName name = open.removeFirst();
      if (all.add(name)) {
        world
            .unit(name)
            .ifPresent(unit ->
                unit.service()
                    .dependsOn()
                    .forEach(d -> open.add(new UnitName(name.project(), d.service()))));
      }
    }
    return all;
  }

  private void conditions(World world, Launch launch) {
    for (Dependency dependency : launch.service().dependsOn()) {
      Unit on =
          world.unit(new UnitName(launch.unit().project(), dependency.service())).orElse(null);
      boolean success =
          on != null
              && on.state() == State.DONE
              && on.end().map(end -> end.equals(new End.Exited(0))).orElse(false);
      boolean holds =
          on != null
              && on.wanted() == Wanted.UP
              && switch (dependency.condition()) {
                case STARTED ->
                    on.state() == State.RUNNING
                        || on.state() == State.PAUSED
                        || on.state() == State.DONE;
                case READY ->
                    on.state() == State.RUNNING
                        && (on.health() == Health.READY || on.health() == Health.UNDECLARED);
                case COMPLETED -> success;
              };
      check(
          holds, "nothing starts before its conditions hold", launch.unit() + " on " + dependency);
    }
  }

  private void budget(World world, UnitName name) {
    Unit unit = world.unit(name).orElse(null);
    if (unit != null
        && unit.service().restartBudget() instanceof RestartBudget.Limited limited
        && limited.within().isEmpty()) {
      check(
          restarts.getOrDefault(name, 0) <= limited.count(),
          "restarts stay in budget",
          name + " " + restarts.get(name) + " of " + limited.count());
    }
  }

  // ---- when its effects are done, too

  void settled(World before) {
    World world = sim.world;
    Map<BirthId, Fact> facts = new LinkedHashMap<>();
    for (Unit unit : world.units()) {
      facts.putAll(Turn.facts(unit, world.births));
      if (!unsaved.contains(unit.name())) {
        check(
            Turn.ledger(unit).equals(sim.disk.ledgers.get(unit.name())),
            "what is remembered is what is",
            unit.name());
      }
      check(
          unit.service().equals(sim.disk.specs.get(unit.name())),
          "the specification is remembered",
          unit.name());
      check(
          !unit.once
              || (unit.state() != State.DONE && unit.state() != State.FAILED)
              || unit.aim != null
              || !unit.helpers.isEmpty(),
          "what is to run once is forgotten when it ended",
          unit.name());
      if (unit.state() == State.WAITING || unit.state() == State.SKIPPED) {
        check(
            !unit.needs().isEmpty() || unit.state() == State.SKIPPED || idle(world, unit),
            "who waits knows for what",
            unit.name());
      }
    }
    facts.forEach((id, fact) -> {
      Fact written = sim.disk.facts.get(id);
      boolean never = written == null && !sim.kernel.containsKey(id);
      check(never || fact.equals(written), "the fact says what is", fact + " is not " + written);
    });
    Set<UnitName> seen = new HashSet<>();
    for (SimProcess process : sim.kernel.values()) {
      BirthId id = process.launch.id();
      UnitName name = process.launch.unit();
      if (process.alive()) {
        check(
            sim.disk.facts.containsKey(id) || orphan(world, id),
            "every live process has a fact",
            id);
        if (process.launch.purpose() == Purpose.MAIN) {
          check(seen.add(name), "no slot has two live instances", name);
          Unit unit = world.unit(name).orElse(null);
          boolean mine = unit != null && unit.run().map(run -> run.id().equals(id)).orElse(false);
          check(unit == null || !mine || unit.live(), "nothing is left of what does not run", name);
        }
      }
    }
    for (UnitName name : held) {
      Unit unit = world.unit(name).orElse(null);
      check(
          unit == null || unit.wanted() == Wanted.DOWN,
          "an explicit stop holds until an explicit start",
          name);
    }
    check(
        world.mode() == World.Mode.STOOD_DOWN || before.mode() != World.Mode.STOOD_DOWN,
        "who stood down does nothing",
        null);
  }

  private static boolean idle(World world, Unit unit) {
    return world.mode() != World.Mode.ACTIVE
        || unit.wanted() == Wanted.DOWN
        || !unit.helpers.isEmpty();
  }

  private static boolean orphan(World world, BirthId id) {
    return world.owner(id).isEmpty() || world.unit(world.owner(id).get()).isEmpty();
  }

  // ---- when all is calm

  /** Every wish is fulfilled, or it is said why not. */
  void calm() {
    for (Operation operation : sim.world.operations()) {
      for (Unit unit : sim.world.units()) {
        if (unit.operations.contains(operation.id())) {
          check(patient(unit), "every operation ends", operation.verb() + pending(operation));
        }
      }
    }
    for (Unit unit : sim.world.units()) {
      boolean settled =
          switch (unit.state()) {
            case RUNNING, DONE, FAILED, BACKOFF, PAUSED, PREPARING, STARTING -> true;
            case CREATED -> unit.wanted() == Wanted.DOWN;
            case SKIPPED -> true;
            case WAITING -> !unit.needs().isEmpty();
            case STOPPING, UNVERIFIED -> false;
          };
      check(
          settled,
          "nothing hangs",
          unit.name() + " " + unit.state() + " " + unit.aim() + " " + unit.stage);
      check(
          unit.wanted() == Wanted.UP || !unit.live(),
          "what is not wanted does not run",
          unit.name() + " " + unit.state());
    }
  }

  /** It waits for something that runs to complete, which may be never. */
  private boolean patient(Unit unit) {
    return unit.state() == State.WAITING
        && unit.needs().stream()
            .map(need -> sim.look(need.unit()))
            .anyMatch(on -> on != null && (on.state() == State.RUNNING || patient(on)));
  }

  private List<String> pending(Operation operation) {
    return sim.world.units().stream()
        .filter(unit -> unit.operations.contains(operation.id()))
        .map(unit -> unit.name() + "=" + unit.state() + "/" + unit.health() + "/" + unit.needs())
        .toList();
  }

  void ended() {
    check(
        sim.kernel.values().stream().noneMatch(SimProcess::alive),
        "nothing is left after down",
        sim.kernel.values().stream().filter(SimProcess::alive).map(p -> p.launch).toList());
    check(sim.disk.facts.isEmpty(), "no fact is left of what is over", sim.disk.facts);
    check(keeperEnded, "the keeper ends when everything has", sim.world.mode());
  }
}
