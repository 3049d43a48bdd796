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
/// @param <V> what is given back when it is due
final class TimerQueue<K, V> {
  /// `turn` orders timers of one deadline by the order in which they were armed.
  private record Entry<K, V>(K key, V value, long at, long turn)
      implements Comparable<Entry<K, V>> {
    @Override
    public int compareTo(Entry<K, V> other) {
      // Differences, not values: System.nanoTime may wrap around.
      int byTime = Long.signum(at - other.at);
      return byTime != 0 ? byTime : Long.compare(turn, other.turn);
    }
  }

  private final Map<K, Entry<K, V>> armed = new HashMap<>();
  private final PriorityQueue<Entry<K, V>> order = new PriorityQueue<>();
  private long turns;

  /// @param at when it is due, in the terms of System.nanoTime
  void arm(K key, V value, long at) {
    disarm(key);
    Entry<K, V> entry = new Entry<>(key, value, at, turns++);
    armed.put(key, entry);
    order.add(entry);
  }

  void disarm(K key) {
    Entry<K, V> entry = armed.remove(key);
    if (entry != null) {
      order.remove(entry);
    }
  }

  /// Nanoseconds until the next timer is due, zero when one is; empty when none is armed.
  OptionalLong next(long now) {
    Entry<K, V> first = order.peek();
    return first == null ? OptionalLong.empty() : OptionalLong.of(Math.max(0, first.at - now));
  }

  /// Takes out what is due, earliest first.
  List<V> due(long now) {
    List<V> values = new ArrayList<>();
    for (Entry<K, V> first = order.peek();
        first != null && first.at - now <= 0;
        first = order.peek()) {
      order.remove();
      armed.remove(first.key);
      values.add(first.value);
    }
    return values;
  }

  int size() {
    return armed.size();
  }
}
