package pinfold.supervisor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.contract.Json;
import pinfold.core.UnitName;
import pinfold.logs.LogEntry;
import pinfold.logs.LogQuery;
import pinfold.logs.LogReader;
import pinfold.logs.LogSource;
import pinfold.logs.LogStream;

/// What a service printed last, as evidence for why it failed. Reads files: not for the core
/// thread.
final class LastWords {
  private static final int LINES = 10;
  private static final int LENGTH = 400;

  /// Failures that the service's own words explain.
  private static final Set<String> OWN =
      Set.of(
          Code.EXITED_EARLY.id(),
          Code.EXITED.id(),
          Code.COMPLETED_BADLY.id(),
          Code.NEVER_READY.id(),
          Code.BUDGET_SPENT.id(),
          Code.LIVENESS_LOST.id(),
          Code.WATCHDOG_LOST.id());

  /// Failures that the words of what ran beside it explain.
  private static final Set<String> BESIDE =
      Set.of(Code.PRE_START_FAILED.id(), Code.PRE_STOP_FAILED.id(), Code.HOOK_FAILED.id());

  private final Path logs;

  /// @param logs the log directory
  LastWords(Path logs) {
    this.logs = logs;
  }

  /// The failure with the lines that belong to it, where there are any.
  Failure with(UnitName unit, Failure failure) {
    if (OWN.contains(failure.code())) {
      return failure.withLines(lines(LogPlace.prefix(unit, "1"), run(failure)));
    }
    return BESIDE.contains(failure.code())
        ? failure.withLines(lines(LogPlace.prefix(unit, LogPlace.HOOK), new LogQuery.Runs.All()))
        : failure;
  }

  /// The words of earlier runs explain nothing.
  private static LogQuery.Runs run(Failure failure) {
    return failure.detail().get("run").orElse(null) instanceof Json.Int(long run)
        ? new LogQuery.Runs.Only(Math.toIntExact(run))
        : new LogQuery.Runs.All();
  }

  private List<String> lines(String prefix, LogQuery.Runs runs) {
    List<LogSource> sources =
        Stream.of(LogStream.values()).map(stream -> LogSource.of(logs, prefix, stream)).toList();
    List<String> lines = new ArrayList<>();
    try {
      LogReader.read(
          LogQuery.all(sources).tail(LINES).runs(runs),
          entry -> {
            if (entry instanceof LogEntry.Line line) {
              String text = line.text();
              lines.add(text.length() > LENGTH ? text.substring(0, LENGTH) + "…" : text);
            }
            return true;
          });
    } catch (IOException e) {
      return List.of("(the log cannot be read: " + Reasons.of(e) + ")");
    }
    return lines;
  }
}
