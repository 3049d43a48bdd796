package pinfold.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** Resource limits of processes (prlimit(2)). */
public final class Rlimits {
  private static final long MIB = 1 << 20;

  private Rlimits() {}

  /** All limits of this process. */
  public static Map<Rlimit, Limit> own() {
    try {
      return of(0);
    } catch (SystemCallException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * All limits of a process.
   *
   * @param pid 0 = this one
   */
  public static Map<Rlimit, Limit> of(int pid) throws SystemCallException {
    EnumMap<Rlimit, Limit> limits = new EnumMap<>(Rlimit.class);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pair = arena.allocate(16, 8);
      for (Rlimit limit : Rlimit.values()) {
        Kernel.must(
            "read limits of process " + pid,
            Sys.PRLIMIT64,
            pid,
            limit.number(),
            0,
            pair.address(),
            0,
            0);
        limits.put(
            limit,
            new Limit(
                Limit.ofKernel(pair.get(ValueLayout.JAVA_LONG, 0)),
                Limit.ofKernel(pair.get(ValueLayout.JAVA_LONG, 8))));
      }
    }
    return Collections.unmodifiableMap(limits);
  }

  /** Hard limits of this process, which are those of the keeper and of all that it starts. */
  public static Map<Rlimit, Long> hard() {
    EnumMap<Rlimit, Long> hard = new EnumMap<>(Rlimit.class);
    own().forEach((limit, value) -> hard.put(limit, value.hard()));
    return Collections.unmodifiableMap(hard);
  }

  /**
   * The limit that a service gets when nothing is said: the soft values that Linux gives its first
   * process, whatever the shell had that started Pinfold, below a hard value that only root could
   * raise.
   */
  public static Limit standard(Rlimit limit, long hard) {
    long soft =
        switch (limit) {
          case CPU, FSIZE, DATA, RSS, AS, LOCKS, RTTIME, NPROC, SIGPENDING -> hard;
          case STACK, MEMLOCK -> 8 * MIB;
          case CORE, NICE, RTPRIO -> 0;
          case NOFILE -> 1024;
          case MSGQUEUE -> 819_200;
        };
    return new Limit(Math.min(soft, hard), hard);
  }
}
