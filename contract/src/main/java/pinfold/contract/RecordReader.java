package pinfold.contract;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** JSON to records; the rules are those of {@link Records}. */
final class RecordReader {
  private final Records.Unknown unknown;

  RecordReader(Records.Unknown unknown) {
    this.unknown = unknown;
  }

  Object record(Class<?> type, Json.Obj json, Where where) {
    Shape shape = Shape.of(type);
    Object[] arguments = new Object[shape.components().size()];
    int known = 0;
    for (int i = 0; i < arguments.length; i++) {
      Shape.Component component = shape.components().get(i);
      Json field = json.fields().get(component.name());
      known += field == null ? 0 : 1;
      arguments[i] =
          value(
              component.type(),
              field == null ? Json.Null.NULL : field,
              where.field(component.name()));
    }
    if (unknown == Records.Unknown.REFUSE && known < json.fields().size()) {
      for (String name : json.fields().keySet()) {
        if (shape.components().stream().noneMatch(component -> component.name().equals(name))) {
          throw invalid(where.field(name), "is not known");
        }
      }
    }
    try {
      return shape.constructor().newInstance(arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException refused) {
        throw invalid(where, String.valueOf(refused.getMessage()));
      }
      throw new AssertionError(type.toString(), e);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(type.toString(), e);
    }
  }

  private Object value(Type type, Json json, Where where) {
    if (type instanceof ParameterizedType generic) {
      return container(generic, json, where);
    }
    Class<?> raw = (Class<?>) type;
    if (raw == Json.class) {
      return json;
    }
    if (raw == boolean.class && json == Json.Null.NULL) {
      return false;
    }
    return switch (json.kind()) {
      case NULL -> throw invalid(where, "is missing");
      case TRUTH -> truth(raw, ((Json.Bool) json).value(), where);
      case WHOLE -> whole(raw, ((Json.Int) json).value(), where);
      case REAL -> real(raw, ((Json.Real) json).value(), where);
      case STRING -> text(raw, ((Json.Str) json).value(), where);
      case OBJECT -> object(raw, (Json.Obj) json, where);
      case ARRAY -> throw mismatch(raw, where);
    };
  }

  private Object container(ParameterizedType type, Json json, Where where) {
    Type[] arguments = type.getActualTypeArguments();
    Class<?> raw = (Class<?>) type.getRawType();
    boolean absent = json == Json.Null.NULL;
    if (raw == Optional.class) {
      return absent ? Optional.empty() : Optional.of(value(arguments[0], json, where));
    }
    if (raw == List.class) {
      return absent ? List.of() : list(arguments[0], json, where);
    }
    if (raw == Map.class) {
      return absent ? Map.of() : map(arguments[1], json, where);
    }
    throw new AssertionError("no JSON for " + type);
  }

  private Object list(Type item, Json json, Where where) {
    if (!(json instanceof Json.Arr(List<Json> items))) {
      throw invalid(where, "must be an array");
    }
    List<Object> list = new ArrayList<>(items.size());
    for (Json element : items) {
      list.add(value(item, element, where.item(list.size())));
    }
    return List.copyOf(list);
  }

  private Object map(Type item, Json json, Where where) {
    if (!(json instanceof Json.Obj(Map<String, Json> fields))) {
      throw invalid(where, "must be an object");
    }
    Map<String, Object> map = new LinkedHashMap<>();
    fields.forEach((key, element) -> map.put(key, value(item, element, where.field(key))));
    return Collections.unmodifiableMap(map);
  }

  private Object object(Class<?> raw, Json.Obj value, Where where) {
    if (raw == Json.Obj.class) {
      return value;
    }
    if (raw == Failure.class) {
      return Failure.from(value);
    }
    if (raw.isRecord()) {
      return record(raw, value, where);
    }
    throw mismatch(raw, where);
  }

  private static Object truth(Class<?> raw, boolean value, Where where) {
    if (raw == boolean.class || raw == Boolean.class) {
      return value;
    }
    throw mismatch(raw, where);
  }

  private static Object whole(Class<?> raw, long value, Where where) {
    if (raw == long.class || raw == Long.class) {
      return value;
    }
    if (raw == int.class || raw == Integer.class) {
      if (value < Integer.MIN_VALUE || value > Integer.MAX_VALUE) {
        throw invalid(where, "is out of range");
      }
      return (int) value;
    }
    return real(raw, (double) value, where);
  }

  private static Object real(Class<?> raw, double value, Where where) {
    if (raw == double.class || raw == Double.class) {
      return value;
    }
    if (raw == Duration.class) {
      return duration(value, where);
    }
    throw mismatch(raw, where);
  }

  private static Duration duration(double seconds, Where where) {
    if (!(seconds >= 0 && seconds <= Times.LONGEST.toSeconds())) {
      throw invalid(where, "is not a duration in seconds");
    }
    long whole = (long) seconds;
    return Duration.ofSeconds(whole, Math.round((seconds - whole) * 1e9));
  }

  private static Object text(Class<?> raw, String value, Where where) {
    if (raw == String.class) {
      return value;
    }
    if (raw == Instant.class) {
      return Times.parse(value)
          .orElseThrow(() -> invalid(where, "is not a time as 2026-11-21T10:00:00Z"));
    }
    if (raw.isEnum()) {
      return EnumWords.constant(raw, value)
          .orElseThrow(() -> invalid(where, "cannot be \"" + value + "\""));
    }
    throw mismatch(raw, where);
  }

  private static PinfoldException mismatch(Class<?> raw, Where where) {
    return invalid(where, "has the wrong type, " + raw.getSimpleName() + " is needed");
  }

  private static PinfoldException invalid(Where where, String what) {
    String path = where.toString();
    return Failure.of(Code.INVALID_PARAMETER, "parameter \"" + path + "\" " + what)
        .with("parameter", path)
        .exception();
  }
}
