package pinfold.linux;

import java.util.List;
import java.util.StringJoiner;

/**
 * One system call of a plan.
 *
 * @param name "prlimit64"
 * @param number of this machine
 * @param arguments at most 6
 * @param mode what its result means
 * @param store result cell that keeps the result, -1 = none
 * @param skip calls left out, for the two modes that skip
 * @param expected for {@link Mode#EQUAL}
 * @param action what it does, in words that follow "cannot"
 */
public record Call(
    String name,
    int number,
    List<Argument> arguments,
    Mode mode,
    int store,
    int skip,
    long expected,
    String action) {

  /** What the result of a call means. The order is that of the protocol's numbers. */
  public enum Mode {
    /** It must succeed. */
    MUST(0),
    /** Any result will do. */
    MAY(1),
    /** It must be the expected one. */
    EQUAL(2),
    /** Any result; zero leaves out the next calls. */
    SKIP_ZERO(3),
    /** Any result; an error leaves out the next calls. */
    SKIP_ERROR(4);

    private final int number;

    Mode(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }
  }

  /** Arguments of one system call. */
  static final int MAX_ARGUMENTS = 6;

  public Call {
    arguments = List.copyOf(arguments);
    if (arguments.size() > MAX_ARGUMENTS) {
      throw new IllegalArgumentException(name + " has " + arguments.size() + " arguments");
    }
  }

  static Call must(String action, Sys call, Argument... arguments) {
    return of(action, call, Mode.MUST, -1, 0, 0, arguments);
  }

  static Call may(String action, Sys call, Argument... arguments) {
    return of(action, call, Mode.MAY, -1, 0, 0, arguments);
  }

  static Call equal(String action, long expected, Sys call, Argument... arguments) {
    return of(action, call, Mode.EQUAL, -1, 0, expected, arguments);
  }

  static Call store(String action, int cell, Sys call, Argument... arguments) {
    return of(action, call, Mode.MUST, cell, 0, 0, arguments);
  }

  static Call of(
      String action, Sys call, Mode mode, int store, int skip, long expected, Argument... args) {
    return new Call(
        call.label(), call.number(), List.of(args), mode, store, skip, expected, action);
  }

  /**
   * "umask(0022)", with "must be 1", "may fail", "else skip 2" and "→ {result 0}" where it applies.
   */
  public String text() {
    StringJoiner list = new StringJoiner(", ", name + "(", ")");
    for (Argument argument : arguments) {
      list.add(argument.text());
    }
    String text = list.toString();
    if (store >= 0) {
      text += " = {result " + store + "}";
    }
    return switch (mode) {
      case MUST -> text;
      case MAY -> text + "  # may fail";
      case EQUAL -> text + "  # must be " + expected;
      case SKIP_ZERO -> text + "  # 0: skip " + skip;
      case SKIP_ERROR -> text + "  # error: skip " + skip;
    };
  }
}
