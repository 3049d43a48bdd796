package pinfold.contract;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One operation, as recorded.
 *
 * @param kind the method that began it, in lower case
 * @param targets services as shop/api
 * @param stage what it does now or did last, in words
 * @param failures what went wrong, one per service
 */
public record OperationView(
    String operation,
    String kind,
    Outcome state,
    List<String> targets,
    Instant started,
    Optional<Instant> ended,
    String stage,
    List<Failure> failures) {
  /** Where an operation is. */
  public enum Outcome {
    RUNNING,
    DONE,
    FAILED,
    CANCELLED,
    /** Its supervisor ended before it did, and the next one could not finish it. */
    INTERRUPTED
  }
}
