package pinfold.state;

import java.util.List;

/**
 * All that is kept in the database at one moment.
 *
 * @param projects by name
 * @param units by project and name
 * @param operations oldest first
 */
public record Intent(
    List<ProjectIntent> projects, List<UnitIntent> units, List<OperationRecord> operations) {
  public static final Intent NOTHING = new Intent(List.of(), List.of(), List.of());

  public Intent {
    projects = List.copyOf(projects);
    units = List.copyOf(units);
    operations = List.copyOf(operations);
  }

  /**
   * Operations that had not ended: at the start of a supervisor, those that its predecessor left.
   */
  public List<OperationRecord> unfinished() {
    return operations.stream().filter(op -> op.state() == OperationRecord.State.RUNNING).toList();
  }
}
