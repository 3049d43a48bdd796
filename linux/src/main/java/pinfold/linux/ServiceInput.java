package pinfold.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The inputs of services, reached from outside through /proc (proc(5)): by any supervisor, however
 * many there were before it, so that none has to hold them.
 */
public final class ServiceInput {
  /** PF_WARDEN_TYPE of native/protocol.h: what is written there is typed. */
  static final int TYPE = 8;

  /** PF_WARDEN_TTY: the service's end of its terminal. */
  static final int TTY = 9;

  private static final int AT_FDCWD = -100;
  private static final int O_WRONLY = 1;
  private static final int O_RDWR = 2;
  private static final int O_NOCTTY = 0x100;
  private static final int O_NONBLOCK = 0x800;
  private static final int O_CLOEXEC = 0x8_0000;

  private ServiceInput() {}

  /**
   * A pipe to be the standard input of a service, open for reading and writing: it is not at its
   * end while the service has it, whoever else writes to it and ends.
   */
  public static Fd pipe() throws SystemCallException {
    try (FdPair pipe = FdPair.pipe()) {
      return open("/proc/self/fd/" + pipe.first().number(), O_RDWR | O_CLOEXEC);
    }
  }

  /**
   * Where to write to the standard input of a process, closed by the caller; non-blocking.
   *
   * @return empty when its input is no pipe
   * @throws IOException when it is gone
   */
  public static Optional<Fd> writer(ProcessIdentity main) throws IOException {
    Path input = Path.of("/proc", Integer.toString(main.pid()), "fd", "0");
    // Asked first: what else it may be must not be opened for writing.
    return Files.exists(input) && isPipe(input)
        ? Optional.of(open(main, 0, O_WRONLY | O_NONBLOCK | O_CLOEXEC))
        : Optional.empty();
  }

  private static boolean isPipe(Path descriptor) throws IOException {
    return Files.readSymbolicLink(descriptor).toString().startsWith("pipe:");
  }

  /**
   * Where to write what is to be typed at the terminal that a warden holds, closed by the caller;
   * non-blocking.
   *
   * @throws IOException when the warden is gone
   */
  public static Fd keys(ProcessIdentity warden) throws IOException {
    return open(warden, TYPE, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
  }

  /**
   * That terminal, for {@link Pty#resize} and {@link Pty#size}, closed by the caller; not for
   * reading.
   *
   * @throws IOException when the warden is gone
   */
  public static Fd screen(ProcessIdentity warden) throws IOException {
    return open(warden, TTY, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  }

  private static Fd open(ProcessIdentity owner, int number, int flags) throws IOException {
    Fd opened = open("/proc/" + owner.pid() + "/fd/" + number, flags);
    // Asked after it was opened: whoever has the number now is whose descriptor it is.
    if (!Processes.alive(owner)) {
      opened.close();
      throw new IOException("process " + owner.pid() + " is gone");
    }
    return opened;
  }

  private static Fd open(String path, int flags) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      return Fd.own(
          Kernel.must(
              "open " + path, Sys.OPENAT, AT_FDCWD, arena.allocateFrom(path).address(), flags));
    }
  }
}
