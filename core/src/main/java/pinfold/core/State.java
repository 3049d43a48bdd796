package pinfold.core;

/** What an instance is doing. The lower-case name is what users see. */
public enum State {
  /** It was never started. */
  CREATED,
  /** It is wanted, and something that it needs is not there yet. */
  WAITING,
  /** {@code skip} or {@code pre_start} runs. */
  PREPARING,
  /** Its birth was asked for; its own program does not run yet. */
  STARTING,
  RUNNING,
  STOPPING,
  /** It ended and will be started again at {@link Unit#until()}. */
  BACKOFF,
  /** It ended as it should: with success, or because it was asked to. */
  DONE,
  /** It ended for good and not as it should; a person has to act. */
  FAILED,
  /** It is left out: {@code skip} said so, or a dependency cannot be had. */
  SKIPPED,
  PAUSED,
  /** Processes may be left from before, and it cannot be proven whose they are: nothing is started or signalled. */
  UNVERIFIED;

  /** A main process may exist. */
  public boolean live() {
    return switch (this) {
      case STARTING, RUNNING, STOPPING, PAUSED, UNVERIFIED -> true;
      case CREATED, WAITING, PREPARING, BACKOFF, DONE, FAILED, SKIPPED -> false;
    };
  }
}
