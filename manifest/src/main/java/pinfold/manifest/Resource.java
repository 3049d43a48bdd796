package pinfold.manifest;

import java.util.Locale;

/** A resource of setrlimit(2), named as its {@code RLIMIT_} constant. */
public enum Resource {
  /** Address space, bytes. */
  AS(Unit.BYTES, "the address space"),
  /** Core file, bytes. */
  CORE(Unit.BYTES, "the size of a core file"),
  /** CPU time, seconds. */
  CPU(Unit.SECONDS, "CPU time, after which SIGXCPU comes"),
  /** Data segment, bytes. */
  DATA(Unit.BYTES, "the data segment"),
  /** Largest file, bytes. */
  FSIZE(Unit.BYTES, "the largest file that can be written"),
  /** File locks, a count. */
  LOCKS(Unit.COUNT, "file locks"),
  /** Locked memory, bytes. */
  MEMLOCK(Unit.BYTES, "memory locked into RAM"),
  /** POSIX message queues, bytes. */
  MSGQUEUE(Unit.BYTES, "POSIX message queues"),
  /** Open descriptors, a count. */
  NOFILE(Unit.COUNT, "open descriptors"),
  /** Processes of the user, a count. */
  NPROC(Unit.COUNT, "processes of the user, over all services"),
  /** Resident set, bytes. */
  RSS(Unit.BYTES, "the resident set; without effect since Linux 2.4"),
  /** Real-time priority. */
  RTPRIO(Unit.COUNT, "the highest real-time priority"),
  /** Real-time CPU without a blocking call, microseconds. */
  RTTIME(Unit.MICROSECONDS, "real-time CPU without a blocking call"),
  /** Queued signals, a count. */
  SIGPENDING(Unit.COUNT, "queued signals"),
  /** Stack, bytes. */
  STACK(Unit.BYTES, "the stack");

  private final Unit unit;
  private final String words;

  Resource(Unit unit, String words) {
    this.unit = unit;
    this.words = words;
  }

  /** The kernel's unit for it. */
  public Unit unit() {
    return unit;
  }

  /** What it limits, for the reference. */
  String words() {
    return words;
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
