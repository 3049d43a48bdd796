package pinfold.server;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Counts what is under way, for who has to wait until nothing is. Any thread.
final class Tally {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition zero = lock.newCondition();

  /// Guarded by `lock`.
  private int count;

  void add(int change) {
    lock.lock();
    try {
      count += change;
      if (count == 0) {
        zero.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Waits until nothing is under way, as long as `nanos` at most; returns whether it is so.
  boolean awaitZero(long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (count > 0 && left > 0) {
        left = zero.awaitNanos(left);
      }
      return count == 0;
    } finally {
      lock.unlock();
    }
  }
}
