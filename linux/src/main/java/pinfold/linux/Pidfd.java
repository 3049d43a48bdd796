package pinfold.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;

/** A process, held: its pid may be reused, this still means the same one (pidfd_open(2)). */
public final class Pidfd implements AutoCloseable {
  private static final short POLLIN = 1;

  /** "PIDF"; f_type is the first word of struct statfs. */
  private static final long PIDFS_MAGIC = 0x5049_4446;

  private static final int STATFS_BYTES = 120;
  private static final int STAT_BYTES = 144;

  /** Second word of struct stat on x86-64 and aarch64. */
  private static final int ST_INO = 8;

  private final Fd fd;

  private Pidfd(Fd fd) {
    this.fd = fd;
  }

  /** Takes ownership of a descriptor that is a pidfd, for example {@link KeeperEvent.PidfdIs}. */
  public static Pidfd of(Fd fd) {
    return new Pidfd(fd);
  }

  /**
   * Opens whatever process has this pid now.
   *
   * @throws SystemCallException with ESRCH when there is none
   */
  public static Pidfd open(int pid) throws SystemCallException {
    return new Pidfd(Fd.own(Kernel.must("open process " + pid, Sys.PIDFD_OPEN, pid, 0, 0)));
  }

  /**
   * Opens exactly this process.
   *
   * @throws SystemCallException with ESRCH when it is gone, whoever has its pid now
   */
  public static Pidfd open(ProcessIdentity identity) throws IOException {
    Pidfd pidfd = open(identity.pid());
    boolean same = false;
    try {
      same = Processes.identity(identity.pid()).map(now -> now.same(identity)).orElse(false);
    } finally {
      if (!same) {
        pidfd.close();
      }
    }
    if (!same) {
      throw new SystemCallException("pidfd_open", "open process " + identity.pid(), Errno.ESRCH);
    }
    return pidfd;
  }

  /** The descriptor, for a {@link Poller}: readable once the process ended. */
  public Fd descriptor() {
    return fd;
  }

  /**
   * Sends a signal.
   *
   * @throws SystemCallException with ESRCH when the process ended and was reaped
   */
  public void signal(Signal signal) throws SystemCallException {
    Kernel.must("send " + signal, Sys.PIDFD_SEND_SIGNAL, fd.number(), signal.number(), 0, 0, 0, 0);
  }

  /** Whether it ended, reaped or not. */
  public boolean ended() throws SystemCallException {
    return await(Duration.ZERO);
  }

  /**
   * Waits until it ended; blocks the thread in the kernel, so not for virtual threads.
   *
   * @return whether it did
   */
  public boolean await(Duration atMost) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment poll = arena.allocate(8, 4);
      MemorySegment time = arena.allocate(16, 8);
      long until = System.nanoTime() + atMost.toNanos();
      while (true) {
        poll.set(ValueLayout.JAVA_INT, 0, fd.number());
        poll.set(ValueLayout.JAVA_SHORT, 4, POLLIN);
        long left = Math.max(0, until - System.nanoTime());
        time.set(ValueLayout.JAVA_LONG, 0, left / 1_000_000_000);
        time.set(ValueLayout.JAVA_LONG, 8, left % 1_000_000_000);
        long result = Kernel.call(Sys.PPOLL, poll.address(), 1, time.address());
        if (result >= 0) {
          return result > 0;
        }
        if (result != -Errno.EINTR.number()) {
          throw Kernel.failure("wait for a process", Sys.PPOLL, result);
        }
      }
    }
  }

  /** Inode number on pidfs, unique in this boot; 0 before Linux 6.9, where all share one. */
  long inode() throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment status = arena.allocate(STATFS_BYTES, 8);
      Kernel.must("examine a pidfd", Sys.FSTATFS, fd.number(), status.address(), 0);
      if (status.get(ValueLayout.JAVA_LONG, 0) != PIDFS_MAGIC) {
        return 0;
      }
      MemorySegment stat = arena.allocate(STAT_BYTES, 8);
      Kernel.must("examine a pidfd", Sys.FSTAT, fd.number(), stat.address(), 0);
      return stat.get(ValueLayout.JAVA_LONG, ST_INO);
    }
  }

  @Override
  public void close() {
    fd.close();
  }
}
