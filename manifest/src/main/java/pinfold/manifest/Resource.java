package pinfold.manifest;

import java.util.Locale;

/** A resource of setrlimit(2), named as its {@code RLIMIT_} constant. */
public enum Resource {
  /** Address space, bytes. */
  AS(Unit.BYTES),
  /** Core file, bytes. */
  CORE(Unit.BYTES),
  /** CPU time, seconds. */
  CPU(Unit.SECONDS),
  /** Data segment, bytes. */
  DATA(Unit.BYTES),
  /** Largest file, bytes. */
  FSIZE(Unit.BYTES),
  /** File locks, a count. */
  LOCKS(Unit.COUNT),
  /** Locked memory, bytes. */
  MEMLOCK(Unit.BYTES),
  /** POSIX message queues, bytes. */
  MSGQUEUE(Unit.BYTES),
  /** Open descriptors, a count. */
  NOFILE(Unit.COUNT),
  /** Processes of the user, a count. */
  NPROC(Unit.COUNT),
  /** Resident set, bytes. */
  RSS(Unit.BYTES),
  /** Real-time priority. */
  RTPRIO(Unit.COUNT),
  /** Real-time CPU without a blocking call, microseconds. */
  RTTIME(Unit.MICROSECONDS),
  /** Queued signals, a count. */
  SIGPENDING(Unit.COUNT),
  /** Stack, bytes. */
  STACK(Unit.BYTES);

  private final Unit unit;

  Resource(Unit unit) {
    this.unit = unit;
  }

  /** The kernel's unit for it. */
  public Unit unit() {
    return unit;
  }

  /** The key below {@code limits}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What a limit counts. */
  public enum Unit {
    /** Written as a size. */
    BYTES,
    /** Written as a number. */
    COUNT,
    /** Written as a duration, rounded up to seconds. */
    SECONDS,
    /** Written as a number or a duration. */
    MICROSECONDS
  }
}
