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

  /// @param about what it brings up to date; null: it stands for itself
  private record Task(@Nullable Object about, Runnable work) {}

  /// Guarded by `lock`. A key is here exactly while a thread runs its lane; its queue holds what
  /// comes after the task under way.
  private final Map<K, ArrayDeque<Task>> lanes = new HashMap<>();

  /// @param bug is told what a task threw; the lane goes on
  Lanes(String name, Consumer<Throwable> bug) {
    this.name = name;
    this.bug = bug;
  }

  /// Any thread; returns at once.
  void run(K key, Runnable task) {
    run(key, new Task(null, task));
  }

  /// The same for work that brings something up to date: it takes the place of the one given just
  /// before it, when that was about the same and has not begun.
  void update(K key, Object about, Runnable task) {
    run(key, new Task(about, task));
  }

  private void run(K key, Task task) {
    lock.lock();
    try {
      ArrayDeque<Task> waiting = lanes.get(key);
      if (waiting != null) {
        Task last = waiting.peekLast();
        if (last != null && task.about != null && task.about.equals(last.about)) {
          waiting.removeLast();
        }
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

  private void drive(K key, Task first) {
    for (Task task = first; task != null; task = next(key)) {
      try {
        task.work.run();
      } catch (RuntimeException | Error e) {
        bug.accept(e);
      }
    }
  }

  private @Nullable Task next(K key) {
    lock.lock();
    try {
      ArrayDeque<Task> waiting = lanes.get(key);
      Task task = waiting == null ? null : waiting.poll();
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
