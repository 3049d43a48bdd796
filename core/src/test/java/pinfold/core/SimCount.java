package pinfold.core;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import pinfold.contract.State;

/** How often each (state, event) pair and each fault was met. */
final class SimCount {
  final Map<String, Map<State, Integer>> pairs = new TreeMap<>();
  final Map<SimFault, Integer> faults = new EnumMap<>(SimFault.class);
  long steps;

  void fault(SimFault fault) {
    faults.merge(fault, 1, Integer::sum);
  }

  void event(World world, Event event, List<BirthId> past) {
    steps++;
    switch (event) {
      case Event.Request request -> {
        for (UnitName unit : targets(world, request.command())) {
          pair(world, unit, request.command().getClass().getSimpleName());
        }
      }
      case Event.Child child -> birth(world, child.report().id(), "Child");
      case Event.Signalled signalled -> birth(world, signalled.birth(), "Signalled");
      case Event.Due due -> pair(world, due.timer().unit(), "Due");
      case Event.Probed probed -> birth(world, probed.probe().birth(), "Probed");
      case Event.Notified notified -> birth(world, notified.birth(), "Notified");
      case Event.PidFileRead read -> birth(world, read.birth(), "PidFileRead");
      case Event.SaveFailed failed -> pair(world, failed.unit(), "SaveFailed");
      case Event.Recovered _ ->
          world.units().forEach(unit -> pair(world, unit.name(), "Recovered"));
      case Event.StandDown _ ->
          world.units().forEach(unit -> pair(world, unit.name(), "StandDown"));
    }
  }

  /** A stray event about a unit that its ids alone do not lead to. */
  void about(World world, @Nullable UnitName unit, Event event) {
    boolean leads =
        switch (event) {
          case Event.Child child -> leads(world, child.report().id());
          case Event.Signalled signalled -> leads(world, signalled.birth());
          case Event.Probed probed -> leads(world, probed.probe().birth());
          case Event.Notified notified -> leads(world, notified.birth());
          case Event.PidFileRead read -> leads(world, read.birth());
          case Event.Request _,
              Event.Due _,
              Event.SaveFailed _,
              Event.Recovered _,
              Event.StandDown _ ->
              true;
        };
    if (!leads && unit != null) {
      pair(world, unit, event.getClass().getSimpleName());
    }
  }

  private static boolean leads(World world, BirthId birth) {
    return world.owner(birth).isPresent()
        || world.units().stream()
            .anyMatch(unit -> unit.run().isPresent() && unit.run().get().id().equals(birth));
  }

  private static Set<UnitName> targets(World world, Command command) {
    if (!(command instanceof Command.Cancel)) {
      return command.units();
    }
    Set<UnitName> all = new TreeSet<>();
    world.units().forEach(unit -> all.add(unit.name()));
    return all;
  }

  private void birth(World world, BirthId birth, String event) {
    @Nullable UnitName owner = world.owner(birth).orElse(null);
    if (owner != null) {
      pair(world, owner, event);
      return;
    }
    for (Unit unit : world.units()) {
      if (unit.run().isPresent() && unit.run().get().id().equals(birth)) {
        pair(world, unit.name(), event);
      }
    }
  }

  private void pair(World world, UnitName name, String event) {
    world
        .unit(name)
        .ifPresent(unit ->
            pairs
                .computeIfAbsent(event, _ -> new EnumMap<>(State.class))
                .merge(unit.state(), 1, Integer::sum));
  }

  /** Pairs met less often than this. */
  Map<String, Integer> rarePairs(int least) {
    Map<String, Integer> rare = new HashMap<>();
    pairs.forEach((event, states) -> {
      for (State state : State.values()) {
        int met = states.getOrDefault(state, 0);
        if (met < least) {
          rare.put(state + " x " + event, met);
        }
      }
    });
    return rare;
  }

  String table() {
    StringBuilder text = new StringBuilder();
    text.append("%-12s".formatted(""));
    for (State state : State.values()) {
      text.append("%11s".formatted(state));
    }
    text.append('\n');
    pairs.forEach((event, states) -> {
      text.append("%-12s".formatted(event));
      for (State state : State.values()) {
        text.append("%11d".formatted(states.getOrDefault(state, 0)));
      }
      text.append('\n');
    });
    for (SimFault fault : SimFault.values()) {
      text.append("%-20s%9d%n".formatted(fault, faults.getOrDefault(fault, 0)));
    }
    return text.toString();
  }
}
