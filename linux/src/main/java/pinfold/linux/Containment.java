package pinfold.linux;

import java.util.Objects;

/** How the keeper finds and ends every process of a birth. */
public sealed interface Containment {
  /** A small subreaper of its own, where no cgroup can be had. */
  record Warden() implements Containment {}

  /**
   * A cgroup.
   *
   * @param path below the keeper's cgroup directory, at most 159 bytes, made before the spawn; the
   *     plan joins it
   */
  record Cgroup(String path) implements Containment {
    public Cgroup {
      Objects.requireNonNull(path, "path is null");
    }
  }
}
