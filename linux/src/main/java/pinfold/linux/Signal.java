package pinfold.linux;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A signal of Linux (signal(7)), numbered as on x86-64 and aarch64.
 *
 * @param number 1 to 64
 */
public record Signal(int number) {
  public static final Signal HUP = new Signal(1);
  public static final Signal INT = new Signal(2);
  public static final Signal QUIT = new Signal(3);
  public static final Signal ABRT = new Signal(6);
  public static final Signal KILL = new Signal(9);
  public static final Signal USR1 = new Signal(10);
  public static final Signal SEGV = new Signal(11);
  public static final Signal USR2 = new Signal(12);
  public static final Signal TERM = new Signal(15);
  public static final Signal CONT = new Signal(18);
  public static final Signal STOP = new Signal(19);

  /** The highest number of a signal. */
  public static final int LAST = 64;

  private static final int FIRST_REALTIME = 34;

  private static final List<String> NAMES =
      List.of(
          "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
          "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG",
          "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS");

  public Signal {
    if (number < 1 || number > LAST) {
      throw new IllegalArgumentException("signals are 1 to 64, not " + number);
    }
  }

  /**
   * The signal of a name or number as people write it: "TERM", "sigterm", "15", "RTMIN+3",
   * "RTMAX-1"; also the older names IOT, CLD and POLL.
   */
  public static Optional<Signal> named(String text) {
    String name = text.toUpperCase(Locale.ROOT);
    if (name.startsWith("SIG")) {
      name = name.substring(3);
    }
    int index =
        NAMES.indexOf(
            switch (name) {
              case "IOT" -> "ABRT";
              case "CLD" -> "CHLD";
              case "POLL" -> "IO";
              default -> name;
            });
    if (index >= 0) {
      return Optional.of(new Signal(index + 1));
    }
    if (name.equals("RTMIN")) {
      return Optional.of(new Signal(FIRST_REALTIME));
    }
    if (name.equals("RTMAX")) {
      return Optional.of(new Signal(LAST));
    }
    int number = -1;
    if (name.startsWith("RTMIN+")) {
      number = realtime(FIRST_REALTIME, smallNumber(name.substring(6)));
    } else if (name.startsWith("RTMAX-")) {
      number = realtime(LAST, -smallNumber(name.substring(6)));
    } else if (name.equals(text)) {
      number = smallNumber(name);
    }
    return number >= 1 && number <= LAST ? Optional.of(new Signal(number)) : Optional.empty();
  }

  private static int realtime(int from, int offset) {
    int number = from + offset;
    return number >= FIRST_REALTIME ? number : -1;
  }

  /** One or two digits; anything else is a number that no signal has. */
  private static int smallNumber(String digits) {
    if (digits.isEmpty() || digits.length() > 2) {
      return LAST + 1;
    }
    for (int i = 0; i < digits.length(); i++) {
      if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
        return LAST + 1;
      }
    }
    return Integer.parseInt(digits);
  }

  /** "TERM"; "RTMIN+3"; "32" for the two that have no name. */
  public String name() {
    if (number <= NAMES.size()) {
      return NAMES.get(number - 1);
    }
    if (number >= FIRST_REALTIME) {
      return number == FIRST_REALTIME ? "RTMIN" : "RTMIN+" + (number - FIRST_REALTIME);
    }
    return Integer.toString(number);
  }

  /** "SIGTERM". */
  @Override
  public String toString() {
    return "SIG" + name();
  }
}
