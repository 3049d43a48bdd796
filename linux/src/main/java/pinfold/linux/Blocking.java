package pinfold.linux;

/** The mode of an open file that decides whether its calls may wait. */
final class Blocking {
  private static final int F_GETFL = 3;
  private static final int F_SETFL = 4;
  private static final int O_NONBLOCK = 0x800;

  private Blocking() {}

  /** From now on its calls fail with EAGAIN instead of waiting. */
  static void never(Fd fd) throws SystemCallException {
    long flags = Kernel.must("read flags of " + fd, Sys.FCNTL, fd.number(), F_GETFL, 0);
    Kernel.must("set flags of " + fd, Sys.FCNTL, fd.number(), F_SETFL, flags | O_NONBLOCK);
  }
}
