package pinfold.core;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * A project as it was last applied.
 *
 * @param name its name, or {@link UnitName#RUN}
 * @param file canonical path of the manifest to which the name is bound; empty for {@link UnitName#RUN}
 * @param revision number of this text; units name the revision that holds their specification
 * @param source canonical text, opaque to the core: the specifications are parsed from it again after a restart
 */
public record Project(String name, Optional<String> file, int revision, String source) {
  public Project {
    requireNonNull(name, "name is null");
    requireNonNull(file, "file is null");
    requireNonNull(source, "source is null");
  }
}
