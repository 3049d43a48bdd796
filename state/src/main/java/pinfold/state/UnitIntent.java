package pinfold.state;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import pinfold.contract.Json;

/**
 * What is wanted of a unit, and what of its history policy needs after a restart of the supervisor.
 *
 * @param project its project; need not be a {@link ProjectIntent} (one-off work)
 * @param unit its name
 * @param up whether it is wanted up
 * @param held stopped by a person: stays down until a person starts it
 * @param spec canonical JSON of a unit that no manifest holds (`run`); empty otherwise
 * @param ledger restart counters, budget, last outcome: what the core wants back, in its own terms
 */
public record UnitIntent(
    String project, String unit, boolean up, boolean held, Optional<String> spec, Json.Obj ledger) {
  public UnitIntent {
    requireNonNull(project, "project is null");
    requireNonNull(unit, "unit is null");
    requireNonNull(spec, "spec is null");
    requireNonNull(ledger, "ledger is null");
  }
}
