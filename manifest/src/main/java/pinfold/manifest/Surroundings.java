package pinfold.manifest;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What a manifest can refer to besides files.
 *
 * @param environment the caller's variables for {@code ${NAME}}; a {@code .env} beside the file
 *     comes before them
 * @param home what {@code ~} stands for
 */
public record Surroundings(Map<String, String> environment, Optional<Path> home) {
  /** No variable, no home. */
  public static final Surroundings NONE = new Surroundings(Map.of(), Optional.empty());

  /**
   * @throws IllegalArgumentException if the home is relative
   */
  public Surroundings {
    environment = Map.copyOf(environment);
    if (home.filter(h -> !h.isAbsolute()).isPresent()) {
      throw new IllegalArgumentException("relative home: " + home.get());
    }
  }
}
