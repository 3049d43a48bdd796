package pinfold.state;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;
import pinfold.contract.Failure;
import pinfold.contract.Json;

/**
 * A mutating request and what became of it.
 *
 * @param id unique, as in answers and events
 * @param kind the verb
 * @param args what was asked for
 * @param stage the last thing it said it does, empty before the first
 * @param state where it is
 * @param started when it was accepted
 * @param ended empty while {@link State#RUNNING}
 * @param failure why, when it did not succeed
 * @param result what became of each unit, in the core's terms
 */
public record OperationRecord(
    String id,
    String kind,
    Json.Obj args,
    String stage,
    State state,
    Instant started,
    Optional<Instant> ended,
    Optional<Failure> failure,
    Json.Obj result) {
  /** Where an operation is. */
  public enum State {
    RUNNING,
    DONE,
    FAILED,
    CANCELLED,
    /** It was running when its supervisor ended. */
    INTERRUPTED
  }

  public OperationRecord {
    requireNonNull(id, "id is null");
    requireNonNull(kind, "kind is null");
    requireNonNull(args, "args is null");
    requireNonNull(stage, "stage is null");
    requireNonNull(started, "started is null");
    requireNonNull(failure, "failure is null");
    requireNonNull(result, "result is null");
    if (ended.isPresent() == (state == State.RUNNING)) {
      throw new IllegalArgumentException("operation " + id + " is " + state + ", ended " + ended);
    }
  }
}
