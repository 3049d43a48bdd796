package pinfold.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import pinfold.contract.Change;
import pinfold.contract.Json;
import pinfold.manifest.Canonical;
import pinfold.manifest.Probe;
import pinfold.manifest.Service;

/**
 * What differs between two specifications of a service, in the words of the manifest.
 *
 * @param fields every key that differs, with dots where it is inside another
 * @param launch those of them that a running process was started with: they need a restart
 */
record Differences(List<Change.Field> fields, List<String> launch) {
  /** Keys that a running process need not notice; a key that is not named here restarts it. */
  private static final Set<String> POLICY =
      Set.of(
          "success_exit_codes",
          "depends_on",
          "restart_policy",
          "backoff",
          "max_restarts",
          "stop_signal",
          "stop_timeout",
          "reload_signal",
          "pid_file",
          "essential",
          "pre_start",
          "pre_stop",
          "hooks",
          "profiles",
          "skip",
          "ports");

  static Differences between(Service before, Service after) {
    List<Change.Field> fields = new ArrayList<>();
    if (!before.equals(after)) {
      compare("", Canonical.json(before), Canonical.json(after), fields);
    }
    List<String> launch =
        fields.stream()
            .map(Change.Field::key)
            .filter(key -> startedWith(key, before, after))
            .toList();
    return new Differences(List.copyOf(fields), launch);
  }

  private static void compare(
      String prefix, Json.Obj before, Json.Obj after, List<Change.Field> fields) {
    TreeSet<String> names = new TreeSet<>(before.fields().keySet());
    names.addAll(after.fields().keySet());
    for (String name : names) {
      Json was = before.get(name).orElse(Json.Null.NULL);
      Json is = after.get(name).orElse(Json.Null.NULL);
      if (was.equals(is)) {
        continue;
      }
      // `env: {vars: …}` is what `env: …` is short for.
      String key = prefix.equals("env.") && name.equals("vars") ? "env" : prefix + name;
      if (was instanceof Json.Obj one && is instanceof Json.Obj other) {
        compare(key + ".", one, other, fields);
      } else {
        fields.add(new Change.Field(key, was, is));
      }
    }
  }

  private static boolean startedWith(String key, Service before, Service after) {
    int dot = key.indexOf('.');
    String root = dot < 0 ? key : key.substring(0, dot);
    return switch (root) {
      // The notify socket and WATCHDOG_USEC are in the environment that a process was started with.
      case "ready" -> notifies(before.ready()) != notifies(after.ready());
      case "live" -> notifies(before.live()) || notifies(after.live());
      case "logs" -> key.equals("logs.sink");
      default -> !POLICY.contains(root);
    };
  }

  private static boolean notifies(Optional<Probe> probe) {
    return probe.map(Probe::check).orElse(null) instanceof Probe.Notify;
  }
}
