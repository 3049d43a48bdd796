package pinfold.core;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;
import pinfold.contract.Failure;

/**
 * All that is known of one birth: a full snapshot (struct pf_child), sent whenever it changed.
 * Knowledge only grows, so reports may come twice, late or in another order; what an older one does
 * not say is not taken back.
 *
 * @param id the birth
 * @param identity null until it was born
 * @param executed its own program runs, or ran
 * @param failure why its program was never reached (a step of the plan, the keeper, the fact file);
 *     null = it was, or not yet
 * @param end how the main process ended; null = it lives, or was never born
 * @param empty no process of the birth is left
 * @param unverified processes may be left, and it cannot be proven whose they are
 */
public record BirthReport(
    BirthId id,
    @Nullable Identity identity,
    boolean executed,
    @Nullable Failure failure,
    @Nullable End end,
    boolean empty,
    boolean unverified) {
  public BirthReport {
    requireNonNull(id, "id is null");
  }

  /** Nothing is known but that it was asked for. */
  public static BirthReport asked(BirthId id) {
    return new BirthReport(id, null, false, null, null, false, false);
  }

  /** It never came to be: nothing of it is left. */
  public static BirthReport failed(BirthId id, Failure failure) {
    return new BirthReport(id, null, false, failure, null, true, false);
  }

  /** It was there and is gone, and nobody saw how it ended. */
  public static BirthReport lost(BirthId id, @Nullable Identity identity) {
    return new BirthReport(id, identity, true, null, new End.Unknown(), true, false);
  }

  /** Nothing more will come of it: the program is not running and no process is left. */
  public boolean over() {
    return empty && (end != null || failure != null);
  }

  /** What both say together; a definite end is not replaced by an unknown one. */
  BirthReport and(BirthReport later) {
    return new BirthReport(
        id,
        later.identity == null ? identity : later.identity,
        executed || later.executed,
        failure == null ? later.failure : failure,
        end == null || (end instanceof End.Unknown && later.end != null) ? later.end : end,
        empty || later.empty,
        later.unverified && !empty);
  }
}
