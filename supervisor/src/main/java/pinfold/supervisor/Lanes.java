package pinfold.supervisor;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Runs work that may block: what belongs to one key in the order in which it was given, different
/// keys beside each other. A service whose file system hangs holds up itself and nobody else.
///
/// A lane exists only while it has work; it is one virtual thread.
///
/// @param <K> what the work belongs to; compared by equals
final class Lanes<K> {
  private final String name;
  private final Consumer<Throwable> bug;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();

  /// Guarded by `lock`. A key is here exactly while a thread runs its lane; its queue holds what
  /// comes after the task under way.
  private final Map<K, ArrayDeque<Runnable>> lanes = new HashMap<>();

  /// @param bug is told what a task threw; the lane goes on
  Lanes(String name, Consumer<Throwable> bug) {
    this.name = name;
    this.bug = bug;
  }

  /// Any thread; returns at once.
  void run(K key, Runnable task) {
    lock.lock();
    try {
      ArrayDeque<Runnable> waiting = lanes.get(key);
      if (waiting != null) {
        waiting.add(task);
        return;
      }
      lanes.put(key, new ArrayDeque<>(2));
    } finally {
      lock.unlock();
    }
    Thread.ofVirtual().name(name).start(() -> drive(key, task));
  }

  /// Waits until no lane has work.
  ///
  /// @return false when `nanos` went by before
  boolean awaitIdle(long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (!lanes.isEmpty()) {
        if (left <= 0) {
          return false;
        }
        left = idle.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void drive(K key, Runnable first) {
    for (Runnable task = first; task != null; task = next(key)) {
      try {
        task.run();
      } catch (RuntimeException | Error e) {
        bug.accept(e);
      }
    }
  }

  private @Nullable Runnable next(K key) {
    lock.lock();
    try {
      ArrayDeque<Runnable> waiting = lanes.get(key);
      Runnable task = waiting == null ? null : waiting.poll();
      if (task == null) {
        lanes.remove(key);
        if (lanes.isEmpty()) {
          idle.signalAll();
        }
      }
      return task;
    } finally {
      lock.unlock();
    }
  }
}
