package pinfold.manifest;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A signal of signal(7) by its number on x86-64 and aarch64, 1 to 64. */
public record Signal(int number) implements Comparable<Signal> {
  /** What {@code stop_signal} is when the manifest names none. */
  public static final Signal TERM = new Signal(15);

  private static final int RTMIN = 34;
  private static final int RTMAX = 64;

  /** In the order of their numbers from 1; the C library keeps 32 and 33 for itself. */
  static final List<String> NAMES =
      List.of(
          "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
          "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG",
          "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS");

  /**
   * @throws IllegalArgumentException if there is no such signal
   */
  public Signal {
    if (number < 1 || number > RTMAX || number == 32 || number == 33) {
      throw new IllegalArgumentException("no such signal: " + number);
    }
  }

  /**
   * Reads {@code TERM}, {@code SIGTERM}, {@code term}, {@code 15}, {@code RTMIN+3} or {@code
   * RTMAX-1}.
   */
  public static Optional<Signal> parse(String text) {
    String name = text.strip().toUpperCase(Locale.ROOT);
    name = name.startsWith("SIG") ? name.substring(3) : name;
    int at = NAMES.indexOf(name);
    if (at >= 0) {
      return Optional.of(new Signal(at + 1));
    }
    int number = -1;
    if (name.matches("\\d{1,2}")) {
      number = Integer.parseInt(name);
    } else if (name.matches("RTMIN(\\+\\d{1,2})?")) {
      number = RTMIN + offset(name);
    } else if (name.matches("RTMAX(-\\d{1,2})?")) {
      number = RTMAX - offset(name);
      number = number < RTMIN ? -1 : number;
    }
    return number < 1 || number > RTMAX || number == 32 || number == 33
        ? Optional.empty()
        : Optional.of(new Signal(number));
  }

  private static int offset(String name) {
    return name.length() == 5 ? 0 : Integer.parseInt(name.substring(6));
  }

  /** Without {@code SIG}: {@code TERM}, {@code RTMIN+3}. */
  public String name() {
    return number <= NAMES.size()
        ? NAMES.get(number - 1)
        : number == RTMIN ? "RTMIN" : "RTMIN+" + (number - RTMIN);
  }

  @Override
  public int compareTo(Signal other) {
    return Integer.compare(number, other.number);
  }

  @Override
  public String toString() {
    return name();
  }
}
