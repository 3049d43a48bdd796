package pinfold.contract;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A JSON value. Objects keep the order of their fields; whole numbers are 64 bit, others doubles.
 * Immutable. Reading and writing is in {@link JsonText}.
 */
public sealed interface Json {
  /**
   * Which of the seven a value is. A switch on it is as exhaustive as one on the types, and needs
   * no class that is made up at run time, which no AOT cache holds: each costs a short command a
   * millisecond.
   */
  enum Kind {
    OBJECT,
    ARRAY,
    STRING,
    WHOLE,
    REAL,
    TRUTH,
    NULL
  }

  Kind kind();

  /** An object. */
  record Obj(Map<String, Json> fields) implements Json {
    public static final Obj EMPTY = new Obj(Map.of());

    public Obj {
      fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    @Override
    public Kind kind() {
      return Kind.OBJECT;
    }

    /** The value of a field, {@link Null} included; empty when there is no such field. */
    public Optional<Json> get(String name) {
      return Optional.ofNullable(fields.get(name));
    }

    /** The same with one field added or replaced. */
    public Obj with(String name, Json value) {
      Map<String, Json> copy = new LinkedHashMap<>(fields);
      copy.put(name, value);
      return new Obj(copy);
    }
  }

  /** An array. */
  record Arr(List<Json> items) implements Json {
    public static final Arr EMPTY = new Arr(List.of());

    public Arr {
      items = List.copyOf(items);
    }

    @Override
    public Kind kind() {
      return Kind.ARRAY;
    }
  }

  /** A string. */
  record Str(String value) implements Json {
    public Str {
      requireNonNull(value, "value is null");
    }

    @Override
    public Kind kind() {
      return Kind.STRING;
    }
  }

  /** A whole number. */
  record Int(long value) implements Json {
    @Override
    public Kind kind() {
      return Kind.WHOLE;
    }
  }

  /** A number with a fraction or an exponent; always finite. */
  record Real(double value) implements Json {
    public Real {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("JSON has no " + value);
      }
    }

    @Override
    public Kind kind() {
      return Kind.REAL;
    }
  }

  /** True or false. */
  record Bool(boolean value) implements Json {
    @Override
    public Kind kind() {
      return Kind.TRUTH;
    }
  }

  /** Nothing. */
  enum Null implements Json {
    NULL;

    @Override
    public Kind kind() {
      return Kind.NULL;
    }
  }

  static Json of(String value) {
    return new Str(value);
  }

  static Json of(long value) {
    return new Int(value);
  }

  static Json of(double value) {
    return new Real(value);
  }

  static Json of(boolean value) {
    return new Bool(value);
  }

  static Arr array(Collection<? extends Json> items) {
    return new Arr(new ArrayList<>(items));
  }

  static Arr strings(Collection<String> items) {
    List<Json> list = new ArrayList<>(items.size());
    items.forEach(item -> list.add(new Str(item)));
    return new Arr(list);
  }

  /** An object of one field. */
  static Obj object(String name, Json value) {
    return new Obj(Map.of(name, value));
  }

  /** An object of two fields. */
  static Obj object(String name, Json value, String name2, Json value2) {
    return object(name, value).with(name2, value2);
  }

  /**
   * The text of a string value.
   *
   * @throws PinfoldException {@link Code#BAD_MESSAGE} that names `where`, when it is no string
   */
  static String string(Json json, String where) {
    if (json instanceof Str(String value)) {
      return value;
    }
    throw PinfoldException.of(Code.BAD_MESSAGE, "\"" + where + "\" is not a string");
  }
}
