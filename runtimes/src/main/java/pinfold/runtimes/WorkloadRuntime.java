package pinfold.runtimes;

import pinfold.linux.LaunchSpec;
import pinfold.manifest.Command;
import pinfold.manifest.RuntimeKind;
import pinfold.manifest.Service;

/**
 * The seam between what a service is and what it runs in. A runtime turns a service into what the
 * keeper can bear; it starts nothing itself and may be asked from any thread.
 */
public interface WorkloadRuntime {
  /** Which value of the key {@code runtime} it stands for. */
  RuntimeKind kind();

  /**
   * The service's own program.
   *
   * @throws IllegalArgumentException if the kernel could not take the result (a text too long or
   *     with a NUL); the message says which
   */
  Launch main(Service service, LaunchContext context);

  /**
   * A command of the service that runs beside it with the same environment, directory, identity and
   * limits: a hook, a probe, {@code pre_start}, {@code pre_stop}, {@code skip}. What it prints
   * goes, in the order printed, to one stream.
   *
   * @throws IllegalArgumentException as {@link #main}
   */
  Launch beside(Service service, Command command, LaunchContext context);

  /**
   * A command for a person: what {@code exec} starts, its input and output given as descriptors.
   *
   * @throws IllegalArgumentException as {@link #main}
   */
  Launch session(Service service, Session session, LaunchContext context);

  /** What is launched, and why its program is what it is. */
  record Launch(LaunchSpec spec, Streams streams, Execution execution) {}

  /** Where the launched program's input and output are. */
  enum Streams {
    /** Standard output and error are log streams of their own. */
    LOGGED,
    /** Standard output and error share one log stream. */
    LOGGED_MERGED,
    /** A terminal of its own is input, output, error and controlling terminal; one log stream. */
    LOGGED_TERMINAL,
    /** Received descriptor 0 is a terminal: input, output, error and controlling terminal. */
    TERMINAL,
    /** Received descriptors 0, 1 and 2 are input, output and error. */
    RECEIVED
  }

  /** How the command of the manifest became the program that is executed. */
  enum Execution {
    /** A list: executed as it is. */
    ARGUMENTS,
    /** A line that a shell would have passed on unchanged: executed without one. */
    WORDS,
    /** A line for /bin/sh -c. */
    SHELL
  }
}
