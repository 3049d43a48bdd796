package pinfold.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Two descriptors that belong together.
 *
 * @param first the end that reads, of a pipe
 * @param second the end that writes, of a pipe
 */
public record FdPair(Fd first, Fd second) implements AutoCloseable {
  private static final int O_CLOEXEC = 0x8_0000;
  private static final int AF_UNIX = 1;
  private static final int SOCK_STREAM = 1;
  private static final int SOCK_SEQPACKET = 5;
  private static final int SOCK_CLOEXEC = 0x8_0000;

  /** A pipe (pipe(7)). */
  public static FdPair pipe() throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment two = arena.allocate(8, 4);
      Kernel.must("make a pipe", Sys.PIPE2, two.address(), O_CLOEXEC, 0);
      return of(two);
    }
  }

  /** Two connected stream sockets. */
  public static FdPair streams() throws SystemCallException {
    return sockets(SOCK_STREAM);
  }

  /** Two connected sockets that keep messages apart. */
  public static FdPair packets() throws SystemCallException {
    return sockets(SOCK_SEQPACKET);
  }

  private static FdPair sockets(int type) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment two = arena.allocate(8, 4);
      Kernel.must(
          "make a pair of sockets",
          Sys.SOCKETPAIR,
          AF_UNIX,
          type | SOCK_CLOEXEC,
          0,
          two.address(),
          0,
          0);
      return of(two);
    }
  }

  private static FdPair of(MemorySegment two) {
    return new FdPair(
        Fd.own(two.get(ValueLayout.JAVA_INT, 0)), Fd.own(two.get(ValueLayout.JAVA_INT, 4)));
  }

  /** Closes what is still open of the two. */
  @Override
  public void close() {
    first.close();
    second.close();
  }
}
