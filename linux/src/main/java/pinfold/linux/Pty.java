package pinfold.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A pseudo-terminal (pty(7)).
 *
 * @param master the end of who shows and types; read and written through {@link UnixConnection#of}
 * @param slave the end of the program: given to a birth as standard descriptors with {@link
 *     LaunchSpec#controllingTerminal}, then closed here
 */
public record Pty(Fd master, Fd slave) implements AutoCloseable {
  private static final int OPEN = 0x2 | 0x100 | 0x8_0000;
  private static final int TIOCSPTLCK = 0x4004_5431;
  private static final int TIOCGPTPEER = 0x5441;
  private static final int TIOCSWINSZ = 0x5414;
  private static final int TIOCGWINSZ = 0x5413;

  /** What fits on a terminal; 0 by 0 when nobody said. */
  public record Size(int rows, int columns) {
    public Size {
      if (rows < 0 || rows > 0xffff || columns < 0 || columns > 0xffff) {
        throw new IllegalArgumentException("a terminal of " + rows + " by " + columns);
      }
    }
  }

  /** A new terminal of this size. */
  public static Pty open(Size size) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      Fd master =
          Fd.own(
              Kernel.must(
                  "open a terminal",
                  Sys.OPENAT,
                  -100,
                  arena.allocateFrom("/dev/ptmx").address(),
                  OPEN));
      try {
        MemorySegment unlocked = arena.allocate(4, 4);
        ioctl("unlock a terminal", master, TIOCSPTLCK, unlocked.address());
        resize(master, size);
        return new Pty(
            master, Fd.own(ioctl("open a terminal's other end", master, TIOCGPTPEER, OPEN)));
      } catch (SystemCallException e) {
        master.close();
        throw e;
      }
    }
  }

  /**
   * Changes the size; the foreground processes get SIGWINCH when it differs. Either end will do.
   */
  public static void resize(Fd terminal, Size size) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment window = arena.allocate(8, 2);
      window.set(ValueLayout.JAVA_SHORT, 0, (short) size.rows());
      window.set(ValueLayout.JAVA_SHORT, 2, (short) size.columns());
      ioctl("resize a terminal", terminal, TIOCSWINSZ, window.address());
    }
  }

  /**
   * The size that a terminal has.
   *
   * @throws SystemCallException with ENOTTY when it is none
   */
  public static Size size(Fd terminal) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment window = arena.allocate(8, 2);
      ioctl("ask for a terminal's size", terminal, TIOCGWINSZ, window.address());
      return new Size(
          Short.toUnsignedInt(window.get(ValueLayout.JAVA_SHORT, 0)),
          Short.toUnsignedInt(window.get(ValueLayout.JAVA_SHORT, 2)));
    }
  }

  private static long ioctl(String action, Fd fd, int request, long argument)
      throws SystemCallException {
    return Kernel.must(action, Sys.IOCTL, fd.number(), request, argument);
  }

  @Override
  public void close() {
    slave.close();
    master.close();
  }
}
