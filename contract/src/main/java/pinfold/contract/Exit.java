package pinfold.contract;

/**
 * Exit codes of the command line that scripts may rely on. Commands that run another command
 * (`exec`, `run`, `shell`, `wait`) end with that command's own code instead.
 */
public enum Exit {
  /** Done; for `status`: everything wanted is running and, where declared, ready. */
  OK(0),
  /** The operation failed; for `status`: degraded. */
  FAILED(1),
  /**
   * Only `status`: something has failed for good, or no supervisor runs although services are
   * wanted.
   */
  DOWN(2),
  /** Wrong use of the command line. */
  USAGE(64),
  /** The manifest or another input is invalid. */
  INVALID(65),
  /** The supervisor cannot be reached or does not answer in time. */
  UNREACHABLE(69),
  /** Try again: another operation holds what this one needs, or the time given was too short. */
  RETRY(75),
  /** Refused: not permitted, or not possible in this mode. */
  REFUSED(77),
  /** Only `exec`, `run`, `shell`: Pinfold itself failed. */
  RUNNER(125),
  /** Only `exec`, `run`, `shell`: the command cannot be executed. */
  NOT_EXECUTABLE(126),
  /** Only `exec`, `run`, `shell`: the command was not found. */
  NOT_FOUND(127),
  /** Interrupted; what was begun goes on in the supervisor. */
  INTERRUPTED(130);

  private final int code;

  Exit(int code) {
    this.code = code;
  }

  /** The number given to exit(2). */
  public int code() {
    return code;
  }
}
