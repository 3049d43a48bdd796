package pinfold.core;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import pinfold.contract.Failure;

/**
 * How an operation ended.
 *
 * @param failure why it failed as a whole; empty = success
 * @param units what became of each unit that it was about: empty = as asked, else why not
 */
public record Result(Optional<Failure> failure, Map<UnitName, Optional<Failure>> units) {
  public Result {
    units = Collections.unmodifiableMap(new TreeMap<>(units));
  }

  static Result failed(Failure failure) {
    return new Result(Optional.of(failure), Map.of());
  }

  /** Everything became as asked. */
  public boolean success() {
    return failure.isEmpty();
  }
}
