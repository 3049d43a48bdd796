package pinfold.linux;

/** How a process ended (wait(2)). */
public sealed interface ExitStatus {
  /**
   * It called exit.
   *
   * @param code 0 to 255
   */
  record Exited(int code) implements ExitStatus {}

  /** A signal ended it. */
  record Killed(Signal signal, boolean coreDumped) implements ExitStatus {}

  /** It ended while nobody watched; the status is not known and never guessed. */
  record Unknown() implements ExitStatus {}

  /** Reads a status as wait(2) gives it. */
  static ExitStatus of(int waitStatus) {
    int signal = waitStatus & 0x7f;
    return signal == 0
        ? new Exited((waitStatus >> 8) & 0xff)
        : signal <= Signal.LAST
            ? new Killed(new Signal(signal), (waitStatus & 0x80) != 0)
            : new Unknown();
  }

  /** Whether it exited with 0. */
  default boolean success() {
    return this instanceof Exited(int code) && code == 0;
  }

  /** As a shell has it: the code, 128 + the signal's number, or 255 when it is not known. */
  default int shellCode() {
    return switch (this) {
      case Exited(int code) -> code;
      case Killed(Signal signal, _) -> 128 + signal.number();
      case Unknown() -> 255;
    };
  }

  /**
   * "exited with 1", "killed by SIGKILL", "killed by SIGSEGV (core dumped)", "ended, status
   * unknown".
   */
  default String text() {
    return switch (this) {
      case Exited(int code) -> "exited with " + code;
      case Killed(Signal signal, boolean core) ->
          "killed by " + signal + (core ? " (core dumped)" : "");
      case Unknown() -> "ended, status unknown";
    };
  }
}
