package pinfold.supervisor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import pinfold.contract.Event;

/// The last events for whoever watches. A watcher asks for what came after what it has seen; one
/// that is too slow misses the oldest and sees that by the gap in the numbers. Any thread.
public final class Happenings {
  private static final int KEPT = 2048;

  private final Bell bell = new Bell();
  private final ReentrantLock lock = new ReentrantLock();

  /// Guarded by `lock`; oldest first, numbers ascending.
  private final Deque<Event> events = new ArrayDeque<>();

  Happenings() {}

  void add(Event event) {
    lock.lock();
    try {
      events.addLast(event);
      if (events.size() > KEPT) {
        events.removeFirst();
      }
    } finally {
      lock.unlock();
    }
    bell.ring();
  }

  /// Rings at each event.
  public Bell bell() {
    return bell;
  }

  /// What came after the event of this number, oldest first.
  public List<Event> after(long seq) {
    lock.lock();
    try {
      List<Event> later = new ArrayList<>();
      for (Event event : events) {
        if (event.seq() > seq) {
          later.add(event);
        }
      }
      return later;
    } finally {
      lock.unlock();
    }
  }
}
