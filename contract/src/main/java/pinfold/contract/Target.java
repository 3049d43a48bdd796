package pinfold.contract;

import java.util.List;
import java.util.Optional;

/**
 * Which services a call means. Names are api (all its instances), api.2 (one instance, from 1) or
 * shop/api. A short name that fits several projects means the one of {@code project}, else the one
 * of {@code manifest}, else it is {@link Code#AMBIGUOUS_NAME}.
 *
 * @param names services; none means every service of the project, where the call allows it
 * @param project only this project
 * @param manifest canonical path of the manifest that the caller stands in: its project is meant
 *     where nothing else says
 * @param profiles additionally the services of these profiles
 * @param all every service of every project
 */
public record Target(
    List<String> names,
    Optional<String> project,
    Optional<String> manifest,
    List<String> profiles,
    boolean all) {
  public Target {
    names = List.copyOf(names);
    profiles = List.copyOf(profiles);
  }

  /** Services by name, wherever they are. */
  public static Target of(String... names) {
    return new Target(List.of(names), Optional.empty(), Optional.empty(), List.of(), false);
  }
}
