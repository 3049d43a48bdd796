package pinfold.supervisor;

/// Why this supervisor ends, hence what becomes of the rest.
public enum Ending {
  /// Everything is stopped: the keeper ends too.
  ALL,
  /// It was asked to leave the services alone; the keeper starts another when somebody calls.
  STANDBY,
  /// Another supervisor takes over at once.
  REPLACED,
  /// The keeper is gone: a new one is started, which starts a new supervisor.
  KEEPER_LOST
}
