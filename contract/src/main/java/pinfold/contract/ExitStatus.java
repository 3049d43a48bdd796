package pinfold.contract;

import java.util.Optional;

/**
 * How a process ended: by code, by signal, or, when both are empty, in a way that nobody knows.
 *
 * @param code 0 … 255
 * @param signal name without SIG, or its number where it has no name
 */
public record ExitStatus(Optional<Integer> code, Optional<String> signal) {
  public static ExitStatus ofCode(int code) {
    return new ExitStatus(Optional.of(code), Optional.empty());
  }

  public static ExitStatus ofSignal(String signal) {
    return new ExitStatus(Optional.empty(), Optional.of(signal));
  }
}
