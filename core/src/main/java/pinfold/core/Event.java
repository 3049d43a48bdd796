package pinfold.core;

import static java.util.Objects.requireNonNull;

import java.util.List;
import pinfold.contract.Failure;

/**
 * What the core is told. Every event is defined in every state; one that speaks of a birth, timer
 * or probe that is no longer current is dropped, so it is never wrong to deliver one late, twice or
 * out of order.
 */
public sealed interface Event {
  /** An operator asks. A second request with the id of one under way is dropped. */
  record Request(OperationId operation, Command command) implements Event {
    public Request {
      requireNonNull(operation, "operation is null");
      requireNonNull(command, "command is null");
    }
  }

  /** Something became known of a birth; of an unknown birth: it is killed and acknowledged. */
  record Child(BirthReport report) implements Event {
    public Child {
      requireNonNull(report, "report is null");
    }
  }

  /**
   * The keeper answered a signal.
   *
   * @param errno 0 or errno(3); ESRCH = nobody was there
   */
  record Signalled(BirthId birth, int signal, Scope scope, int errno) implements Event {
    public Signalled {
      requireNonNull(birth, "birth is null");
      requireNonNull(scope, "scope is null");
    }
  }

  /** A timer's instant has come. */
  record Due(Timer timer) implements Event {
    public Due {
      requireNonNull(timer, "timer is null");
    }
  }

  /**
   * A probe's attempt ended.
   *
   * @param passed its verdict; of a log probe: the line was seen
   * @param detail what was found, in a few words
   */
  record Probed(ProbeKey probe, boolean passed, String detail) implements Event {
    public Probed {
      requireNonNull(probe, "probe is null");
      requireNonNull(detail, "detail is null");
    }
  }

  /** A service's message on its notify socket, in its order. */
  record Notified(BirthId birth, List<Notice> notices) implements Event {
    public Notified {
      requireNonNull(birth, "birth is null");
      notices = List.copyOf(notices);
    }
  }

  /**
   * Answer to {@link Effect.ReadPidFile}.
   *
   * @param pid a living process of this birth, or 0 when the file names none (yet)
   */
  record PidFileRead(BirthId birth, int pid) implements Event {
    public PidFileRead {
      requireNonNull(birth, "birth is null");
    }
  }

  /** A unit's record could not be saved; it is tried again. */
  record SaveFailed(UnitName unit, Failure failure) implements Event {
    public SaveFailed {
      requireNonNull(unit, "unit is null");
      requireNonNull(failure, "failure is null");
    }
  }

  /** The first event of every supervisor: everything that an earlier one left behind. */
  record Recovered(Recovery recovery) implements Event {
    public Recovered {
      requireNonNull(recovery, "recovery is null");
    }
  }

  /**
   * The supervisor is to end and leave the services alone. Afterwards nothing but {@link Recovered}
   * changes anything.
   */
  record StandDown() implements Event {}
}
