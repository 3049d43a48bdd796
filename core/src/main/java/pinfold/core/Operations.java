package pinfold.core;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.contract.State;
import pinfold.contract.Wanted;

/** Operations under way: what they wait for, and when that is decided. */
final class Operations {
  /**
   * A service that fell so often since its explicit start is reported as failing, though its policy
   * tries on.
   */
  static final int FALLS = 3;

  /**
   * A service that does not declare when it is ready has to run this long before its start is
   * called a success: what exits at once has failed. Dependents do not wait for it.
   */
  static final Duration TRIAL = Duration.ofMillis(200);

  /** Longer chains are not looked through. */
  private static final int DEEPEST = 1000;

  private Operations() {}

  /** Accepts an operation; it completes at once when it is about nothing. */
  static void begin(
      Turn turn, OperationId id, String verb, Operation.Goal goal, Collection<UnitName> units) {
    turn.act(new Effect.Begin(id, verb));
    Operation operation = new Operation(id, verb, goal, turn.now.wall(), units.size());
    turn.operations = turn.operations.with(id, operation);
    for (UnitName name : units) {
      Unit unit = turn.edit(name);
      if (unit == null) {
        outcome(turn, id, name, Optional.empty());
      } else {
        Set<OperationId> more = new LinkedHashSet<>(unit.operations);
        more.add(id);
        unit.operations = Ordered.set(more);
      }
    }
    if (units.isEmpty()) {
      complete(turn, operation);
    }
  }

  static void refuse(Turn turn, OperationId id, Failure failure) {
    turn.act(new Effect.Complete(id, Result.failed(failure)));
  }

  /** Tells each operation that waits for this unit when there is nothing more to wait for. */
  static void settle(Turn turn, Unit unit) {
    for (OperationId id : unit.operations) {
      Operation operation = turn.operations.get(id);
      if (operation == null) {
        leave(unit, id);
        continue;
      }
      Outcome outcome =
          switch (operation.goal()) {
            case UP -> up(turn, unit);
            case DOWN -> down(unit);
            case SIGNALLED ->
                unit.live()
                    ? Outcome.OPEN
                    : bad(
                        Code.NOT_RUNNING,
                        "service \"%s\" is not running".formatted(unit.name.service()));
          };
      if (outcome.settled()) {
        leave(unit, id);
        outcome(turn, id, unit.name, outcome.failure());
        if (outcome.failure().isPresent()) {
          unit.dependents.forEach(
              turn::unsettle); // they may be waiting for what will not come soon
        }
      }
    }
  }

  private static void leave(Unit unit, OperationId id) {
    Set<OperationId> fewer = new LinkedHashSet<>(unit.operations);
    fewer.remove(id);
    unit.operations = Ordered.set(fewer);
  }

  private record Outcome(boolean settled, Optional<Failure> failure) {
    static final Outcome OPEN = new Outcome(false, Optional.empty());
    static final Outcome GOOD = new Outcome(true, Optional.empty());
  }

  private static Outcome bad(Failure failure) {
    return new Outcome(true, Optional.of(failure));
  }

  private static Outcome bad(Code code, String message) {
    return bad(Failure.of(code, message));
  }

  private static Outcome up(Turn turn, Unit unit) {
    if (unit.aim != null && (unit.wanted == Wanted.UP || unit.aim == Aim.REMOVE)) {
      return unit.stage == Unit.Stage.STUCK && unit.failure != null
          ? bad(unit.failure)
          : Outcome.OPEN;
    }
    if (unit.wanted == Wanted.DOWN) {
      return bad(
          Code.CANCELLED, "service \"%s\" was stopped meanwhile".formatted(unit.name.service()));
    }
    return switch (unit.state) {
      case RUNNING ->
          switch (unit.health) {
            case READY -> Outcome.GOOD;
            case UNDECLARED -> tried(turn, unit);
            case NOT_READY -> Outcome.OPEN;
            case UNHEALTHY -> bad(neverReady(unit));
          };
      case DONE -> Outcome.GOOD;
      case SKIPPED -> unit.failure == null ? Outcome.GOOD : bad(unit.failure);
      case FAILED -> bad(unit.failure == null ? neverReady(unit) : unit.failure);
      case UNVERIFIED ->
          bad(
              Code.UNVERIFIED,
              "it cannot be proven which processes belong to service \"%s\""
                  .formatted(unit.name.service()));
      case BACKOFF -> troubled(unit) && unit.failure != null ? bad(unit.failure) : Outcome.OPEN;
      case WAITING -> {
        for (Need need : unit.needs) {
          Unit on = turn.look(need.unit());
          if (on == null || hopeless(turn, on, 0)) {
            yield bad(
                Code.DEPENDENCY_FAILED,
                "service \"%s\" still waits for \"%s\" %s, which %s"
                    .formatted(
                        unit.name.service(),
                        need.unit().service(),
                        need.what(),
                        on == null ? need.why() : Gates.state(on)));
          }
        }
        yield Outcome.OPEN;
      }
      case CREATED, PREPARING, STARTING, STOPPING, PAUSED -> Outcome.OPEN;
    };
  }

  private static Outcome tried(Turn turn, Unit unit) {
    long ran = unit.run == null ? 0 : turn.now.nanos() - unit.run.executedNanos;
    if (ran >= TRIAL.toNanos()) {
      return Outcome.GOOD;
    }
    if (!unit.timers.containsKey(Timer.Kind.TRIAL)) {
      turn.arm(unit, Timer.Kind.TRIAL, TRIAL.minusNanos(ran));
    }
    return Outcome.OPEN;
  }

