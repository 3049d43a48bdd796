package pinfold.linux;

import java.util.List;
import java.util.Objects;

/**
 * A named part of a {@link SpawnPlan}.
 *
 * @param name stable word: "session", "signals", "descriptors", "terminal", "cgroup", "oom-score",
 *     "core-dumps", "limits", "scheduling", "umask", "directory", "no-new-privileges", "gate",
 *     "report", "exec"
 * @param text what it does, one line: "change to directory "/srv/shop""
 * @param calls in order
 */
public record Step(String name, String text, List<Call> calls) {
  public Step {
    Objects.requireNonNull(name, "name is null");
    Objects.requireNonNull(text, "text is null");
    calls = List.copyOf(calls);
  }
}
