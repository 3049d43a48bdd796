package pinfold.manifest;

import java.util.Locale;

/**
 * What must hold before a service starts.
 *
 * @param service the one that is waited for; always a service of the same manifest
 * @param condition what is waited for; where the manifest names none: {@code READY} if that service
 *     declares {@code ready}, else {@code STARTED}
 * @param restart whether the dependent is restarted when that service restarts
 */
public record Dependency(ServiceName service, Condition condition, boolean restart) {

  /** A point in the life of a service. */
  public enum Condition {
    /** Its program is executing. */
    STARTED,
    /** Its {@code ready} probe passes. */
    READY,
    /** It ended with success. */
    COMPLETED;

    /** As the manifest spells it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
