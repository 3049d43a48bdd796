package pinfold.core;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Set;
import pinfold.manifest.Service;

/**
 * What a new supervisor finds. The hands have asked the keeper for all its children and handed it
 * the survivors of an earlier keeper before.
 *
 * @param projects all projects
 * @param units all remembered units
 * @param facts all facts of this boot
 * @param reports all children of the keeper, and a report for each birth of an earlier keeper:
 *     adopted, lost or unverified. A fact without a report was never born, unless it has an
 *     identity: then it is lost
 * @param rebooted the host was started since the last supervisor: there are no facts, and whatever
 *     is wanted and did not fail is started, what had ended with success too
 * @param interrupted operations that had not ended
 */
public record Recovery(
    List<Project> projects,
    List<Remembered> units,
    List<Fact> facts,
    List<BirthReport> reports,
    boolean rebooted,
    Set<OperationId> interrupted) {
  public Recovery {
    projects = List.copyOf(projects);
    units = List.copyOf(units);
    facts = List.copyOf(facts);
    reports = List.copyOf(reports);
    interrupted = Ordered.set(interrupted);
  }

  /** Nothing was there before. */
  public static final Recovery NOTHING =
      new Recovery(List.of(), List.of(), List.of(), List.of(), false, Set.of());

  /**
   * A unit and its specification, as last given to {@link Effect.SaveSpec}.
   *
   * @param ledger what is remembered
   * @param service its specification
   */
  public record Remembered(Ledger ledger, Service service) {
    public Remembered {
      requireNonNull(ledger, "ledger is null");
      requireNonNull(service, "service is null");
    }
  }
}
