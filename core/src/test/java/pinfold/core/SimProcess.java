package pinfold.core;

import org.jspecify.annotations.Nullable;
import pinfold.contract.Failure;

/** A birth as the simulated kernel knows it. */
final class SimProcess {
  final Launch launch;
  final Identity identity;
  boolean main;
  boolean others;

  /** The keeper has seen that nothing is left; it may see the end before. */
  boolean emptied;

  /** Its identity was never known: it could not be made. */
  boolean unborn;

  boolean executed;
  boolean frozen;
  boolean ignoresTerm;
  boolean ignoresKill;
  int pending;
  @Nullable End end;
  @Nullable Failure failure;

  /** After the death of a keeper: its identity cannot be checked. */
  boolean unprovable;

  /** The keeper that saw its end is gone. */
  boolean endLost;

  SimProcess(Launch launch, int pid) {
    this.launch = launch;
    this.identity = Desk.identity(pid);
    this.main = true;
  }

  boolean alive() {
    return main || others;
  }

  BirthReport report() {
    return new BirthReport(
        launch.id(),
        unborn ? null : identity,
        executed,
        failure,
        endLost && end != null ? new End.Unknown() : end,
        emptied,
        unprovable && !emptied);
  }
}
