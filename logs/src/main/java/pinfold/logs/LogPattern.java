package pinfold.logs;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import pinfold.contract.Code;
import pinfold.contract.PinfoldException;

/**
 * A regular expression ({@link Pattern}) searched for in lines at a bounded cost. Backtracking may
 * need exponential time, so each line has a budget of characters that may be looked at: {@link
 * #FREE} plus {@link #PER_CHARACTER} for each of its own. A line that exhausts it, or the stack,
 * counts as not matching and in {@link #givenUp()}. Safe for use by several threads.
 */
public final class LogPattern {
  static final long FREE = 100_000;
  static final long PER_CHARACTER = 200;

  private final Pattern pattern;
  private final AtomicLong givenUp = new AtomicLong();

  private LogPattern(Pattern pattern) {
    this.pattern = pattern;
  }

  /**
   * A pattern from its text.
   *
   * @throws PinfoldException {@link Code#BAD_PATTERN} that says where it is wrong
   */
  public static LogPattern of(String text) {
    try {
      return new LogPattern(Pattern.compile(text));
    } catch (PatternSyntaxException e) {
      throw PinfoldException.of(
          Code.BAD_PATTERN,
          "\"%s\" is not a regular expression: %s at character %d"
              .formatted(text, e.getDescription(), Math.max(0, e.getIndex()) + 1));
    }
  }

  /** Whether the line contains a match. */
  public boolean find(byte[] line) {
    return find(new String(line, StandardCharsets.UTF_8));
  }

  /** Whether the text contains a match. */
  public boolean find(String line) {
    Budget budget =
        new Budget(line, new Left(FREE + PER_CHARACTER * line.length()), 0, line.length());
    Matcher matcher = pattern.matcher(budget);
    try {
      return matcher.find();
    } catch (Exhausted | StackOverflowError e) {
      givenUp.incrementAndGet();
      return false;
    }
  }

  /** Lines whose search was given up because it cost too much. */
  public long givenUp() {
    return givenUp.get();
  }

  @Override
  public String toString() {
    return pattern.pattern();
  }

  private static final class Exhausted extends RuntimeException {
    private static final long serialVersionUID = 1;

    Exhausted() {
      super(null, null, false, false);
    }
  }

  /** What may still be looked at in one line. */
  private static final class Left {
    private long characters;

    Left(long characters) {
      this.characters = characters;
    }

    void spend() {
      if (--characters < 0) {
        throw new Exhausted();
      }
    }
  }

  /** The text between two indices, whose characters are counted as they are read. */
  private record Budget(String text, Left left, int from, int to) implements CharSequence {
    @Override
    public int length() {
      return to - from;
    }

    @Override
    public char charAt(int index) {
      left.spend();
      return text.charAt(from + index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return new Budget(text, left, from + start, from + end);
    }

    @Override
    public String toString() {
      return text.substring(from, to);
    }
  }
}
