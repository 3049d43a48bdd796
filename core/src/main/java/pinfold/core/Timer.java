package pinfold.core;

import static java.util.Objects.requireNonNull;

/**
 * One armed timer. Arming again makes another one; {@link Event.Due} of one that was disarmed or
 * replaced is dropped.
 *
 * @param unit whose it is
 * @param kind what it is for
 * @param generation distinguishes it from every other timer of this supervisor
 */
public record Timer(UnitName unit, Kind kind, long generation) {
  public Timer {
    requireNonNull(unit, "unit is null");
    requireNonNull(kind, "kind is null");
  }

  /** What a timer is for. */
  public enum Kind {
    /** The wait before a restart is over. */
    BACKOFF,
    /** {@code stop_timeout} is over: KILL. */
    STOP,
    /** What KILL was sent to should be gone by now. */
    KILL,
    /** {@code pre_start}, {@code pre_stop} or {@code skip} has used up its time. */
    HELPER,
    /** A service that says itself when it is ready should have said so. */
    READY,
    /** A service that declares no readiness has run long enough to be believed. */
    TRIAL,
    /** {@code WATCHDOG=1} is overdue. */
    WATCHDOG,
    /** A main process that ended with success left descendants: are they the service? */
    FORK,
    /** A hook has used up its time. */
    HOOK,
    /** What could not be saved is tried again. */
    SAVE
  }
}
