package pinfold.contract;

import java.time.Instant;
import java.util.Optional;

/**
 * One event of the journal, for people and scripts.
 *
 * @param seq increasing, with gaps, over all supervisors of this state directory
 * @param kind a stable word: started, ready, exited, …
 * @param instance birth id
 * @param message one line
 * @param detail as the kind has it
 */
public record Event(
    long seq,
    Instant time,
    String kind,
    Optional<String> project,
    Optional<String> name,
    Optional<Integer> slot,
    Optional<String> instance,
    Optional<String> operation,
    String message,
    Json.Obj detail) {
  /** The same with another number. */
  public Event numbered(long number) {
    return new Event(number, time, kind, project, name, slot, instance, operation, message, detail);
  }
}
