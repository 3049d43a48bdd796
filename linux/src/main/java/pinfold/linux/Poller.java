package pinfold.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One platform thread that waits for any number of descriptors (epoll(7)). Edge-triggered: a
 * callback is called when a descriptor becomes ready, and its owner reads or writes until EAGAIN.
 */
public final class Poller implements AutoCloseable {
  private static final int EPOLL_CLOEXEC = 0x8_0000;
  private static final int EPOLL_CTL_ADD = 1;
  private static final int EPOLL_CTL_DEL = 2;
  private static final int EPOLLIN = 1;
  private static final int EPOLLOUT = 4;
  private static final int EPOLLERR = 8;
  private static final int EPOLLHUP = 16;
  private static final int EPOLLRDHUP = 0x2000;
  private static final int EPOLLET = 1 << 31;
  private static final int EVENTS = 64;

  /** struct epoll_event is packed on x86-64, and only there. */
  private static final int EVENT = "aarch64".equals(System.getProperty("os.arch")) ? 16 : 12;

  private static final int DATA = EVENT - 8;
  private static final long WAKE = 0;

  private final Fd epoll;
  private final Fd wake;
  private final Map<Long, Registration> registrations = new ConcurrentHashMap<>();
  private final AtomicLong lastKey = new AtomicLong(WAKE);
  private final Thread thread;
  private volatile boolean closed;

  private Poller(Fd epoll, Fd wake, String name) {
    this.epoll = epoll;
    this.wake = wake;
    this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
  }

  /** Called on the poller's thread, which waits for nothing else meanwhile: it must not block. */
  public interface Callback {
    void ready(Readiness readiness);
  }

  /**
   * What a descriptor became ready for.
   *
   * @param readable there is something to read, or the other end was closed
   * @param writable there is room, or the other end was closed
   * @param hangup the other end was closed or an error is pending
   */
  public record Readiness(boolean readable, boolean writable, boolean hangup) {}

  /** Starts the thread. */
  public static Poller start(String threadName) throws SystemCallException {
    Fd epoll = Fd.own(Kernel.must("make an epoll", Sys.EPOLL_CREATE1, EPOLL_CLOEXEC, 0, 0));
    Optional<Fd> wake = Optional.empty();
    try {
      wake = Optional.of(Fd.own(Kernel.must("make an eventfd", Sys.EVENTFD2, 0, EPOLL_CLOEXEC, 0)));
      control("wait for an eventfd", epoll.number(), EPOLL_CTL_ADD, wake.get(), EPOLLIN, WAKE);
      Poller poller = new Poller(epoll, wake.get(), threadName);
      poller.thread.start();
      return poller;
    } catch (SystemCallException e) {
      wake.ifPresent(Fd::close);
      epoll.close();
      throw e;
    }
  }

  /**
   * Waits for a descriptor from now on. If it is ready already the callback is called at once.
   *
   * @param fd stays its owner's, who closes the registration before the descriptor: closing alone
   *     does not end it while a forked process still holds a copy
   */
  public Registration register(Fd fd, Callback callback) throws SystemCallException {
    return register(fd, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, callback);
  }

  /**
   * Waits only for the other end to be gone, or for an error; what can be read or written meanwhile
   * wakes nobody.
   *
   * @throws SystemCallException with EPERM for a file that knows no such thing
   */
  public Registration onHangUp(Fd fd, Runnable callback) throws SystemCallException {
    return register(fd, EPOLLET, _ -> callback.run()); // EPOLLERR and EPOLLHUP are always told
  }

  private Registration register(Fd fd, int events, Callback callback) throws SystemCallException {
    long key = lastKey.incrementAndGet();
    Registration registration = new Registration(key, fd, callback);
    registrations.put(key, registration);
    try {
      control("wait for " + fd, epoll.number(), EPOLL_CTL_ADD, fd, events, key);
    } catch (SystemCallException e) {
      registrations.remove(key);
      throw e;
    }
    return registration;
  }

  /** A descriptor that is waited for. */
  public final class Registration implements AutoCloseable {
    private final long key;
    private final Fd fd;
    private final Callback callback;

    private Registration(long key, Fd fd, Callback callback) {
      this.key = key;
      this.fd = fd;
      this.callback = callback;
    }

    /** Ends the waiting; a callback that runs at this moment is not waited for. */
    @Override
    public void close() {
      if (registrations.remove(key) != null && !closed) {
        try {
          control("no longer wait for " + fd, epoll.number(), EPOLL_CTL_DEL, fd, 0, key);
        } catch (SystemCallException e) {
          throw new IllegalStateException("closed before its registration", e);
        }
      }
    }
  }

  private static void control(String action, int epoll, int operation, Fd fd, int events, long key)
      throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment event = arena.allocate(EVENT, 8);
      event.set(ValueLayout.JAVA_INT, 0, events);
      event.set(ValueLayout.JAVA_LONG_UNALIGNED, DATA, key);
      Kernel.must(action, Sys.EPOLL_CTL, epoll, operation, fd.number(), event.address(), 0, 0);
    }
  }

  private void run() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment events = arena.allocate((long) EVENT * EVENTS, 8);
      while (!closed) {
        long count =
            Kernel.call(Sys.EPOLL_PWAIT, epoll.number(), events.address(), EVENTS, -1, 0, 8);
        for (int i = 0; i < count; i++) {
          dispatch(
              events.get(ValueLayout.JAVA_INT_UNALIGNED, (long) i * EVENT),
              events.get(ValueLayout.JAVA_LONG_UNALIGNED, (long) i * EVENT + DATA));
        }
      }
    } finally {
      epoll.close();
      wake.close();
    }
  }

  private void dispatch(int events, long key) {
    Registration registration = registrations.get(key);
    if (registration == null) {
      return;
    }
    boolean ended = (events & (EPOLLERR | EPOLLHUP)) != 0;
    try {
      registration.callback.ready(
          new Readiness(
              ended || (events & (EPOLLIN | EPOLLRDHUP)) != 0,
              ended || (events & EPOLLOUT) != 0,
              ended || (events & EPOLLRDHUP) != 0));
    } catch (RuntimeException e) {
      // One owner's mistake must not leave all others unheard; it is told like any uncaught one.
      thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
    }
  }

  /** Ends the thread; nothing is called any more once it is gone. Descriptors stay open. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment one = arena.allocate(8, 8);
        one.set(ValueLayout.JAVA_LONG, 0, 1);
        Kernel.call(Sys.WRITE, wake.number(), one.address(), 8);
      }
    }
  }
}
