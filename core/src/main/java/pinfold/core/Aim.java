package pinfold.core;

/** Why a run is being ended, hence what follows when no process of it is left. */
public enum Aim {
  /** It is not wanted: {@link State#DONE}. */
  STOP,
  /** It is to begin again, at nobody's fault: {@link State#WAITING}, budget untouched. */
  RESTART,
  /**
   * It misbehaved (liveness, watchdog, leftovers of a crash): the restart policy decides, and the
   * budget pays.
   */
  POLICY,
  /** It is no longer in the manifest: the unit is forgotten. */
  REMOVE
}
