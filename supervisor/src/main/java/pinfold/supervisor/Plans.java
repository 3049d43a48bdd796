package pinfold.supervisor;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import pinfold.core.UnitName;
import pinfold.linux.Keeper;
import pinfold.linux.LaunchSpec;
import pinfold.linux.SpawnPlan;
import pinfold.linux.SystemCallException;

/// The plans that the keeper keeps for us: one per unit and command, put once and used again for as
/// long as the specification compiles to the same, so that a restart costs one small message. Any
/// thread.
final class Plans {
  /// What a plan is for: a unit, and which of its commands.
  private record Key(UnitName unit, String use) {}

  private record Kept(LaunchSpec spec, long number) {}

  private final Keeper keeper;
  private final ReentrantLock lock = new ReentrantLock();

  /// Guarded by `lock`.
  private final Map<Key, Kept> kept = new HashMap<>();

  /// Guarded by `lock`. A new supervisor begins at 1 again and so replaces what an earlier one left
  /// with the keeper.
  private long numbers;

  Plans(Keeper keeper) {
    this.keeper = keeper;
  }

  /// The number of a plan for this specification.
  ///
  /// @throws IllegalArgumentException when the specification cannot be compiled or is too large
  /// @throws SystemCallException when no memory file can be made
  long number(UnitName unit, String use, LaunchSpec spec) throws SystemCallException {
    Key key = new Key(unit, use);
    lock.lock();
    try {
      Kept old = kept.get(key);
      if (old != null && old.spec.equals(spec)) {
        return old.number;
      }
      SpawnPlan plan = SpawnPlan.compile(spec);
      long number = old == null ? ++numbers : old.number;
      keeper.putPlan(number, plan);
      kept.put(key, new Kept(spec, number));
      return number;
    } finally {
      lock.unlock();
    }
  }

  /// The specification that a plan of this number was last compiled from.
  Optional<LaunchSpec> spec(long number) {
    lock.lock();
    try {
      return kept.values().stream().filter(k -> k.number == number).map(Kept::spec).findFirst();
    } finally {
      lock.unlock();
    }
  }

  /// A command of the unit is of no more use.
  void forget(UnitName unit, String use) {
    lock.lock();
    try {
      Kept old = kept.remove(new Key(unit, use));
      if (old != null) {
        keeper.dropPlan(old.number);
      }
    } finally {
      lock.unlock();
    }
  }

  /// The unit is gone: its plans are of no more use.
  void forget(UnitName unit) {
    lock.lock();
    try {
      Iterator<Map.Entry<Key, Kept>> all = kept.entrySet().iterator();
      while (all.hasNext()) {
        Map.Entry<Key, Kept> entry = all.next();
        if (entry.getKey().unit().equals(unit)) {
          keeper.dropPlan(entry.getValue().number());
          all.remove();
        }
      }
    } finally {
      lock.unlock();
    }
  }
}
