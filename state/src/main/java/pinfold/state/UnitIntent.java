package pinfold.state;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import pinfold.contract.Json;
import pinfold.contract.Wanted;

/**
 * What is wanted of a unit, and what of its history policy needs after a restart of the supervisor.
 *
 * @param project its project, or that of one-off work
 * @param unit its name
 * @param wanted what a person wants
 * @param ledger run number, restart counters, last outcome, …: what the core wants back, in its own
 *     terms
 * @param spec its specification as canonical JSON; empty until one was saved
 */
public record UnitIntent(
    String project, String unit, Wanted wanted, Json.Obj ledger, Optional<String> spec) {
  public UnitIntent {
    requireNonNull(project, "project is null");
    requireNonNull(unit, "unit is null");
    requireNonNull(wanted, "wanted is null");
    requireNonNull(ledger, "ledger is null");
    requireNonNull(spec, "spec is null");
  }
}
