package pinfold.linux;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the keeper knows of one birth; every snapshot is complete and later ones only know more.
 *
 * @param plan number of its plan
 * @param run the slot's run number
 * @param cgroup contained by one, not by a warden
 * @param output of its spawn
 * @param born its identity is known and journalled, the gate is open
 * @param exec the service's own program runs, or ran
 * @param failure the plan failed; the process is gone or going
 * @param exit the main process ended
 * @param empty no contained process is left
 * @param main identity of the main process, once born
 * @param warden identity of the warden, where there is one
 * @param outPipe inode number of the pipe of standard output, 0 = none
 * @param errPipe inode number of the pipe of standard error, 0 = none
 * @param usage at exit; zeroes before
 */
public record ChildSnapshot(
    BirthId birth,
    long plan,
    int run,
    boolean cgroup,
    SpawnRequest.Output output,
    boolean born,
    boolean exec,
    Optional<Failure> failure,
    Optional<ExitStatus> exit,
    boolean empty,
    Optional<ProcessIdentity> main,
    Optional<ProcessIdentity> warden,
    long outPipe,
    long errPipe,
    Optional<Instant> bornAt,
    Optional<Instant> execAt,
    Optional<Instant> exitAt,
    Usage usage) {

  /**
   * Why it never came to exec.
   *
   * @param call index of the failing call, for {@link SpawnPlan#failure}; empty when the keeper
   *     itself could not (fork, pipe, unknown plan, deadline)
   * @param errno {@link Errno#NONE} when a result merely was not the expected one
   */
  public record Failure(OptionalInt call, Errno errno) {}

  /** CPU time of the main process and its awaited children, and the largest resident set. */
  public record Usage(Duration user, Duration system, long maxRssBytes) {
    public static final Usage NONE = new Usage(Duration.ZERO, Duration.ZERO, 0);
  }

  /** Whether nothing more will happen: it may be acknowledged. */
  public boolean over() {
    return (exit.isPresent() || failure.isPresent()) && empty;
  }
}
