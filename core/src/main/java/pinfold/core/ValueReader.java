package pinfold.core;

import java.net.URI;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What {@link ValueWriter} wrote, read again; the values of one file have one reader. Whatever the
 * bytes are, only values of the core, of manifests and of the contract come of them, and no more
 * than they are long. Not thread-safe.
 */
final class ValueReader {
  /** These bytes are no value. */
  static final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1;

    UnreadableException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  private static final int DEEPEST = 64;
  private static final int LONGEST_NAME = 200;

  private record Type(Class<?> type, List<String> parts) {}

  private final List<Type> types = new ArrayList<>();
  private byte[] in = {};
  private int at;
  private int depth;

  /**
   * The value that these bytes are, and nothing else.
   *
   * @throws UnreadableException when they are none, or one of another release's
   */
  Object value(byte[] bytes) throws UnreadableException {
    in = bytes;
    at = 0;
    depth = 0;
    try {
      Object value = read();
      if (value == null || at != in.length) {
        throw new IllegalArgumentException("its end is not where it should be");
      }
      return value;
    } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
      throw new UnreadableException("at byte " + at + ": " + e.getMessage(), e);
    }
  }

  private @Nullable Object read() {
    int code = next();
    ValueWriter.Mark mark = ValueWriter.Mark.of(code);
    if (mark == null) {
      throw new IllegalArgumentException("no mark " + code);
    }
    if (++depth > DEEPEST) {
      throw new IllegalArgumentException("deeper than " + DEEPEST);
    }
    Object value =
        switch (mark) {
          case NULL -> null;
          case FALSE -> false;
          case TRUE -> true;
          case INT -> Math.toIntExact(varint());
          case LONG -> varint();
          case DOUBLE -> Double.longBitsToDouble(fixed());
          case STRING -> text();
          case DURATION -> Duration.ofSeconds(varint(), varint());
          case INSTANT -> Instant.ofEpochSecond(varint(), varint());
          case PATH -> Path.of(text());
          case URI -> URI.create(text());
          case UUID -> new UUID(fixed(), fixed());
          case LIST -> List.copyOf(all(new ArrayList<>()));
          case SET -> Collections.unmodifiableSet(all(new LinkedHashSet<>()));
          case SORTED_SET -> Collections.unmodifiableSortedSet(sorted());
          case MAP -> Collections.unmodifiableMap(map());
          case NOTHING -> Optional.empty();
          case OPTIONAL -> Optional.of(some());
          case NO_INT -> OptionalInt.empty();
          case OPTIONAL_INT -> OptionalInt.of(Math.toIntExact(varint()));
          case ENUM -> constant();
          case OBJECT -> object();
          case TRIE -> trie();
        };
    depth--;
    return value;
  }

  private Object some() {
    Object value = read();
    if (value == null) {
      throw new IllegalArgumentException("null where there is something");
    }
    return value;
  }

  private <C extends java.util.Collection<Object>> C all(C into) {
    for (int left = count(); left > 0; left--) {
      into.add(some());
    }
    return into;
  }

  private SortedSet<Object> sorted() {
    try {
      return all(new TreeSet<>());
    } catch (ClassCastException e) {
      throw new IllegalArgumentException("no order: " + e.getMessage(), e);
    }
  }

  private Map<Object, Object> map() {
    Map<Object, Object> map = new LinkedHashMap<>();
    for (int left = count(); left > 0; left--) {
      map.put(some(), some());
    }
    return map;
  }

  private Trie<Object, Object> trie() {
    Trie<Object, Object> trie = Trie.empty();
    for (int left = count(); left > 0; left--) {
      trie = trie.with(some(), some());
    }
    return trie;
  }

  private Object constant() {
    Class<?> type = type().type();
    String name = text();
    if (type.isEnum()) {
      for (Object constant : type.getEnumConstants()) {
        if (((Enum<?>) constant).name().equals(name)) {
          return constant;
        }
      }
    }
    throw new IllegalArgumentException("this release has no " + type.getName() + " " + name);
  }

  private Object object() {
    Type named = type();
    if (!Form.has(named.type()) || !Form.of(named.type()).names().equals(named.parts())) {
      throw new IllegalArgumentException(
          named.type().getName() + " has other parts in this release");
    }
    List<@Nullable Object> values = new ArrayList<>(named.parts().size());
    for (int i = 0; i < named.parts().size(); i++) {
      values.add(read());
    }
    return Form.of(named.type()).putTogether(values);
  }

  private Type type() {
    int number = count(types.size());
    if (number < types.size()) {
      return types.get(number);
    }
    String name = name();
    List<String> parts = new ArrayList<>();
    for (int left = count(); left > 0; left--) {
      parts.add(name());
    }
    Type type = new Type(known(name), parts);
    types.add(type);
    return type;
  }

  /** Nothing but data of these rooms is ever made; no class is initialised by being named. */
  private static Class<?> known(String name) {
    if (name.startsWith("pinfold.core.")
        || name.startsWith("pinfold.manifest.")
        || name.startsWith("pinfold.contract.")) {
      try {
        Class<?> type = Class.forName(name, false, Core.class.getClassLoader());
        if (type.isEnum() || Form.has(type)) {
          return type;
        }
      } catch (ClassNotFoundException | LinkageError e) {
        throw new IllegalArgumentException("this release has no " + name, e);
      }
    }
    throw new IllegalArgumentException("no type of a step: " + name);
  }

  private String name() {
    String name = text();
    if (name.length() > LONGEST_NAME) {
      throw new IllegalArgumentException("a name of " + name.length() + " characters");
    }
    return name;
  }

  private String text() {
    int length = count();
    char[] chars = new char[length];
    for (int i = 0; i < length; i++) {
      long c = unsigned();
      if (c > Character.MAX_VALUE) {
        throw new IllegalArgumentException("no character " + c);
      }
      chars[i] = (char) c;
    }
    return new String(chars);
  }

  /** How many follow, of which each takes a byte at least. */
  private int count() {
    return count(in.length - at);
  }

  private int count(int most) {
    long count = varint();
    if (count < 0 || count > most) {
      throw new IllegalArgumentException("a count of " + count);
    }
    return (int) count;
  }

  private long fixed() {
    long value = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      value = value << 8 | next();
    }
    return value;
  }

  private long varint() {
    long value = unsigned();
    return (value >>> 1) ^ -(value & 1);
  }

  private long unsigned() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int next = next();
      value |= (long) (next & 0x7f) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new IllegalArgumentException("a number without end");
  }

  private int next() {
    if (at == in.length) {
      throw new IllegalArgumentException("cut off");
    }
    return in[at++] & 0xff;
  }
}
