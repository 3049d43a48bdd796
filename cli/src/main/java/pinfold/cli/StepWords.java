package pinfold.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import pinfold.contract.Failure;
import pinfold.contract.Records;
import pinfold.core.BirthId;
import pinfold.core.BirthReport;
import pinfold.core.Command;
import pinfold.core.Effect;
import pinfold.core.Event;
import pinfold.core.Health;
import pinfold.core.Launch;
import pinfold.core.Run;
import pinfold.core.Unit;
import pinfold.core.UnitName;
import pinfold.core.World;
import pinfold.linux.Signal;

/** The core's events and effects in words. */
final class StepWords {
  private StepWords() {}

  /** Whom an event is about; empty when it is about all or nobody. */
  static Set<UnitName> about(Event event, World before) {
    Optional<UnitName> one =
        switch (event) {
          case Event.Child(BirthReport report) -> owner(before, report.id());
          case Event.Signalled signalled -> owner(before, signalled.birth());
          case Event.Due due -> Optional.of(due.timer().unit());
          case Event.Probed probed -> owner(before, probed.probe().birth());
          case Event.Notified notified -> owner(before, notified.birth());
          case Event.PidFileRead read -> owner(before, read.birth());
          case Event.SaveFailed failed -> Optional.of(failed.unit());
          case Event.Request _, Event.Recovered _, Event.StandDown _ -> Optional.empty();
        };
    return one.map(Set::of)
        .orElseGet(
            () -> event instanceof Event.Request(_, Command command) ? command.units() : Set.of());
  }

  private static Optional<UnitName> owner(World world, BirthId birth) {
    return world
        .owner(birth)
        .or(() ->
            world.units().stream()
                .filter(u -> u.run().map(Run::id).filter(birth::equals).isPresent())
                .map(Unit::name)
                .findFirst());
  }

  /** What the core was told. */
  static String event(Event event) {
    return switch (event) {
      case Event.Request(var operation, Command command) ->
          "asked: " + command(command) + " (operation " + operation + ")";
      case Event.Child(BirthReport report) -> "birth " + brief(report.id()) + ": " + report(report);
      case Event.Signalled(BirthId birth, int signal, var scope, int errno) ->
          "%s to %s of birth %s: %s"
              .formatted(
                  new Signal(signal),
                  Records.word(scope),
                  brief(birth),
                  errno == 0 ? "sent" : "errno " + errno);
      case Event.Due(var timer) -> "timer " + Records.word(timer.kind()) + " is due";
      case Event.Probed(var probe, boolean passed, String detail) ->
          "%s probe %s: %s"
              .formatted(Records.word(probe.role()), passed ? "passed" : "failed", detail);
      case Event.Notified notified ->
          notified.notices().stream()
              .map(Object::toString)
              .collect(Collectors.joining(", ", "it says ", ""));
      case Event.PidFileRead(_, int pid) ->
          pid == 0 ? "its pid file names no process of it" : "its pid file names " + pid;
      case Event.SaveFailed(_, Failure failure) -> "it could not be saved: " + failure.message();
      case Event.Recovered(var found) ->
          "a supervisor begins: %d units, %d facts, %d births%s"
              .formatted(
                  found.units().size(),
                  found.facts().size(),
                  found.reports().size(),
                  found.rebooted() ? ", after a start of the host" : "");
      case Event.StandDown _ -> "the supervisor is to end and leave the services alone";
    };
  }

  private static String command(Command command) {
    String verb = Records.word(Verb.of(command));
    return command instanceof Command.Cancel(var operation)
        ? verb + " " + operation
        : command.units().stream()
            .map(UnitName::toString)
            .collect(Collectors.joining(" ", verb + " ", ""));
  }

  /** What a person writes for each command. */
  private enum Verb {
    UP,
    RUN,
    START,
    STOP,
    RESTART,
    RELOAD,
    KILL,
    PAUSE,
    RESUME,
    DOWN,
    CANCEL;

