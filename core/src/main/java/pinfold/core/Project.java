package pinfold.core;

import static java.util.Objects.requireNonNull;

/**
 * A project as it was last applied. What {@code run} started belongs to none.
 *
 * @param name its name
 * @param file canonical path of the manifest to which the name is bound
 * @param source canonical text, opaque to the core
 */
public record Project(String name, String file, String source) {
  public Project {
    requireNonNull(name, "name is null");
    requireNonNull(file, "file is null");
    requireNonNull(source, "source is null");
  }
}
