package pinfold.supervisor;

import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import pinfold.contract.Code;
import pinfold.contract.Event;
import pinfold.contract.Failure;
import pinfold.contract.Json;
import pinfold.contract.JsonText;
import pinfold.contract.OperationView;
import pinfold.contract.Progress;
import pinfold.contract.Records;
import pinfold.core.Cause;
import pinfold.core.Health;
import pinfold.core.OperationId;
import pinfold.core.Result;
import pinfold.core.Run;
import pinfold.core.Unit;
import pinfold.core.UnitName;
import pinfold.core.World;
import pinfold.linux.KeeperEvent;
import pinfold.state.Journal;

/// Writes down what happens: for whoever watches, for the journal, for the log, and for operations
/// under way.
final class Chronicle {
  private static final System.Logger LOG = System.getLogger("supervisor");

  private final Happenings happenings;
  private final Operations operations;
  private final LastWords lastWords;
  private final TakenPorts takenPorts;
  private final Intentions intentions;
  private final Journal journal;

  Chronicle(
      Happenings happenings,
      Operations operations,
      LastWords lastWords,
      TakenPorts takenPorts,
      Intentions intentions,
      Journal journal) {
    this.happenings = happenings;
    this.operations = operations;
    this.lastWords = lastWords;
    this.takenPorts = takenPorts;
    this.intentions = intentions;
    this.journal = journal;
  }

  /// An event that the core could not take. Whoever waits for an answer gets one.
  void dropped(pinfold.core.Event event, Throwable bug) {
    if (event instanceof pinfold.core.Event.Request(OperationId operation, _)) {
      Failure failure = Failure.of(Code.BUG, "the supervisor could not take the request: " + bug);
      complete(operation, new Result(Optional.of(failure), Map.of()));
    }
    happened(
        Instant.now(),
        "bug",
        Optional.empty(),
        Optional.empty(),
        "an event could not be taken: " + bug,
        Json.Obj.EMPTY);
  }

  /// A unit's state, health or cause changed.
  void note(UnitName unit, Cause cause, World world) {
    Optional<String> birth = world.unit(unit).flatMap(Unit::run).map(Run::id).map(Object::toString);
    LOG.log(Level.INFO, unit + " " + kind(cause) + ": " + cause.what());
    happened(cause.at(), kind(cause), Optional.of(unit), birth, cause.what(), detail(cause));
  }

  private static String kind(Cause cause) {
    if (cause.health() == Health.UNHEALTHY) {
      return "unhealthy";
    }
    return cause.health() == Health.READY ? "ready" : cause.state().name().toLowerCase(Locale.ROOT);
  }

  private static Json.Obj detail(Cause cause) {
    Json.Obj detail = Json.object("state", Json.of(cause.state().name().toLowerCase(Locale.ROOT)));
    if (!cause.key().isEmpty()) {
      detail = detail.with("key", Json.of(cause.key()));
    }
    return cause.because().isPresent()
        ? detail.with("because", Json.of(cause.because().get().toString()))
        : detail;
  }

  void begin(OperationId operation, String verb) {
    if (operations.find(operation.text()).isEmpty()) {
      operations.open(operation, verb, List.of(), Instant.now());
    }
    operations.find(operation.text()).ifPresent(entry -> intentions.operation(entry.view()));
    happened(
        Instant.now(),
        "operation",
        Optional.empty(),
        Optional.empty(),
        verb + " " + operation + " begins",
        Json.object("operation", Json.of(operation.text())));
  }

  void progress(OperationId operation, UnitName unit, String text, World world) {
    Optional<Unit> now = world.unit(unit);
    operations.step(
        operation,
        new Progress(
            Instant.now(),
            Optional.of(unit.project()),
            Optional.of(unit.service().text()),
            Optional.of(1),
            now.map(Unit::state),
            now.map(Unit::health).flatMap(StatusView::health),
            text,
            Optional.empty()));
  }

  /// Reads logs and /proc for why something failed, so it belongs on a lane.
  void complete(OperationId operation, Result result) {
    List<Failure> failures = new ArrayList<>();
    result
        .units()
        .forEach((unit, failure) -> failure.ifPresent(f -> failures.add(explained(unit, f))));
    if (failures.isEmpty()) {
      result.failure().ifPresent(failures::add);
    }
    OperationView.Outcome outcome = outcome(result);
    operations.end(operation, outcome, Instant.now(), failures);
    operations.find(operation.text()).ifPresent(entry -> intentions.operation(entry.view()));
    happened(
        Instant.now(),
        "operation",
        Optional.empty(),
        Optional.empty(),
        operation + " " + outcome.name().toLowerCase(Locale.ROOT),
        Json.object("operation", Json.of(operation.text())));
  }

  private Failure explained(UnitName unit, Failure failure) {
    return takenPorts.explain(unit, lastWords.with(unit, failure));
  }

  private static OperationView.Outcome outcome(Result result) {
    String code = result.failure().map(Failure::code).orElse("");
    if (code.isEmpty()) {
      return OperationView.Outcome.DONE;
    }
    return code.equals(Code.CANCELLED.id())
        ? OperationView.Outcome.CANCELLED
        : code.equals(Code.OPERATION_INTERRUPTED.id())
            ? OperationView.Outcome.INTERRUPTED
            : OperationView.Outcome.FAILED;
  }

  /// Something happened to a log file.
  void log(Optional<UnitName> unit, KeeperEvent.Log log) {
    String stream = log.stderr() ? "stderr" : "stdout";
    switch (log.kind()) {
      case FULL ->
          said(
              unit,
              "log-full",
              Code.LOG_DISK_FULL.id()
                  + ": the log of "
                  + stream
                  + " cannot grow ("
                  + log.errno()
                  + "): lines are dropped");
      case RESUMED ->
          said(
              unit,
              "log-resumed",
              "the log of " + stream + " grows again; " + log.bytes() + " bytes were dropped");
      case FAILED ->
          said(
              unit,
              "log-failed",
              Code.LOG_WRITE_FAILED.id()
                  + ": the log of "
                  + stream
                  + " cannot be written: "
                  + log.errno());
      case ROTATED -> LOG.log(Level.DEBUG, "a log segment was closed");
    }
  }

  private void said(Optional<UnitName> unit, String kind, String message) {
    LOG.log(Level.WARNING, unit.map(u -> u + ": ").orElse("") + message);
    happened(Instant.now(), kind, unit, Optional.empty(), message, Json.Obj.EMPTY);
  }

  private void happened(
      Instant at,
      String kind,
      Optional<UnitName> unit,
      Optional<String> birth,
      String message,
      Json.Obj detail) {
    Optional<String> operation =
        detail.get("operation").map(json -> Json.string(json, "operation"));
    Event event =
        new Event(
            0,
            at,
            kind,
            unit.map(UnitName::project),
            unit.map(u -> u.service().text()),
            unit.map(_ -> 1),
            birth,
            operation,
            message,
            detail);
    long seq = journal.append(at, JsonText.write(Records.write(event)));
    happenings.add(event.numbered(seq)); // the journal numbers what it is given
  }
}
