package pinfold.core;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedSet;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import pinfold.manifest.EnvironmentSpec;

/**
 * Values of the core as bytes, for {@link ValueReader}: a mark each, then its parts. A type is
 * named, with the names of its parts, the first time that it occurs, and by its number from then
 * on: what was written says itself what it is, and another release sees whether it can read it. Not
 * thread-safe.
 *
 * <p>Whole numbers are zigzag varints, so that most take a byte or two. Strings are their chars as
 * such, which keeps what UTF-8 cannot say.
 */
final class ValueWriter {
  /** What follows. The letters are the format. */
  enum Mark {
    NULL('0'),
    FALSE('f'),
    TRUE('t'),
    INT('i'),
    LONG('l'),
    DOUBLE('d'),
    STRING('s'),
    DURATION('D'),
    INSTANT('I'),
    PATH('P'),
    URI('U'),
    UUID('u'),
    LIST('L'),
    SET('S'),
    SORTED_SET('O'),
    MAP('M'),
    NOTHING('n'),
    OPTIONAL('o'),
    NO_INT('m'),
    OPTIONAL_INT('p'),
    ENUM('e'),
    OBJECT('r'),
    TRIE('T');

    private static final Map<Integer, Mark> BY_CODE =
        Arrays.stream(values()).collect(Collectors.toMap(Mark::code, mark -> mark));

    private final char code;

    Mark(char code) {
      this.code = code;
    }

    int code() {
      return code;
    }

    /** The one of this letter, or null. */
    static @Nullable Mark of(int code) {
      return BY_CODE.get(code);
    }
  }

  private final UnaryOperator<String> seal;
  private final Map<Class<?>, Integer> types = new HashMap<>();
  private byte[] out = new byte[256];
  private int size;

  /**
   * A writer that has written nothing yet.
   *
   * @param seal what stands for a value that is not to be kept: the same for the same value, and
   *     different for different ones, so that what was decided by comparing them is decided again
   */
  ValueWriter(UnaryOperator<String> seal) {
    this.seal = seal;
  }

  /** The bytes of one value. */
  byte[] bytes(Object value) {
    size = 0;
    write(value);
    return Arrays.copyOf(out, size);
  }

  private void write(@Nullable Object value) {
    switch (value) {
      case null -> mark(Mark.NULL);
      case Boolean truth -> mark(truth ? Mark.TRUE : Mark.FALSE);
      case Integer number -> number(Mark.INT, number);
      case Long number -> number(Mark.LONG, number);
      case Double number -> {
        mark(Mark.DOUBLE);
        fixed(Double.doubleToRawLongBits(number));
      }
      case String text -> {
        mark(Mark.STRING);
        text(text);
      }
      case Duration time -> {
        number(Mark.DURATION, time.getSeconds());
        varint(time.getNano());
      }
      case Instant time -> {
        number(Mark.INSTANT, time.getEpochSecond());
        varint(time.getNano());
      }
      case Path path -> {
        mark(Mark.PATH);
        text(path.toString());
      }
      case URI uri -> {
        mark(Mark.URI);
        text(uri.toString());
      }
      case UUID id -> {
        mark(Mark.UUID);
        fixed(id.getMostSignificantBits());
        fixed(id.getLeastSignificantBits());
      }
      case List<?> list -> all(Mark.LIST, list);
      case SortedSet<?> set -> all(Mark.SORTED_SET, set);
      case Set<?> set -> all(Mark.SET, set);
      case Map<?, ?> map -> {
        number(Mark.MAP, map.size());
        map.forEach((key, held) -> {
          write(key);
          write(held);
        });
      }
      case Trie<?, ?> trie -> {
        number(Mark.TRIE, trie.size());
        trie.forEach((key, held) -> {
          write(key);
          write(held);
        });
      }
      case Optional<?> optional -> {
        mark(optional.isPresent() ? Mark.OPTIONAL : Mark.NOTHING);
        optional.ifPresent(this::write);
      }
      case OptionalInt number -> {
        mark(number.isPresent() ? Mark.OPTIONAL_INT : Mark.NO_INT);
        number.ifPresent(this::varint);
      }
      case Enum<?> constant -> {
        mark(Mark.ENUM);
        type(constant.getDeclaringClass(), List.of());
        text(constant.name());
      }
      case EnvironmentSpec environment -> object(sealed(environment));
      case Project p -> object(new Project(p.name(), p.file(), seal.apply(p.source())));
      case Command.Apply a ->
          object(new Command.Apply(a.manifest(), seal.apply(a.source()), a.options()));
      default -> object(value);
    }
  }

  private EnvironmentSpec sealed(EnvironmentSpec environment) {
    Map<String, String> variables = new LinkedHashMap<>(environment.variables());
    variables.replaceAll((_, secret) -> seal.apply(secret));
    return new EnvironmentSpec(variables, environment.files(), environment.inherit());
  }

  private void object(Object value) {
    if (!Form.has(value.getClass())) {
      throw new AssertionError("no form for " + value.getClass());
    }
    Form form = Form.of(value.getClass());
    mark(Mark.OBJECT);
    type(form.type(), form.names());
    form.takeApart(value).forEach(this::write);
  }

  private void all(Mark mark, Collection<?> values) {
    number(mark, values.size());
    values.forEach(this::write);
  }

  private void type(Class<?> type, List<String> parts) {
    Integer known = types.get(type);
    if (known != null) {
      varint(known);
      return;
    }
    varint(types.size());
    types.put(type, types.size());
    text(requireNonNull(type.getName()));
    varint(parts.size());
    parts.forEach(this::text);
  }

  private void number(Mark mark, long number) {
    mark(mark);
    varint(number);
  }

  private void text(String text) {
    varint(text.length());
    for (int i = 0; i < text.length(); i++) {
      unsigned(text.charAt(i));
    }
  }

  private void mark(Mark mark) {
    put(mark.code());
  }

  private void fixed(long value) {
    for (int shift = 56; shift >= 0; shift -= 8) {
      put((int) (value >>> shift));
    }
  }

  private void varint(long value) {
    unsigned((value << 1) ^ (value >> 63));
  }

  private void unsigned(long value) {
    long left = value;
    while ((left & ~0x7fL) != 0) {
      put((int) left | 0x80);
      left >>>= 7;
    }
    put((int) left);
  }

  private void put(int value) {
    if (size == out.length) {
      out = Arrays.copyOf(out, 2 * size);
    }
    out[size++] = (byte) value;
  }
}
