package pinfold.core;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Immutable copies that keep their order. That of {@link Map#copyOf} and {@link Set#copyOf} differs
 * from one JVM to the next, and a step has to lead to the same everywhere: to the same numbers in
 * the same order.
 */
final class Ordered {
  private Ordered() {}

  static <K, V> Map<K, V> map(Map<K, V> map) {
    return map.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }

  static <T> Set<T> set(Collection<T> values) {
    return values.isEmpty() ? Set.of() : Collections.unmodifiableSet(new LinkedHashSet<>(values));
  }
}
