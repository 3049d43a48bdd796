package pinfold.manifest;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A whole project as its file (with its includes) declares it: every value checked, every default
 * filled in, every path absolute, every variable expanded, the dependency graph without cycles or
 * unknown names.
 *
 * @param project the project's name
 * @param file the absolute path of the manifest, to which the project is bound
 * @param services in the order of the file
 */
public record Manifest(ProjectName project, Path file, Map<ServiceName, Service> services) {
  /**
   * @throws IllegalArgumentException if the path is relative or a key differs from its service's
   *     name
   */
  public Manifest {
    if (!file.isAbsolute()) {
      throw new IllegalArgumentException("relative manifest path: " + file);
    }
    services = Collections.unmodifiableMap(new LinkedHashMap<>(services));
    services.forEach((name, service) -> {
      if (!service.name().equals(name)) {
        throw new IllegalArgumentException(service.name() + " is listed as " + name);
      }
    });
  }

  /** The service of that name, if the manifest has it. */
  public Optional<Service> service(ServiceName name) {
    return Optional.ofNullable(services.get(name));
  }
}
