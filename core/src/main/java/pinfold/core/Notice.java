package pinfold.core;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/** One assignment of a message of a service, as in sd_notify(3). */
public sealed interface Notice {
  /** {@code READY=1}. */
  record Ready() implements Notice {}

  /** {@code STOPPING=1}. */
  record Stopping() implements Notice {}

  /** {@code RELOADING=1}; ends with the next {@link Ready}. */
  record Reloading() implements Notice {}

  /** {@code STATUS=}. */
  record Status(String text) implements Notice {
    public Status {
      requireNonNull(text, "text is null");
    }
  }

  /** {@code MAINPID=}; the hands have checked that it is a process of this birth. */
  record MainPid(int pid) implements Notice {
    public MainPid {
      if (pid < 1) {
        throw new IllegalArgumentException("pid " + pid);
      }
    }
  }

  /** {@code WATCHDOG=1}. */
  record Alive() implements Notice {}

  /** {@code WATCHDOG=trigger}. */
  record Trigger() implements Notice {}

  /** {@code WATCHDOG_USEC=}; zero turns it off. */
  record WatchdogInterval(Duration interval) implements Notice {
    public WatchdogInterval {
      requireNonNull(interval, "interval is null");
    }
  }

  /** {@code EXTEND_TIMEOUT_USEC=}. */
  record ExtendTimeout(Duration by) implements Notice {
    public ExtendTimeout {
      requireNonNull(by, "by is null");
    }
  }

  /**
   * {@code FDSTORE=1}, {@code FDSTOREREMOVE=1}: how many descriptors are stored for the unit now.
   */
  record Stored(int descriptors) implements Notice {}
}
