package pinfold.runtimes;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a launch needs to know besides the manifest.
 *
 * @param environment the service's whole environment as {@link ServiceEnvironment} makes it
 * @param cgroup absolute path of the cgroup that it joins; empty: it is contained by a warden
 * @param stored names of descriptors that the service stored (sd_notify(3) FDSTORE) or is to
 *     inherit, in order; they come as received descriptors behind those of its input
 */
public record LaunchContext(
    Map<String, String> environment, Optional<String> cgroup, List<String> stored) {
  public LaunchContext {
    environment = Map.copyOf(environment);
    stored = List.copyOf(stored);
  }

  /** Without cgroup and stored descriptors. */
  public static LaunchContext of(Map<String, String> environment) {
    return new LaunchContext(environment, Optional.empty(), List.of());
  }
}
