package pinfold.supervisor;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Tells whoever waits that there is something new, without ever waiting for them: a counter of
/// news. Who is slow finds one bigger number instead of many rings, so nothing piles up. Any
/// thread.
public final class Bell {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition rung = lock.newCondition();

  private final AtomicLong count = new AtomicLong();

  Bell() {}

  /// How often it rang.
  public long count() {
    return count.get();
  }

  /// Rings.
  void ring() {
    lock.lock();
    try {
      count.incrementAndGet();
      rung.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Waits for the next ring after the `seen`-th.
  ///
  /// @param seen a value of [#count]
  /// @param nanos longest wait; [Long#MAX_VALUE] = as long as it takes
  /// @return the count now; `seen` when the time went by
  public long await(long seen, long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (count.get() == seen && left > 0) {
        if (nanos == Long.MAX_VALUE) {
          rung.await();
        } else {
          left = rung.awaitNanos(left);
        }
      }
      return count.get();
    } finally {
      lock.unlock();
    }
  }
}
