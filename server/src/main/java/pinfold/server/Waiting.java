package pinfold.server;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import pinfold.contract.Failure;
import pinfold.contract.Records;
import pinfold.contract.State;
import pinfold.contract.WaitFor;
import pinfold.contract.WaitOutcome;
import pinfold.contract.Wanted;
import pinfold.core.Health;
import pinfold.core.Unit;
import pinfold.core.UnitName;
import pinfold.core.World;
import pinfold.supervisor.StatusView;

/// Decides whether services are what somebody waits for.
final class Waiting {
  /// How one service stands to the condition.
  private enum Answer {
    MET,
    NOT_YET,
    NEVER
  }

  private Waiting() {}

  /// The outcomes, once it is decided: all are met, or one can no longer be. Empty = not yet.
  static Optional<List<WaitOutcome>> decided(
      World world, Collection<UnitName> units, WaitFor condition) {
    List<WaitOutcome> outcomes = new ArrayList<>();
    boolean open = false;
    boolean never = false;
    for (UnitName name : units) {
      Optional<Unit> unit = world.unit(name);
      Answer answer =
          unit.map(u -> answer(u, condition))
              .orElse(condition == WaitFor.STOPPED ? Answer.MET : Answer.NEVER);
      open |= answer == Answer.NOT_YET;
      never |= answer == Answer.NEVER;
      outcomes.add(
          new WaitOutcome(
              name.project(),
              name.service().text(),
              answer == Answer.MET,
              unit.flatMap(StatusView::lastExit),
              answer == Answer.MET ? Optional.empty() : Optional.of(reason(unit))));
    }
    return never || !open ? Optional.of(outcomes) : Optional.empty();
  }

  private static Answer answer(Unit unit, WaitFor condition) {
    return switch (condition) {
      case READY -> ready(unit);
      case STOPPED -> stopped(unit);
      case COMPLETED -> completed(unit);
    };
  }

  private static Answer ready(Unit unit) {
    return switch (unit.state()) {
      case RUNNING ->
          unit.health() == Health.READY || unit.health() == Health.UNDECLARED
              ? Answer.MET
              : Answer.NOT_YET;
      case DONE -> unit.wanted() == Wanted.UP ? Answer.MET : Answer.NEVER;
      case SKIPPED -> unit.failure().isEmpty() ? Answer.MET : Answer.NEVER;
      case FAILED, UNVERIFIED -> Answer.NEVER;
      case CREATED -> unit.wanted() == Wanted.UP ? Answer.NOT_YET : Answer.NEVER;
      case WAITING, PREPARING, STARTING, STOPPING, BACKOFF, PAUSED -> Answer.NOT_YET;
    };
  }

  private static Answer stopped(Unit unit) {
    return switch (unit.state()) {
      case DONE, FAILED, SKIPPED -> Answer.MET;
      case CREATED -> unit.wanted() == Wanted.DOWN ? Answer.MET : Answer.NOT_YET;
      case UNVERIFIED -> Answer.NEVER;
      case WAITING, PREPARING, STARTING, RUNNING, STOPPING, BACKOFF, PAUSED -> Answer.NOT_YET;
    };
  }

  private static Answer completed(Unit unit) {
    return switch (unit.state()) {
      case DONE -> unit.wanted() == Wanted.UP ? Answer.MET : Answer.NEVER;
      case SKIPPED -> unit.failure().isEmpty() ? Answer.MET : Answer.NEVER;
      case FAILED, UNVERIFIED -> Answer.NEVER;
      case CREATED -> unit.wanted() == Wanted.UP ? Answer.NOT_YET : Answer.NEVER;
      case WAITING, PREPARING, STARTING, RUNNING, STOPPING, BACKOFF, PAUSED -> Answer.NOT_YET;
    };
  }

  private static String reason(Optional<Unit> unit) {
    return unit.map(u -> u.failure().map(Failure::message).orElse("it is " + word(u.state())))
        .orElse("it is gone");
  }

  private static String word(State state) {
    return Records.word(state);
  }
}