    static Verb of(Command command) {
      return switch (command) {
        case Command.Apply _ -> UP;
        case Command.Run _ -> RUN;
        case Command.Start _ -> START;
        case Command.Stop _ -> STOP;
        case Command.Restart _ -> RESTART;
        case Command.Reload _ -> RELOAD;
        case Command.Kill _ -> KILL;
        case Command.Pause _ -> PAUSE;
        case Command.Resume _ -> RESUME;
        case Command.Down _ -> DOWN;
        case Command.Cancel _ -> CANCEL;
      };
    }
  }

  private static String report(BirthReport report) {
    List<String> known = new ArrayList<>();
    if (report.identity() != null) {
      known.add("pid " + report.identity().pid());
    }
    if (report.executed()) {
      known.add("its program was reached");
    }
    if (report.failure() != null) {
      known.add(report.failure().message());
    }
    if (report.end() != null) {
      known.add("it " + report.end());
    }
    if (report.empty()) {
      known.add("nothing is left of it");
    }
    if (report.unverified()) {
      known.add("what is left of it cannot be proven to be its own");
    }
    return known.isEmpty() ? "asked for" : String.join(", ", known);
  }

  /**
   * What an effect does.
   *
   * @param unit whom it is about; empty = nobody or many
   */
  record Told(Optional<UnitName> unit, String text) {}

  /** What is to be done, or what changed; empty for what is only kept in books. */
  static Optional<Told> effect(Effect effect, World after, World before) {
    return switch (effect) {
      case Effect.Note(UnitName unit, var cause) ->
          told(
              unit,
              "%s → %s: %s%s"
                  .formatted(
                      state(before, unit),
                      Records.word(cause.state()) + health(cause.health()),
                      cause.what(),
                      cause.key().isEmpty() ? "" : " (" + cause.key() + ")"));
      case Effect.Birth(Launch launch) ->
          told(
              launch.unit(),
              "birth %s of its %s, run %d"
                  .formatted(brief(launch.id()), Records.word(launch.purpose()), launch.run()));
      case Effect.Signal(BirthId birth, int signal, var scope) ->
          Optional.of(
              new Told(
                  owner(after, birth).or(() -> owner(before, birth)),
                  "%s to %s of birth %s"
                      .formatted(new Signal(signal), Records.word(scope), brief(birth))));
      case Effect.Forget(UnitName unit) -> told(unit, "it is forgotten");
      case Effect.Complete(var operation, var result) ->
          told(
              "operation %s ends: %s"
                  .formatted(operation, result.failure().map(Failure::message).orElse("as asked")));
      case Effect.EndKeeper _ -> told("the keeper and the supervisor end");
      case Effect.EndSupervisor _ -> told("the supervisor ends");
      case Effect.Save _,
          Effect.SaveSpec _,
          Effect.SaveProject _,
          Effect.ForgetProject _,
          Effect.WriteFact _,
          Effect.ForgetFact _,
          Effect.Ack _,
          Effect.Arm _,
          Effect.Disarm _,
          Effect.StartProbe _,
          Effect.StopProbe _,
          Effect.OpenNotify _,
          Effect.CloseNotify _,
          Effect.DropDescriptors _,
          Effect.ReadPidFile _,
          Effect.Begin _,
          Effect.Progress _ ->
          Optional.empty();
    };
  }

  private static Optional<Told> told(UnitName unit, String text) {
    return Optional.of(new Told(Optional.of(unit), text));
  }

  private static Optional<Told> told(String text) {
    return Optional.of(new Told(Optional.empty(), text));
  }

  private static String state(World world, UnitName unit) {
    return world
        .unit(unit)
        .map(u -> Records.word(u.state()) + health(u.health()))
        .orElse("unknown");
  }

  private static String health(Health health) {
    return health == Health.UNDECLARED ? "" : " " + Records.word(health);
  }

  private static String brief(BirthId birth) {
    return birth.toString().substring(0, 8);
  }
}
