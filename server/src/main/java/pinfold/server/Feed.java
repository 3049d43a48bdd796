package pinfold.server;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import pinfold.contract.Bytes;
import pinfold.contract.Frame;

/// A client's input on its way to a process that reads it when it likes, or never. Nobody waits for
/// it, so that the client's signals and its end are heard meanwhile; what waits here is bounded by
/// what a client may send ahead.
final class Feed implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("server");

  /// What the input ends with.
  private static final Bytes LAST = Bytes.of("");

  private final OutputStream to;
  private final FrameWire wire;
  private final Runnable end;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Bytes> waiting = new ArrayDeque<>();
  private int ahead;
  private boolean closed;

  /// @param end what is to be done when the client's input has ended
  Feed(OutputStream to, FrameWire wire, Runnable end) {
    this.to = to;
    this.wire = wire;
    this.end = end;
  }

  /// Begins to pass on what is added.
  Feed start(String name) {
    Thread.ofVirtual().name(name).start(this::run);
    return this;
  }

  /// @throws IOException when the client sent more than it may
  void add(Bytes bytes) throws IOException {
    lock.lock();
    try {
      if (bytes.length() > Frame.AHEAD - ahead) {
        throw new IOException("a client sent more input than it may");
      }
      if (bytes.length() > 0) {
        ahead += bytes.length();
        waiting.add(bytes);
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /// The client's input ends after what was added.
  void end() {
    lock.lock();
    try {
      waiting.add(LAST);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /// Nothing more is passed on. What is being written at this moment ends when the process's input
  /// is closed.
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    for (Bytes bytes = next(); bytes != null; bytes = next()) {
      if (bytes.length() == 0) {
        end.run();
        return;
      }
      pass(bytes);
    }
  }

  private @Nullable Bytes next() {
    lock.lock();
    try {
      while (waiting.isEmpty() && !closed) {
        changed.awaitUninterruptibly();
      }
      return closed ? null : waiting.remove();
    } finally {
      lock.unlock();
    }
  }

  /// A process that reads no more is no reason to end the session.
  private void pass(Bytes bytes) {
    try {
      to.write(bytes.toArray());
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "a session's input goes nowhere", e);
    }
    lock.lock();
    try {
      ahead -= bytes.length();
    } finally {
      lock.unlock();
    }
    try {
      wire.write(new Frame.Taken(bytes.length()));
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the client of a session is gone", e);
    }
  }
}
