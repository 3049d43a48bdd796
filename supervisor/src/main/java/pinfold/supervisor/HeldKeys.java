package pinfold.supervisor;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import pinfold.linux.KeeperEvent;

/// Numbers what the keeper is asked to hold: each number once, also over supervisors. Any thread.
final class HeldKeys {
  /// The control socket's, which is the same for every supervisor.
  static final long CONTROL = 1;

  private final AtomicLong last;

  /// @param held what the keeper holds already
  HeldKeys(List<KeeperEvent.Held> held) {
    long highest = held.stream().mapToLong(KeeperEvent.Held::key).max().orElse(CONTROL);
    this.last = new AtomicLong(Math.max(highest, CONTROL));
  }

  long next() {
    return last.incrementAndGet();
  }
}