  private static Failure neverReady(Unit unit) {
    return Failure.of(
        Code.NEVER_READY,
        "service \"%s\" did not become ready in time".formatted(unit.name.service()));
  }

  /** Its policy tries on, and there is little hope. */
  private static boolean troubled(Unit unit) {
    boolean neverRan = unit.run == null || !unit.run.report.executed();
    return unit.state == State.BACKOFF && (neverRan || unit.restarts >= FALLS);
  }

  /** It will not come soon, by what it is itself. */
  static boolean hopeless(Unit unit) {
    return unit.wanted == Wanted.DOWN
        || troubled(unit)
        || unit.health == Health.UNHEALTHY
        || unit.state == State.UNVERIFIED;
  }

  /** Whoever waits for this unit waits in vain, as things are. */
  private static boolean hopeless(Turn turn, Unit unit, int depth) {
    if (hopeless(unit) || depth > DEEPEST) {
      return true;
    }
    if (unit.state != State.WAITING) {
      return false;
    }
    for (Need need : unit.needs) {
      Unit on = turn.look(need.unit());
      if (on == null || hopeless(turn, on, depth + 1)) {
        return true;
      }
    }
    return false;
  }

  private static Outcome down(Unit unit) {
    if (unit.state == State.UNVERIFIED) {
      return bad(
          Code.UNVERIFIED,
          "it cannot be proven which processes belong to service \"%s\""
              .formatted(unit.name.service()));
    }
    if (unit.stage == Unit.Stage.STUCK && unit.failure != null) {
      return bad(unit.failure);
    }
    if (unit.aim == null && unit.wanted == Wanted.UP && unit.live()) {
      return bad(
          Code.CANCELLED, "service \"%s\" was started meanwhile".formatted(unit.name.service()));
    }
    return unit.aim == null && !unit.live() ? Outcome.GOOD : Outcome.OPEN;
  }

  /** The keeper answered a signal that some operation waits for. */
  static void signalled(Turn turn, Unit unit, Event.Signalled signalled) {
    for (OperationId id : unit.operations) {
      Operation operation = turn.operations.get(id);
      if (operation != null && operation.goal() == Operation.Goal.SIGNALLED) {
        leave(unit, id);
        outcome(
            turn,
            id,
            unit.name,
            signalled.errno() == 0
                ? Optional.empty()
                : Optional.of(
                    Failure.of(
                            Code.NOT_RUNNING,
                            "%s did not reach service \"%s\""
                                .formatted(Signals.name(signalled.signal()), unit.name.service()))
                        .with("errno", signalled.errno())));
      }
    }
  }

  /**
   * A run ended before the keeper answered: its signal has arrived, or nobody is left to get it.
   */
  static void ended(Turn turn, Unit unit) {
    for (OperationId id : unit.operations) {
      Operation operation = turn.operations.get(id);
      if (operation != null && operation.goal() == Operation.Goal.SIGNALLED) {
        if (operation.verb().equals("kill")) {
          leave(unit, id);
          outcome(turn, id, unit.name, Optional.empty());
        } else {
          notRunning(turn, id, unit);
        }
      }
    }
  }

  static void notRunning(Turn turn, OperationId id, Unit unit) {
    leave(unit, id);
    outcome(
        turn,
        id,
        unit.name,
        Optional.of(
            Failure.of(
                Code.NOT_RUNNING,
                "service \"%s\" %s".formatted(unit.name.service(), Gates.state(unit)))));
  }

  /** The unit is forgotten: for a stop that is success. */
  static void gone(Turn turn, Unit unit) {
    for (OperationId id : unit.operations) {
      Operation operation = turn.operations.get(id);
      if (operation != null) {
        outcome(
            turn,
            id,
            unit.name,
            operation.goal() == Operation.Goal.DOWN || unit.wanted == Wanted.DOWN
                ? Optional.empty()
                : Optional.of(
                    Failure.of(
                        Code.CANCELLED,
                        "service \"%s\" was removed meanwhile".formatted(unit.name.service()))));
      }
    }
  }

  private static void outcome(Turn turn, OperationId id, UnitName unit, Optional<Failure> failure) {
    Operation operation = turn.operations.get(id);
    if (operation == null) {
      return;
    }
    Operation next = operation.with(unit, failure);
    turn.operations = turn.operations.with(id, next);
    String reached = turn.look(unit) == null ? "removed" : operation.goal().reached();
    turn.act(new Effect.Progress(id, unit, failure.map(Failure::message).orElse(reached)));
    if (next.pending() == 0) {
      complete(turn, next);
    }
  }

  private static void complete(Turn turn, Operation operation) {
    turn.operations = turn.operations.without(operation.id());
    var outcomes = operation.outcomes();
    long failed = outcomes.values().stream().filter(Optional::isPresent).count();
    Optional<Failure> failure =
        switch ((int) Math.min(failed, 2)) {
          case 0 -> Optional.empty();
          case 1 -> outcomes.values().stream().flatMap(Optional::stream).findFirst();
          default ->
              Optional.of(
                  Failure.of(
                      Code.OPERATION_FAILED,
                      "%s failed for %d of %d services"
                          .formatted(operation.verb(), failed, outcomes.size())));
        };
    turn.act(new Effect.Complete(operation.id(), new Result(failure, outcomes)));
  }
}
