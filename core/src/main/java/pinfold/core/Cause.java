package pinfold.core;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;
import pinfold.contract.State;

/**
 * Why a unit is as it is: one link of the chain that {@code why} shows.
 *
 * @param at when
 * @param state what it became
 * @param health and how well
 * @param what what happened, as a sentence without subject: {@code exited with 1 after 3 runs}
 * @param key the key of the manifest that decides what follows, or empty
 * @param because another unit that brought it about
 */
public record Cause(
    Instant at, State state, Health health, String what, String key, Optional<UnitName> because) {
  public Cause {
    requireNonNull(at, "at is null");
    requireNonNull(state, "state is null");
    requireNonNull(health, "health is null");
    requireNonNull(what, "what is null");
    requireNonNull(key, "key is null");
    requireNonNull(because, "because is null");
  }
}
