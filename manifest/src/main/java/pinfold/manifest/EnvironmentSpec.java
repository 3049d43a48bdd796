package pinfold.manifest;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * From what a service's environment is made, weakest first: Pinfold's own small base, what is
 * inherited, the files in their order, the variables.
 *
 * @param variables by name, in the order of the manifest
 * @param files absolute paths, read at every start and never stored
 * @param inherit what is taken from the caller of {@code up}
 */
public record EnvironmentSpec(Map<String, String> variables, List<Path> files, Inherit inherit) {
  /** Nothing but the base. */
  public static final EnvironmentSpec EMPTY =
      new EnvironmentSpec(Map.of(), List.of(), new Inherit.Nothing());

  /**
   * @throws IllegalArgumentException if a name or value could not be in an environment
   */
  public EnvironmentSpec {
    variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables));
    files = List.copyOf(files);
    variables.forEach((name, value) -> {
      if (!validName(name) || value.indexOf('\0') >= 0) {
        throw new IllegalArgumentException("not an environment variable: " + name);
      }
    });
  }

  /** Whether environ(7) can hold a variable of that name: not empty, without {@code =} and NUL. */
  public static boolean validName(String name) {
    return !name.isEmpty() && name.indexOf('=') < 0 && name.indexOf('\0') < 0;
  }

  /**
   * What is taken from the environment of the caller of {@code up}; sent with the request and never
   * stored.
   */
  public sealed interface Inherit {
    /** {@code inherit_env: false}. */
    record Nothing() implements Inherit {}

    /** {@code inherit_env: true}. */
    record All() implements Inherit {}

    /** {@code inherit_env: [NAMES]}. */
    record Names(List<String> names) implements Inherit {
      /** Copies the list. */
      public Names {
        names = List.copyOf(names);
      }
    }
  }
}
