package pinfold.linux;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A connected stream socket, or a terminal. One thread may read while another writes and a third
 * closes. An accepted connection waits through the listener's {@link Poller} and suits virtual
 * threads; one made by {@link #connect} waits in the kernel and suits platform threads.
 */
public final class UnixConnection implements AutoCloseable {
  private static final int SOCK_STREAM = 1;
  private static final int SOL_SOCKET = 1;
  private static final int SO_PEERCRED = 17;
  private static final int SHUT_WR = 1;
  private static final int SHUT_RDWR = 2;
  private static final short POLLIN = 1;
  private static final short POLLOUT = 4;
  private static final int EIO = 5;
  private static final int BUFFER = 16_384;

  private final Fd fd;
  private final int number;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final InputStream input = new Input();
  private final OutputStream output = new Output();

  // Guarded by lock, which is held for calls that never wait.
  private Optional<Poller.Registration> registration = Optional.empty();
  private boolean readable = true;
  private boolean writable = true;
  private boolean closed;

  private UnixConnection(Fd fd) {
    this.fd = fd;
    this.number = fd.number();
  }

  static UnixConnection accepted(Fd fd, Poller poller) throws SystemCallException {
    UnixConnection connection = new UnixConnection(fd);
    connection.lock.lock();
    try {
      connection.registration = Optional.of(poller.register(fd, connection::wake));
      return connection;
    } catch (SystemCallException e) {
      fd.close();
      throw e;
    } finally {
      connection.lock.unlock();
    }
  }

  /**
   * Takes over one end of a socket pair or the master of a terminal, waiting through a poller.
   *
   * @param fd owned by the connection from now on, also when this fails
   */
  public static UnixConnection of(Fd fd, Poller poller) throws SystemCallException {
    try {
      Blocking.never(fd);
    } catch (SystemCallException e) {
      fd.close();
      throw e;
    }
    return accepted(fd, poller);
  }

  /**
   * Connects to a listener.
   *
   * @throws SystemCallException with ENOENT or ECONNREFUSED when nobody listens there, EAGAIN when
   *     too many wait to be accepted
   */
  public static UnixConnection connect(Path path) throws IOException {
    Fd fd = UnixAddress.socket(SOCK_STREAM);
    try (Arena arena = Arena.ofConfined();
        UnixAddress address = UnixAddress.of(arena, path)) {
      address.connect(fd, path);
      return new UnixConnection(fd);
    } catch (IOException e) {
      fd.close();
      throw e;
    }
  }

  /** Who is at the other end: the process that connected, or that made the listener. */
  public PeerCredentials peer() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment credentials = arena.allocate(12, 4);
      MemorySegment length = arena.allocate(4, 4);
      length.set(ValueLayout.JAVA_INT, 0, 12);
      lock.lock();
      try {
        requireOpen();
        Kernel.must(
            "ask for the peer",
            Sys.GETSOCKOPT,
            number,
            SOL_SOCKET,
            SO_PEERCRED,
            credentials.address(),
            length.address(),
            0);
      } finally {
        lock.unlock();
      }
      return new PeerCredentials(
          credentials.get(ValueLayout.JAVA_INT, 0),
          credentials.get(ValueLayout.JAVA_INT, 4),
          credentials.get(ValueLayout.JAVA_INT, 8));
    }
  }

  /** Reads block until there is something; -1 when the other end wrote its last. */
  public InputStream input() {
    return input;
  }

  /** Writes block until everything is on its way. */
  public OutputStream output() {
    return output;
  }

  /** Says that nothing more will be written; reading goes on. */
  public void shutdownOutput() throws IOException {
    lock.lock();
    try {
      requireOpen();
      Kernel.must("end a connection's output", Sys.SHUTDOWN, number, SHUT_WR, 0);
    } finally {
      lock.unlock();
    }
  }

  /** Ends the connection; whoever waits in it gets an IOException or the end of the stream. */
  @Override
  public void close() {
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        registration.ifPresent(Poller.Registration::close);
        // Wakes a thread that waits in the kernel; a terminal has no such call, nor such threads.
        Kernel.call(Sys.SHUTDOWN, number, SHUT_RDWR, 0);
        fd.close();
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private void wake(Poller.Readiness readiness) {
    lock.lock();
    try {
      readable |= readiness.readable();
      writable |= readiness.writable();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void requireOpen() throws IOException {
    if (closed) {
      throw new IOException("the connection was closed");
    }
  }

  /** One read(2) or write(2), after as much waiting as it takes. */
  private int transfer(Sys call, MemorySegment buffer, int length) throws IOException {
    while (true) {
      long result = attempt(call, buffer, length);
      if (result >= 0) {
        return (int) result;
      }
      if (result == -Errno.EAGAIN.number()) {
        await(call == Sys.READ ? POLLIN : POLLOUT);
      } else if (result == -EIO && call == Sys.READ) {
        // The last process at a terminal closed it; sockets have no such error.
        return 0;
      } else if (result != -Errno.EINTR.number()) {
        String action = call == Sys.READ ? "read from" : "write to";
        throw Kernel.failure(action + " a connection", call, result);
      }
    }
  }

  /** Waits only where a poller tells of readiness; else EAGAIN is a result. */
  private long attempt(Sys call, MemorySegment buffer, int length) throws IOException {
    boolean reading = call == Sys.READ;
    lock.lock();
    try {
      while (true) {
        requireOpen();
        if (reading) {
          readable = false;
        } else {
          writable = false;
        }
        long result = Kernel.call(call, number, buffer.address(), length);
        if (result != -Errno.EAGAIN.number() || registration.isEmpty()) {
          return result;
        }
        while (!(reading ? readable : writable) && !closed) {
          changed.awaitUninterruptibly();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void await(short events) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment poll = arena.allocate(8, 4);
      poll.set(ValueLayout.JAVA_INT, 0, number);
      poll.set(ValueLayout.JAVA_SHORT, 4, events);
      Kernel.call(Sys.PPOLL, poll.address(), 1, 0);
    }
  }

  private final class Input extends InputStream {
    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, bytes.length);
      if (length == 0) {
        return 0;
      }
      try (Arena arena = Arena.ofConfined()) {
        int wanted = Math.min(length, BUFFER);
        MemorySegment buffer = arena.allocate(wanted);
        int count = transfer(Sys.READ, buffer, wanted);
        MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, bytes, offset, count);
        return count == 0 ? -1 : count;
      }
    }

    @Override
    public void close() {
      UnixConnection.this.close();
    }
  }

  private final class Output extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, bytes.length);
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment buffer = arena.allocate(Math.max(1, Math.min(length, BUFFER)));
        for (int at = 0; at < length; ) {
          int part = Math.min(length - at, BUFFER);
          MemorySegment.copy(bytes, offset + at, buffer, ValueLayout.JAVA_BYTE, 0, part);
          at += transfer(Sys.WRITE, buffer, part);
        }
      }
    }

    @Override
    public void close() {
      UnixConnection.this.close();
    }
  }
}
