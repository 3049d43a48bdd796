package pinfold.manifest;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.SortedSet;
import java.util.TreeSet;

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

  /** The same under another project name. */
  public Manifest named(ProjectName name) {
    return new Manifest(name, file, services);
  }

  /** Every profile that a service has, sorted. */
  public SortedSet<String> profiles() {
    SortedSet<String> all = new TreeSet<>();
    services.values().forEach(service -> all.addAll(service.profiles()));
    return all;
  }

  /**
   * The services that an {@code up} means, with all that they depend on, dependencies first.
   *
   * @param names these, whatever their profiles; if there are none, every service without a profile
   *     or with an active one
   * @param active profiles
   */
  public SequencedSet<ServiceName> selection(
      Collection<ServiceName> names, Collection<String> active) {
    Collection<ServiceName> wanted =
        names.isEmpty()
            ? services.values().stream()
                .filter(
                    s -> s.profiles().isEmpty() || s.profiles().stream().anyMatch(active::contains))
                .map(Service::name)
                .toList()
            : names;
    return Graph.of(this).withDependencies(wanted);
  }
}
