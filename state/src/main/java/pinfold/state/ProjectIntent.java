package pinfold.state;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Instant;

/**
 * A project that was given to `up`.
 *
 * @param name unique
 * @param manifest canonical path of the manifest that it is bound to
 * @param canonical the manifest as canonical JSON
 * @param adopted when it was bound to this path
 */
public record ProjectIntent(String name, Path manifest, String canonical, Instant adopted) {
  public ProjectIntent {
    requireNonNull(name, "name is null");
    requireNonNull(canonical, "canonical is null");
    requireNonNull(adopted, "adopted is null");
    if (!manifest.isAbsolute()) {
      throw new IllegalArgumentException("not an absolute path: " + manifest);
    }
  }
}
