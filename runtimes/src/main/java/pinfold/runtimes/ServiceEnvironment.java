package pinfold.runtimes;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import pinfold.manifest.EnvironmentSpec;
import pinfold.manifest.Service;

/**
 * The environment of a service: a short closed list, then what the manifest says. Nothing of the
 * supervisor's own environment is in it.
 *
 * <p>Weakest first: the base ({@code PATH HOME USER LOGNAME SHELL LANG}, {@code TZ} where the owner
 * has one), what is inherited, env files in their order, the manifest's variables, {@code
 * PINFOLD_PROJECT PINFOLD_SERVICE PINFOLD_INSTANCE}. The last three cannot be overridden: {@code
 * doctor} and recovery rely on them.
 *
 * @param owner whose HOME, USER and SHELL
 * @param zone value of TZ; empty: not set
 */
public record ServiceEnvironment(Owner owner, Optional<String> zone) {
  /** The search path of every service, whatever the caller's was. */
  public static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /** The locale of every service that does not name one. */
  public static final String LANG = "C.UTF-8";

  /** Carries the birth id; set by the keeper in the child. */
  public static final String BIRTH = "PINFOLD_BIRTH";

  /** Carries the project's name. */
  public static final String PROJECT = "PINFOLD_PROJECT";

  /** Carries the service's name. */
  public static final String SERVICE = "PINFOLD_SERVICE";

  /** Carries the number of the instance, from 1. */
  public static final String INSTANCE = "PINFOLD_INSTANCE";

  /**
   * All variables but the birth id.
   *
   * @param caller environment of the caller of {@code up}, of which only what the service inherits
   *     is taken
   * @param files what the service's env files held, in the order of the manifest
   * @param slot number of the instance, from 1
   */
  public NavigableMap<String, String> of(
      String project,
      Service service,
      int slot,
      Map<String, String> caller,
      List<Map<String, String>> files) {
    NavigableMap<String, String> all = new TreeMap<>();
    all.put("PATH", PATH);
    all.put("HOME", owner.home());
    all.put("USER", owner.user());
    all.put("LOGNAME", owner.user());
    all.put("SHELL", owner.shell());
    all.put("LANG", LANG);
    zone.ifPresent(tz -> all.put("TZ", tz));
    EnvironmentSpec spec = service.environment();
    switch (spec.inherit()) {
      case EnvironmentSpec.Inherit.Nothing _ -> {}
      case EnvironmentSpec.Inherit.All _ -> all.putAll(caller);
      case EnvironmentSpec.Inherit.Names(List<String> names) -> {
        for (String name : names) {
          String value = caller.get(name);
          if (value != null) {
            all.put(name, value);
          }
        }
      }
    }
    files.forEach(all::putAll);
    all.putAll(spec.variables());
    all.remove(BIRTH);
    all.put(PROJECT, project);
    all.put(SERVICE, service.name().text());
    all.put(INSTANCE, Integer.toString(slot));
    return all;
  }
}
