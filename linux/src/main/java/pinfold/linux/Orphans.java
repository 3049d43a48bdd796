package pinfold.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntPredicate;

/**
 * The duty of the first process of a pid namespace: what others leave behind becomes its child, and
 * stays a zombie until it is reaped.
 */
public final class Orphans {
  /** waitid(2), asm-generic: any child; ended; none yet is no reason to wait; leave it as it is. */
  private static final int P_ALL = 0;

  private static final int P_PID = 1;
  private static final int WEXITED = 0x4;
  private static final int WNOHANG = 0x1;
  private static final int WNOWAIT = 0x0100_0000;

  /** siginfo_t; si_pid follows three numbers and their padding on 64-bit machines. */
  private static final int SIGINFO = 128;

  private static final int SI_PID = 16;

  /** Until a child that somebody else here waits for was reaped by that one. */
  private static final long PAUSE_NANOS = 10_000_000;

  private Orphans() {}

  /**
   * Reaps from now on, on a daemon thread of its own, which ends when there is no child any more.
   *
   * @param own children that others of this process wait for: they are left to them
   */
  public static void reap(IntPredicate own) {
    Thread.ofPlatform().daemon().name("orphans").start(() -> run(own));
  }

  private static void run(IntPredicate own) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = arena.allocate(SIGINFO, 8);
      while (true) {
        long result = wait(P_ALL, 0, info, WEXITED | WNOWAIT);
        if (result == -Errno.ECHILD.number()) {
          return;
        }
        int pid = info.get(ValueLayout.JAVA_INT, SI_PID);
        if (result != 0) {
          continue; // interrupted
        }
        if (own.test(pid)) {
          LockSupport.parkNanos(PAUSE_NANOS);
        } else {
          wait(P_PID, pid, info, WEXITED | WNOHANG);
        }
      }
    }
  }

  private static long wait(int kind, int which, MemorySegment info, int options) {
    return Kernel.call(Sys.WAITID, kind, which, info.address(), options, 0, 0);
  }
}
