package pinfold.linux;

import java.util.Locale;
import java.util.Optional;

/** A resource limit of Linux (getrlimit(2)); the order is that of the kernel's numbers. */
public enum Rlimit {
  CPU,
  FSIZE,
  DATA,
  STACK,
  CORE,
  RSS,
  NPROC,
  NOFILE,
  MEMLOCK,
  AS,
  LOCKS,
  SIGPENDING,
  MSGQUEUE,
  NICE,
  RTPRIO,
  RTTIME;

  /** The kernel's number: RLIMIT_CPU is 0. */
  public int number() {
    return ordinal();
  }

  /** "nofile", as manifests write it. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The limit of a {@link #key}. */
  public static Optional<Rlimit> named(String key) {
    for (Rlimit limit : values()) {
      if (limit.key().equals(key)) {
        return Optional.of(limit);
      }
    }
    return Optional.empty();
  }
}
