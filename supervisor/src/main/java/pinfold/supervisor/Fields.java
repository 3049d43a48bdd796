package pinfold.supervisor;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import pinfold.contract.Json;

/// Reads and writes the fields of what the supervisor itself recorded. What does not fit is refused
/// with the field's name, never guessed: a record was written by this program, so another shape
/// means damage.
///
/// @param object the record
record Fields(Json.Obj object) {
  /// A record that is not what this program writes.
  static final class DamagedException extends Exception {
    private static final long serialVersionUID = 1;

    DamagedException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  boolean has(String name) {
    Json value = object.get(name).orElse(Json.Null.NULL);
    return !value.equals(Json.Null.NULL);
  }

  String text(String name) throws DamagedException {
    if (object.get(name).orElse(Json.Null.NULL) instanceof Json.Str(String value)) {
      return value;
    }
    throw damaged(name, null);
  }

  long number(String name) throws DamagedException {
    if (object.get(name).orElse(Json.Null.NULL) instanceof Json.Int(long value)) {
      return value;
    }
    throw damaged(name, null);
  }

  int integer(String name) throws DamagedException {
    try {
      return Math.toIntExact(number(name));
    } catch (ArithmeticException e) {
      throw damaged(name, e);
    }
  }

  boolean flag(String name) {
    return object.get(name).orElse(Json.Null.NULL) instanceof Json.Bool(boolean value) && value;
  }

  <E extends Enum<E>> E word(String name, Class<E> type) throws DamagedException {
    try {
      return Enum.valueOf(type, text(name));
    } catch (IllegalArgumentException e) {
      throw damaged(name, e);
    }
  }

  Instant instant(String name) throws DamagedException {
    return instant(name, text(name));
  }

  /// The records in a list; nothing is an empty one.
  List<Fields> parts(String name) throws DamagedException {
    List<Fields> all = new ArrayList<>();
    if (object.get(name).orElse(Json.Arr.EMPTY) instanceof Json.Arr(List<Json> items)) {
      for (Json item : items) {
        if (!(item instanceof Json.Obj part)) {
          throw damaged(name, null);
        }
        all.add(new Fields(part));
      }
    }
    return all;
  }

  Optional<Fields> part(String name) throws DamagedException {
    return switch (object.get(name).orElse(Json.Null.NULL)) {
      case Json.Obj part -> Optional.of(new Fields(part));
      case Json.Null _ -> Optional.empty();
      case Json.Str _, Json.Int _, Json.Real _, Json.Bool _, Json.Arr _ ->
          throw damaged(name, null);
    };
  }

  static DamagedException damaged(String name, @Nullable Throwable cause) {
    return new DamagedException("\"" + name + "\" is missing or not what was written", cause);
  }

  private static Instant instant(String name, String value) throws DamagedException {
    try {
      return Instant.parse(value);
    } catch (DateTimeException e) {
      throw damaged(name, e);
    }
  }
}
