package pinfold.state;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;
import pinfold.contract.Json;
import pinfold.linux.BirthId;
import pinfold.linux.ProcessIdentity;

/**
 * What is known of one birth of this boot: enough to hand a survivor to a new keeper and to go on
 * supervising it.
 *
 * @param birth id of the birth
 * @param state how far it is known to have come
 * @param project project of the unit
 * @param unit unit
 * @param slot instance number, from 1
 * @param run the slot's run number
 * @param revision of the unit's specification that it was born from
 * @param purpose `main`, or what else it was born for (`pre_start`, `exec`, …)
 * @param plan number of its plan
 * @param flags of its spawn (`PF_SPAWN` in protocol.h)
 * @param log log prefix below the log directory, empty for none
 * @param cgroup path below the keeper's cgroup root, empty for none
 * @param segmentBytes size at which a log segment is closed
 * @param main main process, once born
 * @param warden its warden, where it has one
 * @param outPipe inode of its stdout pipe, 0 unknown
 * @param errPipe inode of its stderr pipe, 0 unknown
 * @param since when the state was entered
 * @param more what the core wants back, in its own terms (restarts, readiness, …)
 */
public record Fact(
    BirthId birth,
    State state,
    String project,
    String unit,
    int slot,
    int run,
    String revision,
    String purpose,
    long plan,
    int flags,
    String log,
    String cgroup,
    long segmentBytes,
    Optional<ProcessIdentity> main,
    Optional<ProcessIdentity> warden,
    long outPipe,
    long errPipe,
    Instant since,
    Json.Obj more) {
  /** How far a birth is known to have come. */
  public enum State {
    /** The spawn may or may not have reached the keeper. */
    INTENDED,
    /** The identity is known. */
    BORN,
    /** The main process ended; something contained may be left. */
    EXITED
  }

  public Fact {
    requireNonNull(birth, "birth is null");
    requireNonNull(project, "project is null");
    requireNonNull(unit, "unit is null");
    requireNonNull(revision, "revision is null");
    requireNonNull(purpose, "purpose is null");
    requireNonNull(log, "log is null");
    requireNonNull(cgroup, "cgroup is null");
    requireNonNull(since, "since is null");
    requireNonNull(more, "more is null");
    if (main.isEmpty() && state != State.INTENDED) {
      throw new IllegalArgumentException("birth " + birth + " is " + state + " without a process");
    }
    if (warden.isPresent() && main.isEmpty()) {
      throw new IllegalArgumentException("birth " + birth + " has a warden and no process");
    }
  }
}
