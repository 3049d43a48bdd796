package pinfold.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Anonymous files in memory (memfd_create(2)). */
public final class Memfd {
  private static final int MFD_CLOEXEC = 1;
  private static final int MFD_ALLOW_SEALING = 2;

  /** MFD_NOEXEC_SEAL (Linux 6.3): it will never be executed; without it newer kernels warn. */
  private static final int MFD_NOEXEC_SEAL = 8;

  private static final int F_ADD_SEALS = 1033;

  /** F_SEAL_SEAL, _SHRINK, _GROW, _WRITE. */
  private static final int SEALS = 1 | 2 | 4 | 8;

  private Memfd() {}

  /**
   * A file with these bytes that nobody can change any more.
   *
   * @param name for /proc/self/fd, at most 249 bytes
   */
  public static Fd sealed(String name, byte[] content) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocateFrom(name);
      String action = "create memory file " + name;
      int flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
      long number = Kernel.call(Sys.MEMFD_CREATE, text.address(), flags | MFD_NOEXEC_SEAL, 0);
      if (number == -Errno.EINVAL.number()) {
        number = Kernel.must(action, Sys.MEMFD_CREATE, text.address(), flags, 0);
      } else if (number < 0) {
        throw Kernel.failure(action, Sys.MEMFD_CREATE, number);
      }
      Fd fd = Fd.own(number);
      try {
        MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, content);
        for (long at = 0; at < content.length; ) {
          at +=
              Kernel.must(
                  action, Sys.WRITE, fd.number(), bytes.address() + at, content.length - at);
        }
        Kernel.must("seal memory file " + name, Sys.FCNTL, fd.number(), F_ADD_SEALS, SEALS);
        return fd;
      } catch (SystemCallException e) {
        fd.close();
        throw e;
      }
    }
  }
}
