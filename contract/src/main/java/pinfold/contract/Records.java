package pinfold.contract;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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

  private record Component(String name, Type type, Method accessor) {}

  private record Shape(List<Component> components, Constructor<?> constructor) {}

  private static final ClassValue<Shape> SHAPES =
      new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
          return shape(type);
        }
      };

  private Records() {}

  /** The record as JSON, in the order of its components. */
  public static Json.Obj write(Record value) {
    Map<String, Json> fields = new LinkedHashMap<>();
    for (Component component : SHAPES.get(value.getClass()).components()) {
      try {
        fields.put(component.name(), json(component.accessor().invoke(value)));
      } catch (IllegalAccessException | InvocationTargetException e) {
        throw new LinkageError(value.getClass() + "." + component.name(), e);
      }
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
    return type.cast(record(type, json, unknown, ""));
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
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Shape shape(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    List<Component> list = new ArrayList<>(components.length);
    Class<?>[] types = new Class<?>[components.length];
    for (int i = 0; i < components.length; i++) {
      RecordComponent component = components[i];
      types[i] = component.getType();
      list.add(
          new Component(
              wireName(component.getName()), component.getGenericType(), component.getAccessor()));
    }
    try {
      return new Shape(list, type.getConstructor(types));
    } catch (NoSuchMethodException e) {
      throw new AssertionError(type + " is not a public record", e);
    }
  }

  private static Json json(@Nullable Object value) {
    return switch (value) {
      case null -> throw new AssertionError("a record with null");
      case Optional<?> optional -> optional.isPresent() ? json(optional.get()) : Json.Null.NULL;
      case Json json -> json;
      case String text -> Json.of(text);
      case Boolean bool -> Json.of(bool);
      case Integer number -> Json.of(number.longValue());
      case Long number -> Json.of(number);
      case Double number -> Json.of(number);
      case Enum<?> constant -> Json.of(word(constant));
      case Instant time -> Json.of(Times.text(time));
      case Duration duration -> Times.seconds(duration);
      case Failure failure -> failure.json();
      case Record nested -> write(nested);
      case List<?> list -> {
        List<Json> items = new ArrayList<>(list.size());
        list.forEach(item -> items.add(json(item)));
        yield new Json.Arr(items);
      }
      case Map<?, ?> map -> {
        Map<String, Json> fields = new LinkedHashMap<>();
        map.forEach((key, item) -> fields.put((String) key, json(item)));
        yield new Json.Obj(fields);
      }
      default -> throw new AssertionError("no JSON for " + value.getClass());
    };
  }

  private static Object record(Class<?> type, Json.Obj json, Unknown unknown, String path) {
    Shape shape = SHAPES.get(type);
    Object[] arguments = new Object[shape.components().size()];
    int known = 0;
    for (int i = 0; i < arguments.length; i++) {
      Component component = shape.components().get(i);
      Json field = json.fields().get(component.name());
      known += field == null ? 0 : 1;
      arguments[i] =
          value(
              component.type(),
              field == null ? Json.Null.NULL : field,
              unknown,
              child(path, component.name()));
    }
    if (unknown == Unknown.REFUSE && known < json.fields().size()) {
      for (String name : json.fields().keySet()) {
        if (shape.components().stream().noneMatch(component -> component.name().equals(name))) {
          throw invalid(child(path, name), "is not known");
        }
      }
    }
    try {
      return shape.constructor().newInstance(arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException refused) {
        throw invalid(path, String.valueOf(refused.getMessage()));
      }
      throw new AssertionError(type.toString(), e);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(type.toString(), e);
    }
  }

  private static Object value(Type type, Json json, Unknown unknown, String path) {
    if (type instanceof ParameterizedType generic) {
      return container(generic, json, unknown, path);
    }
    Class<?> raw = (Class<?>) type;
    if (raw == Json.class) {
      return json;
    }
    if (raw == Json.Obj.class && json instanceof Json.Obj object) {
      return object;
    }
    if (raw == boolean.class && json == Json.Null.NULL) {
      return false;
    }
    return switch (json) {
      case Json.Null _ -> throw invalid(path, "is missing");
      case Json.Bool(boolean value) when raw == boolean.class || raw == Boolean.class -> value;
      case Json.Int(long value) -> number(raw, value, path);
      case Json.Real(double value) when raw == double.class || raw == Double.class -> value;
      case Json.Real(double value) when raw == Duration.class -> duration(value, path);
      case Json.Str(String value) -> text(raw, value, path);
      case Json.Obj object when raw == Failure.class -> Failure.from(object);
      case Json.Obj object when raw.isRecord() -> record(raw, object, unknown, path);
      case Json.Bool _, Json.Real _, Json.Obj _, Json.Arr _ -> throw mismatch(raw, path);
    };
  }

  private static Object container(ParameterizedType type, Json json, Unknown unknown, String path) {
    Type[] arguments = type.getActualTypeArguments();
    Class<?> raw = (Class<?>) type.getRawType();
    if (raw == Optional.class) {
      return json == Json.Null.NULL
          ? Optional.empty()
          : Optional.of(value(arguments[0], json, unknown, path));
    }
    if (raw == List.class) {
      return switch (json) {
        case Json.Null _ -> List.of();
        case Json.Arr(List<Json> items) -> {
          List<Object> list = new ArrayList<>(items.size());
          for (Json item : items) {
            list.add(value(arguments[0], item, unknown, path + "[" + list.size() + "]"));
          }
          yield List.copyOf(list);
        }
        default -> throw invalid(path, "must be an array");
      };
    }
    if (raw == Map.class) {
      return switch (json) {
        case Json.Null _ -> Map.of();
        case Json.Obj(Map<String, Json> fields) -> {
          Map<String, Object> map = new LinkedHashMap<>();
          fields.forEach(
              (key, item) -> map.put(key, value(arguments[1], item, unknown, child(path, key))));
          yield java.util.Collections.unmodifiableMap(map);
        }
        default -> throw invalid(path, "must be an object");
      };
    }
    throw new AssertionError("no JSON for " + type);
  }

  private static Object number(Class<?> raw, long value, String path) {
    if (raw == long.class || raw == Long.class) {
      return value;
    }
    if (raw == int.class || raw == Integer.class) {
      if (value < Integer.MIN_VALUE || value > Integer.MAX_VALUE) {
        throw invalid(path, "is out of range");
      }
      return (int) value;
    }
    if (raw == double.class || raw == Double.class) {
      return (double) value;
    }
    if (raw == Duration.class) {
      return duration((double) value, path);
    }
    throw mismatch(raw, path);
  }

  private static Duration duration(double seconds, String path) {
    if (!(seconds >= 0 && seconds <= Times.LONGEST.toSeconds())) {
      throw invalid(path, "is not a duration in seconds");
    }
    long whole = (long) seconds;
    return Duration.ofSeconds(whole, Math.round((seconds - whole) * 1e9));
  }

  private static Object text(Class<?> raw, String value, String path) {
    if (raw == String.class) {
      return value;
    }
    if (raw == Instant.class) {
      return Times.parse(value)
          .orElseThrow(() -> invalid(path, "is not a time as 2026-11-21T10:00:00Z"));
    }
    if (raw.isEnum()) {
      for (Object constant : raw.getEnumConstants()) {
        if (word((Enum<?>) constant).equals(value)) {
          return constant;
        }
      }
      throw invalid(path, "cannot be \"" + value + "\"");
    }
    throw mismatch(raw, path);
  }

  private static String child(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private static PinfoldException mismatch(Class<?> raw, String path) {
    return invalid(path, "has the wrong type, " + raw.getSimpleName() + " is needed");
  }

  private static PinfoldException invalid(String path, String what) {
    return Failure.of(Code.INVALID_PARAMETER, "parameter \"" + path + "\" " + what)
        .with("parameter", path)
        .exception();
  }
}
