package pinfold.runtimes;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import pinfold.manifest.EnvironmentSpec;

/**
 * What a person asked to run beside a service.
 *
 * @param arguments the program and its arguments, not empty
 * @param directory absolute, or relative to the service's own; empty: the service's own
 * @param environment variables on top of the service's
 * @param terminal whether received descriptor 0 is a terminal; else 0, 1 and 2 are pipes
 */
public record Session(
    List<String> arguments,
    Optional<String> directory,
    Map<String, String> environment,
    boolean terminal) {
  /**
   * @throws IllegalArgumentException if there is no program, or a variable cannot be named so
   */
  public Session {
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
    if (arguments.isEmpty() || arguments.getFirst().isEmpty()) {
      throw new IllegalArgumentException("a session has a program");
    }
    for (String name : environment.keySet()) {
      if (!EnvironmentSpec.validName(name)) {
        throw new IllegalArgumentException("no variable can be named \"" + name + '"');
      }
    }
  }
}
