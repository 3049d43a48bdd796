package pinfold.manifest;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import pinfold.contract.Code;
import pinfold.manifest.SourceValue.Entry;
import pinfold.manifest.SourceValue.Mapping;

/**
 * What was read of one map, by the name of its key: a key's own hash would walk its whole shape.
 */
final class Fields {
  private final Reading in;
  private final Mapping mapping;
  private final Map<String, Object> values = new HashMap<>();
  private final Map<String, Entry> entries = new HashMap<>();

  Fields(Reading in, Mapping mapping) {
    this.in = in;
    this.mapping = mapping;
  }

  <T> void read(Key<T> key, Entry entry) {
    entries.put(key.name(), entry);
    in.enter(key.name(), entry.at(), entry.value().at());
    key.shape().read(entry.value(), in).ifPresent(value -> values.put(key.name(), value));
    in.leave();
  }

  /** Whether the map has the key, rightly written or not. */
  boolean has(Key<?> key) {
    return entries.containsKey(key.name());
  }

  /** Whether the map has the key with a value that could be read. */
  boolean usable(Key<?> key) {
    return values.containsKey(key.name());
  }

  /** The value, else the default, else nothing. */
  <T> Optional<T> find(Key<T> key) {
    return own(key).or(key::meaning);
  }

  /** The value without the default. */
  @SuppressWarnings("unchecked") // only read(Key<T>) puts, and it puts a T
  <T> Optional<T> own(Key<T> key) {
    @Nullable Object value = values.get(key.name());
    return Optional.ofNullable((T) value);
  }

  /** The value or the default of a key that is required or has a default. */
  <T> T get(Key<T> key) {
    return find(key)
        .orElseThrow(() -> new AssertionError(key.name() + " has neither value nor default"));
  }

  /** Where the key's value is, else where the map is. */
  Position at(Key<?> key) {
    Entry entry = entries.get(key.name());
    return entry == null ? mapping.at() : entry.value().at();
  }

  /** Where the key is, else where the map is. */
  Position keyAt(Key<?> key) {
    Entry entry = entries.get(key.name());
    return entry == null ? mapping.at() : entry.at();
  }

  Position at() {
    return mapping.at();
  }

  Reading in() {
    return in;
  }

  /** Adds a problem about several keys together. */
  void refuse(Code code, Position at, String what, String why) {
    in.problems.add(Problem.of(code, at, what).why(why));
  }
}
