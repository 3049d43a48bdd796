package pinfold.state;

import java.util.List;

/**
 * All that is kept in the database at one moment.
 *
 * @param projects by name
 * @param units by project and name
 * @param runs by project, unit and slot
 * @param operations oldest first
 */
public record Intent(
    List<ProjectIntent> projects,
    List<UnitIntent> units,
    List<SlotRun> runs,
    List<OperationRecord> operations) {
  public static final Intent NOTHING = new Intent(List.of(), List.of(), List.of(), List.of());

  public Intent {
    projects = List.copyOf(projects);
    units = List.copyOf(units);
    runs = List.copyOf(runs);
    operations = List.copyOf(operations);
  }
}
