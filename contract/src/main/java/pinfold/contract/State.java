package pinfold.contract;

/**
 * States of an instance; of a service, the worst of its instances. The table is in ARCHITECTURE.md.
 */
public enum State {
  CREATED,
  WAITING,
  PREPARING,
  STARTING,
  RUNNING,
  STOPPING,
  BACKOFF,
  DONE,
  FAILED,
  SKIPPED,
  PAUSED,
  UNVERIFIED
}
