package pinfold.state;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.contract.PinfoldException;
import pinfold.linux.BootId;
import pinfold.linux.ProcessIdentity;
import pinfold.linux.Processes;

/**
 * What is recorded, for when no supervisor answers: read only, as of one moment, each part by
 * itself.
 *
 * @param keeper whether a keeper lives
 * @param intent what is wanted; empty parts when it cannot be read, which is then a problem
 * @param births the facts of this boot, each with what its processes say
 * @param problems what could not be read
 */
public record OfflineStatus(
    KeeperState keeper, Intent intent, List<Birth> births, List<Failure> problems) {
  /** What the processes of a fact say now. */
  public enum Life {
    /** The main process is there. */
    ALIVE,
    /** The main process is gone; its warden is there, and with it maybe descendants. */
    CONTAINED,
    /** Neither is there. */
    GONE,
    /** The fact names no process: the birth was asked for, no more is known. */
    UNBORN
  }

  /** A fact and what its processes say. */
  public record Birth(Fact fact, Life life) {}

  public OfflineStatus {
    births = List.copyOf(births);
    problems = List.copyOf(problems);
  }

  /** Reads everything. Damage is a problem in the result, not an exception. */
  public static OfflineStatus read(Places places) {
    List<Failure> problems = new ArrayList<>();
    KeeperState keeper = new KeeperState.None();
    Intent intent = Intent.NOTHING;
    List<Birth> births = new ArrayList<>();
    try {
      keeper = KeeperState.of(places);
    } catch (PinfoldException e) {
      problems.add(e.failure());
    }
    try {
      intent = IntentStore.peek(places);
    } catch (PinfoldException e) {
      problems.add(e.failure());
    }
    try {
      String bootId = BootId.current();
      FactStore.Found found = new FactStore(places.facts(bootId)).peek();
      problems.addAll(found.problems());
      for (Fact fact : found.facts()) {
        births.add(new Birth(fact, life(fact, bootId)));
      }
    } catch (PinfoldException e) {
      problems.add(e.failure());
    } catch (IOException e) {
      problems.add(Failure.of(Code.FACT_UNREADABLE, "cannot read /proc: " + e.getMessage()));
    }
    return new OfflineStatus(keeper, intent, births, problems);
  }

  private static Life life(Fact fact, String bootId) throws IOException {
    if (fact.intended()) {
      return Life.UNBORN;
    }
    if (alive(fact.main(), bootId)) {
      return Life.ALIVE;
    }
    return alive(fact.warden(), bootId) ? Life.CONTAINED : Life.GONE;
  }

  private static boolean alive(Optional<Fact.Proc> process, String bootId) throws IOException {
    return process.isPresent()
        && Processes.alive(
            new ProcessIdentity(
                bootId,
                process.get().pid(),
                process.get().startTicks(),
                process.get().pidfsInode()));
  }
}
