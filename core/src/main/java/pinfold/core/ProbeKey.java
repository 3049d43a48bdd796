package pinfold.core;

import static java.util.Objects.requireNonNull;

/**
 * One running probe.
 *
 * @param birth the main birth that is probed
 * @param role which of its probes
 */
public record ProbeKey(BirthId birth, Role role) {
  public ProbeKey {
    requireNonNull(birth, "birth is null");
    requireNonNull(role, "role is null");
  }

  /** Which probe. */
  public enum Role {
    READY,
    LIVE
  }
}
