package pinfold.manifest;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * The ends that count as success for {@code on-failure}, {@code completed} and the hooks.
 *
 * @param codes exit codes, 0 to 255; 128+n also stands for death by signal n, as everywhere in
 *     Pinfold
 * @param signals deaths by signal
 */
public record SuccessCodes(Set<Integer> codes, Set<Signal> signals) {
  /** Exit code 0 only. */
  public static final SuccessCodes DEFAULT = new SuccessCodes(Set.of(0), Set.of());

  /**
   * @throws IllegalArgumentException if a code is not 0 to 255
   */
  public SuccessCodes {
    codes = Collections.unmodifiableSet(new TreeSet<>(codes));
    signals = Collections.unmodifiableSet(new TreeSet<>(signals));
    if (codes.stream().anyMatch(c -> c < 0 || c > 255)) {
      throw new IllegalArgumentException("exit codes are 0 to 255: " + codes);
    }
  }

  /** Whether an exit with that code is a success. */
  public boolean code(int code) {
    return codes.contains(code);
  }

  /** Whether death by that signal number is a success. */
  public boolean signal(int number) {
    return signals.contains(new Signal(number)) || codes.contains(128 + number);
  }
}
