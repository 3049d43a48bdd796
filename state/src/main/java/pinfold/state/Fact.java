package pinfold.state;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;
import pinfold.contract.Json;
import pinfold.linux.BirthId;

/**
 * What is known of one birth of this boot: enough to hand a survivor to a new keeper (`PF_ADOPT` in
 * protocol.h) and to go on supervising it.
 *
 * @param birth id of the birth
 * @param project project of the unit
 * @param unit unit
 * @param slot instance number, from 1
 * @param run the run number
 * @param purpose {@link #MAIN}, or what else it was born for
 * @param flags of its spawn (`enum pf_spawn_flag`)
 * @param log log prefix below the log directory, empty for none
 * @param cgroup path below the keeper's cgroup root, empty for none
 * @param segmentBytes size at which a log segment is closed, 0 for never
 * @param main main process; empty until it is born
 * @param warden its warden, where it has one
 * @param outPipe inode of its stdout pipe, 0 unknown
 * @param errPipe inode of its stderr pipe, 0 unknown
 * @param since when the birth was asked for
 * @param core what the core wants back, in its own terms (health, end, restarts, …)
 */
public record Fact(
    BirthId birth,
    String project,
    String unit,
    int slot,
    int run,
    String purpose,
    int flags,
    String log,
    String cgroup,
    long segmentBytes,
    Optional<Proc> main,
    Optional<Proc> warden,
    long outPipe,
    long errPipe,
    Instant since,
    Json.Obj core) {
  /** The purpose of a service's own program. */
  public static final String MAIN = "main";

  /**
   * A process of this boot.
   *
   * @param pid its number
   * @param startTicks field 22 of `/proc/PID/stat`; together with the number it names one process
   * @param pidfsInode 0 where the kernel has none
   */
  public record Proc(int pid, long startTicks, long pidfsInode) {
    public Proc {
      if (pid < 1 || startTicks < 0) {
        throw new IllegalArgumentException("no process has pid " + pid + " start " + startTicks);
      }
    }
  }

  public Fact {
    requireNonNull(birth, "birth is null");
    requireNonNull(project, "project is null");
    requireNonNull(unit, "unit is null");
    requireNonNull(purpose, "purpose is null");
    requireNonNull(log, "log is null");
    requireNonNull(cgroup, "cgroup is null");
    requireNonNull(main, "main is null");
    requireNonNull(warden, "warden is null");
    requireNonNull(since, "since is null");
    requireNonNull(core, "core is null");
    if (slot < 1 || run < 0 || segmentBytes < 0) {
      throw new IllegalArgumentException(
          "slot %d, run %d, segments of %d bytes".formatted(slot, run, segmentBytes));
    }
  }

  /** Whether the birth was only asked for: it may or may not have reached the keeper. */
  public boolean intended() {
    return main.isEmpty() && warden.isEmpty();
  }
}
