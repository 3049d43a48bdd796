package pinfold.state;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.List;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.contract.PinfoldException;
import pinfold.linux.BootId;
import pinfold.linux.FileLocks;
import pinfold.linux.KeeperJournal;
import pinfold.linux.ProcessIdentity;
import pinfold.linux.Processes;

/**
 * Whether a keeper lives, by its record in the run directory and its lock; nothing is locked or
 * changed to find out.
 */
public sealed interface KeeperState {
  /** It lives: the process of the record is there. */
  record Alive(ProcessIdentity identity, Instant since) implements KeeperState {}

  /** It died in this boot without a farewell; its children may live on. */
  record Dead(ProcessIdentity identity, Instant since) implements KeeperState {}

  /** None ran in this boot, or the last one ended in order. */
  record None() implements KeeperState {}

  /**
   * Something holds the lock and no living keeper says that it is it: one that is starting or
   * ending.
   */
  record Unsettled() implements KeeperState {}

  /**
   * Looks.
   *
   * @throws PinfoldException {@link Code#STATE_UNUSABLE} when the record cannot be read
   */
  static KeeperState of(Places places) {
    try {
      KeeperJournal record = new KeeperJournal(List.of(), 0);
      try {
        record = KeeperJournal.read(places.keeper(BootId.current()));
      } catch (NoSuchFileException e) {
        // None, unless one is starting.
      }
      boolean held = FileLocks.held(places.lock());
      if (!record.lines().isEmpty()
          && record.lines().getFirst() instanceof KeeperJournal.Line.Keeper keeper) {
        ProcessIdentity identity = keeper.identity();
        if (Processes.alive(identity)) {
          return new Alive(identity, keeper.startedAt());
        }
        if (!held) {
          return new Dead(identity, keeper.startedAt());
        }
      }
      return held ? new Unsettled() : new None();
    } catch (IOException e) {
      throw new PinfoldException(
          Failure.of(
              Code.STATE_UNUSABLE, "cannot find out whether a keeper runs: " + e.getMessage()),
          e);
    }
  }
}
