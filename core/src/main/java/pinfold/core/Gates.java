package pinfold.core;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import pinfold.contract.State;
import pinfold.contract.Wanted;
import pinfold.manifest.Dependency;
import pinfold.manifest.Dependency.Condition;
import pinfold.manifest.Service;

/** What holds a unit back: its dependencies before a start, its dependents before a stop. */
final class Gates {
  private Gates() {}

  /**
   * What stands between a unit and its start.
   *
   * @param needs what is missing; empty = nothing
   * @param never one of them cannot come about by itself: the unit is left out
   */
  record Gate(List<Need> needs, boolean never) {
    boolean open() {
      return needs.isEmpty();
    }
  }

  static Gate before(Turn turn, Unit unit) {
    List<Need> needs = new ArrayList<>();
    boolean never = false;
    for (Dependency dependency : unit.service.dependsOn()) {
      UnitName name = Turn.of(unit, dependency);
      Unit on = turn.look(name);
      Verdict verdict = verdict(on, dependency.condition());
      if (verdict != Verdict.HOLDS) {
        needs.add(
            new Need(name, wish(dependency.condition()), on == null ? "is not known" : state(on)));
        never |= verdict == Verdict.NEVER;
      }
    }
    return new Gate(needs, never);
  }

  private enum Verdict {
    HOLDS,
    NOT_YET,
    NEVER
  }

  private static Verdict verdict(@Nullable Unit on, Condition condition) {
    if (on == null) {
      return Verdict.NEVER;
    }
    if (on.aim != null || on.wanted == Wanted.DOWN) {
      return Verdict.NOT_YET;
    }
    return switch (on.state) {
      case FAILED, SKIPPED -> Verdict.NEVER;
      case CREATED, WAITING, PREPARING, STARTING, STOPPING, BACKOFF, UNVERIFIED -> Verdict.NOT_YET;
      case RUNNING ->
          switch (condition) {
            case STARTED -> Verdict.HOLDS;
            case READY -> ready(on) ? Verdict.HOLDS : Verdict.NOT_YET;
            case COMPLETED -> Verdict.NOT_YET;
          };
      case PAUSED -> condition == Condition.STARTED ? Verdict.HOLDS : Verdict.NOT_YET;
      case DONE ->
          switch (condition) {
            case STARTED -> Verdict.HOLDS;
            case READY -> Verdict.NEVER;
            case COMPLETED -> success(on.service, on.end) ? Verdict.HOLDS : Verdict.NEVER;
          };
    };
  }

  private static boolean ready(Unit on) {
    return switch (on.health) {
      case READY, UNDECLARED -> true;
      case NOT_READY, UNHEALTHY -> false;
    };
  }

  /** Whether an end counts as success; one that is not known never does. */
  static boolean success(Service service, @Nullable End end) {
    return switch (end) {
      case null -> false;
      case End.Exited exited -> service.success().code(exited.code());
      case End.Signalled signalled ->
          signalled.signal() != 32
              && signalled.signal() != 33
              && service.success().signal(signalled.signal());
      case End.Unknown _ -> false;
    };
  }

  private static String wish(Condition condition) {
    return switch (condition) {
      case STARTED -> "to be started";
      case READY -> "to be ready";
      case COMPLETED -> "to complete";
    };
  }

  /** What a unit is doing, as the predicate of a sentence. */
  static String state(Unit unit) {
    if (unit.wanted == Wanted.DOWN && !unit.live()) {
      return "is stopped";
    }
    return switch (unit.state) {
      case CREATED -> "was not started";
      case WAITING -> "waits";
      case PREPARING -> "prepares its start";
      case STARTING -> "is starting";
      case RUNNING ->
          switch (unit.health) {
            case NOT_READY -> "is not ready yet";
            case UNHEALTHY -> "is unhealthy";
            case READY, UNDECLARED -> "is running";
          };
      case STOPPING -> "is stopping";
      case BACKOFF -> "waits for its restart number " + unit.restarts;
      case DONE -> unit.end == null ? "is done" : unit.end.toString();
      case FAILED -> "has failed";
      case SKIPPED -> "is left out";
      case PAUSED -> "is paused";
      case UNVERIFIED -> "cannot be told from processes of others";
    };
  }

  /**
   * Who has to be gone before a unit may be stopped: dependents that are being stopped too, also
   * indirect ones.
   */
  static List<Need> beforeStop(Turn turn, Unit unit) {
    List<Need> needs = new ArrayList<>();
    Set<UnitName> visited = new HashSet<>(Set.of(unit.name));
    Deque<Unit> above = new ArrayDeque<>(List.of(unit));
    while (!above.isEmpty()) {
      for (UnitName name : above.removeFirst().dependents) {
        Unit dependent = turn.look(name);
        if (dependent == null || !visited.add(name)) {
          continue;
        }
        if (!dependent.live()) {
          above.add(dependent);
        } else if (dependent.state == State.STOPPING
            && dependent.aim != null
            && dependent.aim != Aim.POLICY
            && dependent.stage != Unit.Stage.STUCK) {
          needs.add(new Need(name, "to be gone", state(dependent)));
          if (needs.size() == NAMED) {
            return needs;
          }
        }
      }
    }
    return needs;
  }

  /** More need not be named: the first few say what is waited for. */
  private static final int NAMED = 8;
}
