package pinfold.e2e;

import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What {@code dist/src/Plain.java} rewrites, of each kind; loaded as it is and rewritten. */
public final class PlainSample implements Supplier<String> {
  /** A record of every kind of component. */
  record Every(
      boolean truth,
      byte small,
      short shorter,
      char letter,
      int number,
      long longer,
      float rough,
      double fine,
      @Nullable String text,
      List<String> list) {}

  /** A record of nothing. */
  record Nothing() {}

  /** For a switch without default. */
  sealed interface Kind {
    /** With a part. */
    record One(int value) implements Kind {}

    /** Another. */
    record Two(String value) implements Kind {}

    /** An enum among records. */
    enum Three implements Kind {
      LEFT,
      RIGHT
    }
  }

  private static String kind(Kind kind) {
    return switch (kind) {
      case Kind.One(int value) when value > 10 -> "much " + value;
      case Kind.One one -> "one " + one.value();
      case Kind.Two(String value) -> "two " + value;
      case Kind.Three three -> "three " + three;
    };
  }

  private static String any(@Nullable Object object) {
    return switch (object) {
      case null -> "nothing";
      case String text when text.isEmpty() -> "no text";
      case Integer number -> "number " + number;
      case CharSequence text -> "text " + text;
      case int[] numbers -> "numbers " + numbers.length;
      default -> "other";
    };
  }

  private static String constant(Kind.Three three) {
    return switch (three) {
      case LEFT -> "l";
      case RIGHT -> "r";
    };
  }

  private static Every every(double fine, @Nullable String text) {
    return new Every(
        true, (byte) -1, (short) 7, 'x', 1 << 30, 1L << 40, -0.0f, fine, text, List.of("a"));
  }

  @Override
  public String get() {
    List<Object> seen = new ArrayList<>();
    for (Kind kind :
        List.of(new Kind.One(1), new Kind.One(11), new Kind.Two("b"), Kind.Three.RIGHT)) {
      seen.add(kind(kind));
      seen.add(kind.equals(new Kind.One(1)));
    }
    seen.add(any(null));
    for (Object object : List.of("", 3, "abc", CharBuffer.wrap("sb"), new int[2], 4L)) {
      seen.add(any(object));
    }
    seen.add(constant(Kind.Three.LEFT));
    for (double fine : new double[] {0.0, -0.0, Double.NaN, 1.5}) {
      for (@Nullable String text : Arrays.asList("t", "u", null)) {
        Every every = every(fine, text);
        seen.add(every);
        seen.add(every.hashCode());
        seen.add(every.equals(every(fine, text)));
        seen.add(every.equals(every(0.0, "t")));
      }
    }
    seen.add(new Nothing());
    seen.add(new Nothing().hashCode());
    seen.add(new Nothing().equals(new Nothing()));
    Object other = "something else";
    seen.add(new Nothing().equals(other));
    return seen.toString();
  }
}
