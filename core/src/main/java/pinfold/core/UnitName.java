package pinfold.core;

import static java.util.Objects.requireNonNull;

import java.util.Comparator;
import pinfold.manifest.ProjectName;
import pinfold.manifest.ServiceName;

/**
 * Name of a unit: a service within its project.
 *
 * @param project a {@link ProjectName}, or {@link #RUN}
 * @param service the service in it
 */
public record UnitName(String project, ServiceName service) implements Comparable<UnitName> {
  /** The project of what {@code run} started without a manifest. */
  public static final String RUN = "_run";

  private static final Comparator<UnitName> ORDER =
      Comparator.comparing(UnitName::project).thenComparing(UnitName::service);

  public UnitName {
    requireNonNull(service, "service is null");
    if (!project.equals(RUN) && !ProjectName.valid(project)) {
      throw new IllegalArgumentException("not a project name: " + project);
    }
  }

  /**
   * The name of these parts.
   *
   * @throws IllegalArgumentException when a part is no name
   */
  public static UnitName of(String project, String service) {
    return new UnitName(project, new ServiceName(service));
  }

  @Override
  public int compareTo(UnitName other) {
    return ORDER.compare(this, other);
  }

  /**
   * As users write it: {@code project/service}, or {@code service} for what {@code run} started.
   */
  @Override
  public String toString() {
    return project.equals(RUN) ? service.text() : project + "/" + service;
  }
}
