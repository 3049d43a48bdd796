package pinfold.manifest;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What a service may use.
 *
 * @param rlimits by resource, in the order of the enum; what is missing stays as the supervisor's
 *     own default is
 * @param nice −20 to 19; empty: 0
 */
public record Limits(Map<Resource, Rlimit> rlimits, OptionalInt nice) {
  /** Nothing limited. */
  public static final Limits NONE = new Limits(Map.of(), OptionalInt.empty());

  /**
   * @throws IllegalArgumentException if nice is out of its range
   */
  public Limits {
    if (nice.isPresent() && (nice.getAsInt() < -20 || nice.getAsInt() > 19)) {
      throw new IllegalArgumentException("nice out of range: " + nice.getAsInt());
    }
    EnumMap<Resource, Rlimit> sorted = new EnumMap<>(Resource.class);
    sorted.putAll(rlimits);
    rlimits = Collections.unmodifiableMap(sorted);
  }
}
