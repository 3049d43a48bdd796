package pinfold.contract;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The parameters of each method of {@code io.pinfold.Supervisor}; the record's name is the
 * method's. Every method that changes something is an operation: called with {@code more} it
 * streams {@link Reply.Operated} with progress, the last of which carries the result; called
 * without, only that last one is sent. With {@code noWait} the operation is accepted and recorded,
 * and the only reply carries its id. An operation that fails ends with the error {@code Failed}
 * whose detail has its id as {@code operation}. A client that goes away never ends an operation.
 */
public sealed interface Call {
  /** Which interface every method here belongs to. */
  String INTERFACE = "io.pinfold.Supervisor";

  /** The method's name, without its interface. */
  default String method() {
    return getClass().getSimpleName();
  }

  /**
   * Makes the services be as the manifest says.
   *
   * @param manifest canonical JSON with positions, as the manifest room writes it; parsed again as
   *     hostile input
   * @param path canonical path of the manifest, to which the project is bound
   * @param projects all that the manifest declares; a project that is bound to the same path and is
   *     none of them is removed. Empty: it is not looked at
   * @param names only these, by short name or with instance; empty means all that are not in a
   *     profile left out
   * @param profiles profiles to start too
   * @param recreate restart what did not change, too
   * @param keepRemoved leave services running that the manifest no longer has
   * @param adopt take over a project that is bound to another path
   * @param noWait answer as soon as the operation is accepted
   * @param timeout how long to wait for readiness; the operation goes on after it
   * @param environment the caller's environment for {@code inherit_env}; never stored
   */
  record Up(
      Json.Obj manifest,
      String path,
      List<String> projects,
      List<String> names,
      List<String> profiles,
      boolean recreate,
      boolean keepRemoved,
      boolean adopt,
      boolean noWait,
      Optional<Duration> timeout,
      Map<String, String> environment)
      implements Call {}

  /** What {@link Up} would change; nothing is done. Answered by {@link Reply.Differences}. */
  record Diff(
      Json.Obj manifest,
      String path,
      List<String> projects,
      List<String> names,
      List<String> profiles,
      boolean recreate,
      boolean keepRemoved,
      boolean adopt)
      implements Call {}

  /**
   * Stops services and no longer wants them; done twice is fine. Without names: the whole project.
   */
  record Down(Target target, boolean noWait, Optional<Duration> timeout) implements Call {}

  /** Starts services and what they depend on. */
  record Start(Target target, boolean noWait, Optional<Duration> timeout) implements Call {}

  /**
   * Stops services until an explicit start.
   *
   * @param stopTimeout instead of each service's own stop_timeout
   */
  record Stop(
      Target target, Optional<Duration> stopTimeout, boolean noWait, Optional<Duration> timeout)
      implements Call {}

  /**
   * Stops and starts.
   *
   * @param cascade dependents too
   */
  record Restart(Target target, boolean cascade, boolean noWait, Optional<Duration> timeout)
      implements Call {}

  /**
   * Sends the reload signal and, where the service speaks sd_notify, waits until it says that it is
   * done.
   */
  record Reload(Target target, boolean noWait, Optional<Duration> timeout) implements Call {}

  /**
   * Sends a signal to every process of the services.
   *
   * @param signal a name without SIG
   */
  record Kill(Target target, String signal) implements Call {}

  /** Stops the processes of services where they are. */
  record Pause(Target target, boolean noWait, Optional<Duration> timeout) implements Call {}

  /** Lets paused services go on. */
  record Resume(Target target, boolean noWait, Optional<Duration> timeout) implements Call {}

  /**
   * The state of services. Answered by {@link Reply.Status}.
   *
   * @param target without names: every service of the project, or of all projects when nothing
   *     names one
   * @param finished one-off work that is over, too
   */
  record Status(Target target, boolean finished) implements Call {}

  /**
   * {@link Status} at once and again whenever something changed, at most a few times a second.
   * Needs more.
   */
  record Watch(Target target, boolean finished) implements Call {}

  /**
   * Waits until all services are in a state. Answered by {@link Reply.Waited}; {@link
   * Code#TIMED_OUT} otherwise.
   */
  record Wait(Target target, WaitFor condition, Optional<Duration> timeout) implements Call {}

  /**
   * Runs a process that no manifest has.
   *
   * @param name empty: one is made up
   * @param service keys of a service as in a manifest; relative paths are already absolute
   * @param remove forget it when it ended
   * @param environment the caller's, for {@code inherit_env}; never stored
   */
  record Run(
      Optional<String> name,
      Json.Obj service,
      boolean remove,
      boolean noWait,
      Optional<Duration> timeout,
      Map<String, String> environment)
      implements Call {}

  /**
   * A process that no manifest has, with the caller at the other end of its input and output. Needs
   * {@code upgrade}; the connection becomes agent frames after the reply {@link Reply.Session},
   * from the process's first byte to its exit. It is no service: nothing restarts it, it ends with
   * the caller or the supervisor, and nothing of it stays, with or without {@code remove}.
   *
   * @param interactive the caller's input is passed on
   * @param tty a pseudo terminal instead of pipes
   * @param size of the terminal, with tty
   */
  record RunAttached(
      Optional<String> name,
      Json.Obj service,
      boolean remove,
      boolean interactive,
      boolean tty,
      Optional<WindowSize> size,
      Map<String, String> environment)
      implements Call {}

  /**
   * Runs a command beside a service: its environment, directory, identity and limits. Needs {@code
   * upgrade}; the connection becomes agent frames after the reply {@link Reply.Session}.
   *
   * @param service one service or instance
   * @param environment added to the service's
   */
  record Exec(
      Target service,
      List<String> command,
      Optional<String> user,
      Optional<String> workingDir,
      Map<String, String> environment,
      boolean interactive,
      boolean tty,
      Optional<WindowSize> size)
      implements Call {}

  /**
   * Joins a running instance's output and, where its stdin is open, input. Needs {@code upgrade},
   * as {@link Exec}.
   */
  record Attach(Target service, boolean interactive, Optional<WindowSize> size) implements Call {}

  /** All that is known of services. Answered by {@link Reply.Inspected}. */
  record Inspect(Target target) implements Call {}

  /** Why a service is as it is. Answered by {@link Reply.Explained}. */
  record Why(Target service) implements Call {}

  /**
   * Events of the journal, oldest first, in batches of {@link Reply.Happened}; needs {@code more}.
   *
   * @param since only later ones; empty means what the supervisor remembers
   * @param follow go on with new ones until the client goes away
   */
  record Events(Target target, Optional<Instant> since, boolean follow) implements Call {}

  /** Operations, newest first. Answered by {@link Reply.Ops}. */
  record Operations(boolean finished) implements Call {}

  /**
   * One operation; with {@code more} its further progress until it ends. Answered by {@link
   * Reply.Operated}.
   */
  record Operation(String operation) implements Call {}

  /** Cancels an operation: what it began is left as it is, services keep their wanted state. */
  record Cancel(String operation) implements Call {}

  /** Who answers. Answered by {@link Reply.Release}. */
  record Version() implements Call {}

  /**
   * Ends supervisor and keeper.
   *
   * @param services stop all services first; false is refused with {@link Code#BUSY} while any runs
   */
  record Shutdown(boolean services) implements Call {}

  /**
   * Another supervisor takes over; services, pipes and sockets stay untouched. Answered before the
   * old one ends.
   *
   * @param command program and arguments of the new one, absolute path first; empty means the same
   *     command again
   */
  record Upgrade(List<String> command) implements Call {}
}
