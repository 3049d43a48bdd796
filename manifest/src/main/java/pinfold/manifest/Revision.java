package pinfold.manifest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import pinfold.contract.Json;
import pinfold.contract.JsonText;

/**
 * What a service is, as two fingerprints. Equal fingerprints mean equal meaning: the name of the
 * service, the order of keys, variables and dependencies, and where an {@code env_file} lies do not
 * matter.
 *
 * @param launch of all that its processes are born with; a difference needs a restart
 * @param policy of all the rest; a difference is applied to the running service
 */
public record Revision(String launch, String policy) {
  private static final Set<String> LAUNCH =
      Set.of(
          ServiceKeys.RUNTIME.name(),
          ServiceKeys.COMMAND.name(),
          ServiceKeys.WORKING_DIR.name(),
          ServiceKeys.TTY.name(),
          ServiceKeys.STDIN.name(),
          ServiceKeys.LIMITS.name(),
          ServiceKeys.INHERIT_ENV.name());
  private static final Set<String> ENVIRONMENT =
      Set.of(ServiceKeys.ENV.name(), ServiceKeys.ENV_FILE.name());

  /** The revision when what is in its environment files is not to be taken into account. */
  public static Revision of(Service service) {
    return of(service, Map.of());
  }

  /**
   * The revision together with what its environment files say.
   *
   * @param fromFiles the variables of all of them, later files already over earlier ones
   */
  public static Revision of(Service service, Map<String, String> fromFiles) {
    Json.Obj all = ServiceJson.of(service);
    Json.Obj launch = Json.Obj.EMPTY;
    Json.Obj policy = Json.Obj.EMPTY;
    for (Key<?> key : ServiceKeys.ALL) {
      Json value = all.get(key.name()).orElse(Json.Null.NULL);
      if (LAUNCH.contains(key.name())) {
        launch = launch.with(key.name(), value);
      } else if (key.name().equals(ServiceKeys.DEPENDS_ON.name())) {
        policy = policy.with(key.name(), dependencies(service));
      } else if (!ENVIRONMENT.contains(key.name())) {
        policy = policy.with(key.name(), value);
      }
    }
    launch =
        launch
            .with("variables", variables(service, fromFiles))
            .with("notify", notified(service))
            .with("sink", Json.of(service.logs().sink().name()));
    return new Revision(hash(launch), hash(policy));
  }

  private static Json variables(Service service, Map<String, String> fromFiles) {
    TreeMap<String, String> sorted = new TreeMap<>(fromFiles);
    sorted.putAll(service.environment().variables());
    List<Json> pairs = new ArrayList<>();
    sorted.forEach((name, value) -> pairs.add(Json.strings(List.of(name, value))));
    return Json.array(pairs);
  }

  /**
   * A service that speaks sd_notify is born with its socket, and with WATCHDOG_USEC where `live`
   * asks for it.
   */
  private static Json notified(Service service) {
    boolean ready = service.ready().filter(p -> p.check() instanceof Probe.Notify).isPresent();
    String watchdog =
        service
            .live()
            .filter(p -> p.check() instanceof Probe.Notify)
            .map(p -> p.interval().toString())
            .orElse("");
    return Json.strings(List.of(Boolean.toString(ready), watchdog));
  }

  private static Json dependencies(Service service) {
    return Json.array(
        service.dependsOn().stream()
            .sorted(Comparator.comparing(Dependency::service))
            .map(d ->
                Json.strings(
                    List.of(
                        d.service().text(), d.condition().word(), Boolean.toString(d.restart()))))
            .toList());
  }

  private static String hash(Json json) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(JsonText.write(json).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
