package pinfold.contract;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Records to and from JSON by the names of their components ({@code keeperPid} is {@code
 * keeper_pid}). Components are String, boolean, int, long, double (or boxed), enums (lower case,
 * hyphens), Instant (RFC 3339), Duration (seconds), {@link Failure}, Json, other records, and
 * Optional, List and Map (String keys) of these.
 *
 * <p>Reading: null or nothing is an empty Optional, List or Map or {@code false}, and an error for
 * everything else. Writing: an empty Optional is null.
 */
public final class Records {
  /** What to do with a field that the record does not have. */
  public enum Unknown {
    /** Parameters: the caller may rely on what would have no effect. */
    REFUSE,
    /** Replies: a newer supervisor says more. */
    IGNORE
  }

  private Records() {}

  /** The record as JSON, in the order of its components. */
  public static Json.Obj write(Record value) {
    Map<String, Json> fields = new LinkedHashMap<>();
    for (Shape.Component component : Shape.of(value.getClass()).components()) {
      fields.put(component.name(), json(component.of(value)));
    }
    return new Json.Obj(fields);
  }

  /**
   * A record from JSON.
   *
   * @throws PinfoldException {@link Code#INVALID_PARAMETER} with the offending field as {@code
   *     parameter} in its detail
   */
  public static <T extends Record> T read(Class<T> type, Json.Obj json, Unknown unknown) {
    return type.cast(new RecordReader(unknown).record(type, json, Where.TOP));
  }

  /** A component's or type's name on the wire: {@code keeperPid} is {@code keeper_pid}. */
  static String wireName(String name) {
    StringBuilder out = new StringBuilder(name.length() + 4);
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (Character.isUpperCase(c)) {
        out.append('_').append(Character.toLowerCase(c));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  /** An enum constant's name on the wire: {@code NOT_READY} is {@code not-ready}. */
  public static String word(Enum<?> constant) {
    return EnumWords.of(constant);
  }

  // Not a switch on types: see Json.Kind.
  private static Json json(@Nullable Object value) {
    if (value instanceof String text) {
      return Json.of(text);
    }
    if (value instanceof Optional<?> optional) {
      return optional.isPresent() ? json(optional.get()) : Json.Null.NULL;
    }
    if (value instanceof Json json) {
      return json;
    }
    if (value instanceof Boolean bool) {
      return Json.of(bool);
    }
    if (value instanceof Integer number) {
      return Json.of(number.longValue());
    }
    if (value instanceof Long number) {
      return Json.of(number);
    }
    if (value instanceof Double number) {
      return Json.of(number);
    }
    if (value instanceof Enum<?> constant) {
      return Json.of(word(constant));
    }
    if (value instanceof Instant time) {
      return Json.of(Times.text(time));
    }
    if (value instanceof Duration duration) {
      return Times.seconds(duration);
    }
    if (value instanceof Failure failure) {
      return failure.json();
    }
    if (value instanceof Record nested) {
      return write(nested);
    }
    if (value instanceof List<?> list) {
      List<Json> items = new ArrayList<>(list.size());
      for (Object item : list) {
        items.add(json(item));
      }
      return new Json.Arr(items);
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, Json> fields = new LinkedHashMap<>();
      map.forEach((key, item) -> fields.put((String) key, json(item)));
      return new Json.Obj(fields);
    }
    throw new AssertionError("no JSON for " + (value == null ? null : value.getClass()));
  }
}
