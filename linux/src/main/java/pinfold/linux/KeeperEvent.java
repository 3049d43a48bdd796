package pinfold.linux;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the keeper says. */
public sealed interface KeeperEvent {
  /**
   * Answer to the greeting that {@link Keeper#attach} sends; then every child is reported.
   *
   * @param children how many births the keeper knows
   * @param generation supervisors it started so far, this one included
   * @param shutdown it was asked to end and has not yet
   */
  record Welcome(int pid, int children, Instant startedAt, long generation, boolean shutdown)
      implements KeeperEvent {}

  /** A birth is new or changed. */
  record Child(ChildSnapshot snapshot) implements KeeperEvent {}

  /**
   * Answer to {@link Keeper#signal}.
   *
   * @param errno {@link Errno#NONE}, or {@link Errno#ESRCH}: nobody was there
   * @param count processes signalled, where known
   */
  record Signalled(long seq, BirthId birth, Signal signal, Scope scope, Errno errno, int count)
      implements KeeperEvent {}

  /** One held descriptor, as {@link Keeper#fetch} asked. The listener owns it. */
  record Held(long seq, long key, boolean activates, String name, Fd descriptor)
      implements KeeperEvent {}

  /** All held descriptors have been given. */
  record Fetched(long seq) implements KeeperEvent {}

  /** A pidfd of a main process, owned by the listener; empty when the process is gone. */
  record PidfdIs(long seq, BirthId birth, Optional<Fd> pidfd) implements KeeperEvent {}

  /** Something happened to a log file. */
  record Log(BirthId birth, boolean stderr, LogKind kind, Errno errno, long bytes)
      implements KeeperEvent {}

  /** The keeper was asked to end by this signal. */
  record Shutdown(Signal signal) implements KeeperEvent {}

  /**
   * The keeper did not accept a message.
   *
   * @param seq of the refused request
   * @param entry index of the offending entry, -1 = the message as such
   * @param births of the refused message when it asked for births, so that none is waited for
   */
  record Refused(long seq, Errno errno, int entry, List<BirthId> births) implements KeeperEvent {}

  /** Answer to {@link Keeper#stats}; counters since the keeper's start. */
  record Stats(
      long seq,
      long births,
      long exits,
      long wakeups,
      long logBytes,
      long logDropped,
      long supervisors,
      int children,
      int streams,
      int held,
      int plans)
      implements KeeperEvent {}

  /** The keeper is gone, or speaks nonsense: nothing follows. */
  record Lost(String reason) implements KeeperEvent {}

  /** Whom a signal reaches. */
  enum Scope {
    /** The main process. */
    MAIN(1),
    /** The process group that it leads. */
    GROUP(2),
    /** Every contained process; KILL is repeated until none is left. */
    ALL(3);

    private final int number;

    Scope(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }
  }

  /** What happened to a log file. */
  enum LogKind {
    /** It cannot grow; bytes are dropped from now on. */
    FULL,
    /** It can again; {@code bytes} were dropped in all. */
    RESUMED,
    /** A segment was closed. */
    ROTATED,
    /** It cannot be opened or written. */
    FAILED
  }
}
