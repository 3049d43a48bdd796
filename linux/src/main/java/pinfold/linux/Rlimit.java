package pinfold.linux;

import java.util.Locale;
import java.util.Optional;

/** A resource limit of Linux (getrlimit(2)), numbered as on x86-64 and aarch64. */
public enum Rlimit {
  CPU(0),
  FSIZE(1),
  DATA(2),
  STACK(3),
  CORE(4),
  RSS(5),
  NPROC(6),
  NOFILE(7),
  MEMLOCK(8),
  AS(9),
  LOCKS(10),
  SIGPENDING(11),
  MSGQUEUE(12),
  NICE(13),
  RTPRIO(14),
  RTTIME(15);

  private final int number;

  Rlimit(int number) {
    this.number = number;
  }

  /** The kernel's number: RLIMIT_CPU is 0. */
  public int number() {
    return number;
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
