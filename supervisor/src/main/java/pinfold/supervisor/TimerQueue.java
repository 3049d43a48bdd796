package pinfold.supervisor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.PriorityQueue;

/// Deadlines on the monotonic clock, one per key; arming a key again replaces its deadline.
///
/// Not thread-safe: owned by the core thread, whose wait for the next event ends at [#next], so
/// that a supervisor with nothing due never wakes up.
///
/// @param <K> what a timer is for; compared by equals
final class TimerQueue<K> {
  /// `turn` orders timers of one deadline by the order in which they were armed.
  private record Entry<K>(K key, long at, long turn) implements Comparable<Entry<K>> {
    @Override
    public int compareTo(Entry<K> other) {
      // Differences, not values: System.nanoTime may wrap around.
      int byTime = Long.signum(at - other.at);
      return byTime != 0 ? byTime : Long.compare(turn, other.turn);
    }
  }

  private final Map<K, Entry<K>> armed = new HashMap<>();
  private final PriorityQueue<Entry<K>> order = new PriorityQueue<>();
  private long turns;

  /// @param at when it is due, in the terms of System.nanoTime
  void arm(K key, long at) {
    disarm(key);
    Entry<K> entry = new Entry<>(key, at, turns++);
    armed.put(key, entry);
    order.add(entry);
  }

  void disarm(K key) {
    Entry<K> entry = armed.remove(key);
    if (entry != null) {
      order.remove(entry);
    }
  }

  /// Nanoseconds until the next timer is due, zero when one is; empty when none is armed.
  OptionalLong next(long now) {
    Entry<K> first = order.peek();
    return first == null ? OptionalLong.empty() : OptionalLong.of(Math.max(0, first.at - now));
  }

  /// Takes out what is due, earliest first.
  List<K> due(long now) {
    List<K> keys = new ArrayList<>();
    for (Entry<K> first = order.peek();
        first != null && first.at - now <= 0;
        first = order.peek()) {
      order.remove();
      armed.remove(first.key);
      keys.add(first.key);
    }
    return keys;
  }

  int size() {
    return armed.size();
  }
}
