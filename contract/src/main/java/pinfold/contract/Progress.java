package pinfold.contract;

import java.time.Instant;
import java.util.Optional;

/**
 * Something happened in an operation.
 *
 * @param slot with a service: its instance, from 1
 * @param state the instance's new state
 * @param message one line
 * @param failure when it went wrong for this instance
 */
public record Progress(
    Instant time,
    Optional<String> project,
    Optional<String> name,
    Optional<Integer> slot,
    Optional<State> state,
    Optional<Health> health,
    String message,
    Optional<Failure> failure) {}
