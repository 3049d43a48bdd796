package pinfold.core;

/** Whether a running instance can be used. */
public enum Health {
  /** Nothing declares it; running is all that is known. */
  UNDECLARED,
  /** Not ready yet, or it took its readiness back. */
  NOT_READY,
  READY,
  /**
   * It failed its readiness probe as often as declared: not usable now, dependents are held back.
   */
  UNHEALTHY
}
