package pinfold.supervisor;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import pinfold.core.UnitName;

/// The environment of who called `up` or `run`, for `inherit_env`. Kept in memory only, as the
/// manual promises: after a restart of the supervisor services inherit nothing until the next `up`.
/// Any thread.
final class Callers {
  private final Map<String, Map<String, String>> byProject = new ConcurrentHashMap<>();
  private final Map<UnitName, Map<String, String>> byUnit = new ConcurrentHashMap<>();

  void up(String project, Map<String, String> environment) {
    byProject.put(project, Map.copyOf(environment));
  }

  void run(UnitName unit, Map<String, String> environment) {
    byUnit.put(unit, Map.copyOf(environment));
  }

  Map<String, String> of(UnitName unit) {
    Map<String, String> own = byUnit.get(unit);
    return own != null ? own : byProject.getOrDefault(unit.project(), Map.of());
  }

  void forget(UnitName unit) {
    byUnit.remove(unit);
  }

  void forget(String project) {
    byProject.remove(project);
  }
}
