package pinfold.contract;

/** What {@code wait} waits for. */
public enum WaitFor {
  /**
   * Running and, where readiness is declared, ready; one-off work also counts when it completed.
   */
  READY,
  /** No process is left and none will come by itself. */
  STOPPED,
  /** Ended with success. */
  COMPLETED
}
