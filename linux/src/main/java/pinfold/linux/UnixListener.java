package pinfold.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A listening stream socket at a path, made here or inherited from an earlier supervisor by way of
 * the keeper.
 *
 * <p>java.nio cannot wrap a descriptor that exists, so both the listener and its connections do
 * their I/O by system calls that never block, and wait through a {@link Poller}: a virtual thread
 * that waits is parked and costs no platform thread.
 */
public final class UnixListener implements AutoCloseable {
  private static final int SOCK_STREAM = 1;
  private static final int BACKLOG = 128;
  private static final int NONBLOCK_CLOEXEC = 0x8_0800;
  private static final int ECONNABORTED = 103;

  private final Fd fd;
  private final Poller poller;
  private final Poller.Registration registration;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by lock.
  private boolean readable = true;
  private boolean closed;

  private UnixListener(Fd fd, Poller poller) throws SystemCallException {
    this.fd = fd;
    this.poller = poller;
    this.registration = poller.register(fd, _ -> wake());
  }

  /**
   * Makes a socket that only this user can connect to.
   *
   * @param path must not exist; its directory should be private
   */
  public static UnixListener bind(Path path, Poller poller) throws IOException {
    Fd fd = UnixAddress.socket(SOCK_STREAM);
    try (Arena arena = Arena.ofConfined();
        UnixAddress address = UnixAddress.of(arena, path)) {
      address.bind(fd, path);
      // Nobody can connect before listen, so there is no moment with wider rights.
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
      Kernel.must("listen at " + path, Sys.LISTEN, fd.number(), BACKLOG, 0);
      return new UnixListener(fd, poller);
    } catch (IOException e) {
      fd.close();
      throw e;
    }
  }

  /** Takes over a descriptor that listens already. */
  public static UnixListener of(Fd listening, Poller poller) throws SystemCallException {
    Blocking.never(listening);
    return new UnixListener(listening, poller);
  }

  /** The descriptor, to be held by the keeper; stays this object's. */
  public Fd descriptor() {
    return fd;
  }

  /**
   * Waits for a connection; any thread.
   *
   * @throws SystemCallException with EMFILE when this process is short of descriptors: the
   *     connection waits, and the caller tries again after a while
   * @throws IOException when closed
   */
  public UnixConnection accept() throws IOException {
    while (true) {
      long result = attempt();
      if (result >= 0) {
        return UnixConnection.accepted(Fd.own(result), poller);
      }
      if (result != -Errno.EINTR.number() && result != -ECONNABORTED) {
        throw Kernel.failure("accept a connection", Sys.ACCEPT4, result);
      }
    }
  }

  private long attempt() throws IOException {
    lock.lock();
    try {
      while (!closed) {
        readable = false;
        long result = Kernel.call(Sys.ACCEPT4, fd.number(), 0, 0, NONBLOCK_CLOEXEC, 0, 0);
        if (result != -Errno.EAGAIN.number()) {
          // One edge may stand for several connections: the next in line looks as well.
          readable = true;
          changed.signal();
          return result;
        }
        while (!readable && !closed) {
          changed.awaitUninterruptibly();
        }
      }
      throw new IOException("the listener was closed");
    } finally {
      lock.unlock();
    }
  }

  private void wake() {
    lock.lock();
    try {
      readable = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends all waiting; the path stays. */
  @Override
  public void close() {
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        registration.close();
        fd.close();
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }
}
