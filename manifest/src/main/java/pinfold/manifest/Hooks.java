package pinfold.manifest;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** What is run at moments of a service's life. A hook never delays or fails its service. */
public record Hooks(Map<Moment, Hook> byMoment) {
  /** No hook. */
  public static final Hooks NONE = new Hooks(Map.of());

  /** Copies the map. */
  public Hooks {
    byMoment = byMoment.isEmpty() ? Map.of() : Map.copyOf(new EnumMap<>(byMoment));
  }

  /** The hook for that moment. */
  public Optional<Hook> at(Moment moment) {
    return Optional.ofNullable(byMoment.get(moment));
  }

  /** When a hook runs. */
  public enum Moment {
    /** A start succeeded. */
    START_SUCCESS("on_start", "success"),
    /** A start failed. */
    START_ERROR("on_start", "error"),
    /** A stop succeeded. */
    STOP_SUCCESS("on_stop", "success"),
    /** A stop failed: something would not die. */
    STOP_ERROR("on_stop", "error"),
    /** A restart succeeded. */
    RESTART_SUCCESS("on_restart", "success"),
    /** A restart failed. */
    RESTART_ERROR("on_restart", "error"),
    /** The service has failed for good. */
    FAILURE("on_failure", ""),
    /** The service became ready. */
    READY("on_ready", "");

    private final String key;
    private final String outcome;

    Moment(String key, String outcome) {
      this.key = key;
      this.outcome = outcome;
    }

    /** The key below {@code hooks}. */
    public String key() {
      return key;
    }

    /**
     * The key below that, {@code success} or {@code error}; empty where the key takes one command.
     */
    public String outcome() {
      return outcome;
    }
  }
}
