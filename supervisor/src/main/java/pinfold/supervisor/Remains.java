package pinfold.supervisor;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import pinfold.contract.Json;
import pinfold.contract.OperationView;
import pinfold.core.OperationId;
import pinfold.core.Project;
import pinfold.core.Recovery;
import pinfold.state.FactStore;
import pinfold.state.Intent;
import pinfold.state.OperationRecord;

/// What an earlier supervisor left on disk.
///
/// @param projects all projects
/// @param units all remembered units
/// @param facts the facts of this boot
/// @param rebooted the host was started since
/// @param operations recorded ones, oldest first
/// @param interrupted those that had not ended
record Remains(
    List<Project> projects,
    List<Recovery.Remembered> units,
    List<pinfold.state.Fact> facts,
    boolean rebooted,
    List<OperationView> operations,
    Set<OperationId> interrupted) {
  private static final System.Logger LOG = System.getLogger("supervisor");

  /// Nothing was there before.
  public static final Remains NOTHING =
      new Remains(List.of(), List.of(), List.of(), false, List.of(), Set.of());

  public Remains {
    projects = List.copyOf(projects);
    units = List.copyOf(units);
    facts = List.copyOf(facts);
    operations = List.copyOf(operations);
    interrupted = Set.copyOf(interrupted);
  }

  /// What the state directory holds. What cannot be read is said and left where it is.
  static Remains read(Intent intent, FactStore.Found facts, boolean rebooted) {
    facts.problems().forEach(problem -> LOG.log(Level.ERROR, problem.message()));
    List<OperationView> operations = intent.operations().stream().map(Remains::operation).toList();
    Set<OperationId> interrupted =
        intent.unfinished().stream()
            .map(record -> new OperationId(record.id()))
            .collect(Collectors.toUnmodifiableSet());
    List<Project> projects =
        intent.projects().stream()
            .map(p -> new Project(p.name(), p.manifest().toString(), p.canonical()))
            .toList();
    return new Remains(
        projects, Memory.units(intent), facts.facts(), rebooted, operations, interrupted);
  }

  private static OperationView operation(OperationRecord record) {
    return new OperationView(
        record.id(),
        record.kind(),
        OperationView.Outcome.valueOf(record.state().name()),
        targets(record.args()),
        record.started(),
        record.ended(),
        record.stage(),
        record.failure().stream().toList());
  }

  private static List<String> targets(Json.Obj args) {
    return args.get("targets").orElse(Json.Arr.EMPTY) instanceof Json.Arr(List<Json> items)
        ? items.stream().map(item -> Json.string(item, "targets")).toList()
        : List.of();
  }
}
