package pinfold.core;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import pinfold.contract.Failure;
import pinfold.contract.State;
import pinfold.contract.Wanted;

/**
 * What is remembered of a unit beyond this boot: what is wanted, and how it ended.
 *
 * @param unit whose it is
 * @param generation counts changes of what is launched; a run born from an older one has to be
 *     replaced
 * @param wanted what the operator wants
 * @param once it is forgotten as soon as it ended for good
 * @param state a state to be kept: CREATED, DONE, FAILED or SKIPPED; every other one is recorded as
 *     CREATED
 * @param end how the last run ended; null when none ended yet
 * @param failure why it is FAILED or SKIPPED; null otherwise
 * @param run the last run number used, 0 before the first
 * @param restarts restarts by policy since the last explicit start
 * @param recent when those restarts happened that may still count, oldest first
 * @param step restarts in a row without a stable run between them: the exponent of the back-off
 * @param since when the state was entered
 */
public record Ledger(
    UnitName unit,
    int generation,
    Wanted wanted,
    boolean once,
    State state,
    @Nullable End end,
    @Nullable Failure failure,
    int run,
    int restarts,
    List<Tally> recent,
    int step,
    Instant since) {
  public Ledger {
    requireNonNull(unit, "unit is null");
    requireNonNull(wanted, "wanted is null");
    requireNonNull(state, "state is null");
    requireNonNull(since, "since is null");
    recent = List.copyOf(recent);
  }
}
