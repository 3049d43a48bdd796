package pinfold.manifest;

import java.util.Locale;

/**
 * When a service that ended by itself is started again. An explicit stop holds whatever the policy.
 */
public enum RestartPolicy {
  /** Whenever it ends. */
  ALWAYS,
  /** When it ends otherwise than its success exit codes say. */
  ON_FAILURE,
  /** Not at all. */
  NEVER;

  /** As the manifest spells it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
