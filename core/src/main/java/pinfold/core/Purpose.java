package pinfold.core;

/**
 * What a birth is for. All but {@link #MAIN} are helpers: they never hold up anything beyond their
 * own time limit.
 */
public enum Purpose {
  /** The service's own program. */
  MAIN,
  /** The command of {@code skip}: exit 0 means that the service is left out. */
  SKIP,
  /** {@code pre_start}: part of the start. */
  PRE_START,
  /** {@code pre_stop}: before the stop signal. */
  PRE_STOP,
  ON_START_SUCCESS,
  ON_START_ERROR,
  ON_READY,
  ON_STOP_SUCCESS,
  ON_STOP_ERROR,
  ON_RESTART_SUCCESS,
  ON_RESTART_ERROR,
  ON_FAILURE;

  /** Something that nothing waits for. */
  public boolean hook() {
    return compareTo(PRE_STOP) > 0;
  }
}
