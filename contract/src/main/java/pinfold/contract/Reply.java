package pinfold.contract;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the methods of {@code io.pinfold.Supervisor} answer. */
public sealed interface Reply {
  /** Nothing to say. */
  record Done() implements Reply {}

  /**
   * One step of an operation.
   *
   * @param operation its id
   * @param changes what it is going to change; only in the first reply to Up
   * @param progress what happened now
   * @param result only in the last reply
   * @param names services that it made; only Run
   */
  record Operated(
      String operation,
      List<Change> changes,
      Optional<Progress> progress,
      Optional<OperationView> result,
      List<String> names)
      implements Reply {}

  /** What would change. */
  record Differences(List<Change> changes) implements Reply {}

  /**
   * Exactly what status --json prints.
   *
   * @param version of this shape, 1
   * @param supervisor empty when none runs (only the command line makes this up from files)
   */
  record Status(int version, Optional<SupervisorStatus> supervisor, List<ServiceStatus> services)
      implements Reply {}

  /** How each service met what was waited for. */
  record Waited(List<WaitOutcome> services) implements Reply {}

  /**
   * A session of frames begins after this reply.
   *
   * @param session id, for messages
   * @param epoch the hello frame carries the same
   * @param name the instance that it belongs to, as shop/api.1
   * @param tty the other end is a terminal: it wants keys as they are, and the size of the window
   */
  record Session(String session, long epoch, String name, boolean tty) implements Reply {}

  /** All that is known, one entry per service. */
  record Inspected(List<Inspection> services) implements Reply {}

  /** Why a service is as it is: the causes in order, the first one first. */
  record Explained(String project, String name, String summary, List<Cause> causes)
      implements Reply {}

  /** A batch of events, oldest first. */
  record Happened(List<Event> events) implements Reply {}

  /** Operations, newest first. */
  record Ops(List<OperationView> operations) implements Reply {}

  /**
   * Who answers.
   *
   * @param product folder of the product that the supervisor belongs to; empty when it does not
   *     know
   */
  record Release(
      String release,
      int pid,
      int keeperPid,
      Instant since,
      String java,
      int protocol,
      Optional<String> product)
      implements Reply {}
}
