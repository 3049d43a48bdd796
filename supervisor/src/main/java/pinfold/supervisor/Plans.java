package pinfold.supervisor;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import pinfold.core.BirthId;
import pinfold.core.UnitName;
import pinfold.linux.Keeper;
import pinfold.linux.LaunchSpec;
import pinfold.linux.SpawnPlan;
import pinfold.linux.SystemCallException;

/// The plans that the keeper keeps for us: one per unit and command, put once and used again for as
/// long as the specification compiles to the same, so that a restart costs one small message.
///
/// A plan takes both sides 15 KiB, and a service that runs has no use for it: of those without a
/// birth under way the last [#IDLE] are kept, which are those of what crashes again and again. Any
/// thread.
final class Plans {
  /// Plans that are kept though no birth is under way.
  static final int IDLE = 32;

  /// The keeper, as far as plans go.
  interface Store {
    void put(long number, SpawnPlan plan) throws SystemCallException;

    void drop(long number);

    static Store at(Keeper keeper) {
      return new Store() {
        @Override
        public void put(long number, SpawnPlan plan) throws SystemCallException {
          keeper.putPlan(number, plan);
        }

        @Override
        public void drop(long number) {
          keeper.dropPlan(number);
        }
      };
    }
  }

  /// What a plan is for: a unit, and which of its commands.
  private record Key(UnitName unit, String use) {}

  private static final class Kept {
    final Key key;
    final LaunchSpec spec;
    final long number;

    /// Births under way.
    int births;

    Kept(Key key, LaunchSpec spec, long number) {
      this.key = key;
      this.spec = spec;
      this.number = number;
    }
  }

  private final Store store;
  private final ReentrantLock lock = new ReentrantLock();

  /// Guarded by `lock`, like all below; by what they are for.
  private final Map<Key, Kept> kept = new HashMap<>();

  private final Map<BirthId, Kept> underWay = new HashMap<>();

  /// Without a birth under way, in the order in which their last one ended.
  private final Set<Kept> idle = new LinkedHashSet<>();

  /// A new supervisor begins at 1 again and so replaces what an earlier one left with the keeper.
  private long numbers;

  Plans(Store store) {
    this.store = store;
  }

  /// The number of a plan for this specification.
  ///
  /// @param birth for which it is used next, see [#over]
  /// @throws IllegalArgumentException when the specification cannot be compiled or is too large
  /// @throws SystemCallException when no memory file can be made
  long number(UnitName unit, String use, LaunchSpec spec, BirthId birth)
      throws SystemCallException {
    Key key = new Key(unit, use);
    lock.lock();
    try {
      Kept old = kept.get(key);
      Kept plan = old;
      if (plan == null || !plan.spec.equals(spec)) {
        plan = new Kept(key, spec, old == null ? ++numbers : old.number);
        store.put(plan.number, SpawnPlan.compile(spec));
        kept.put(key, plan);
      }
      if (old != null) {
        idle.remove(old);
      }
      plan.births++;
      underWay.put(birth, plan);
      return plan.number;
    } finally {
      lock.unlock();
    }
  }

  /// The specification that a plan of this number was last compiled from, while it is kept.
  Optional<LaunchSpec> spec(long number) {
    lock.lock();
    try {
      return kept.values().stream().filter(k -> k.number == number).map(k -> k.spec).findFirst();
    } finally {
      lock.unlock();
    }
  }

  /// A birth has no more use for its plan: its program runs, or never will. Fine to say again.
  void over(BirthId birth) {
    lock.lock();
    try {
      Kept plan = underWay.remove(birth);
      if (plan != null && --plan.births == 0 && kept.get(plan.key) == plan) {
        idle.add(plan);
        if (idle.size() > IDLE) {
          drop(idle.iterator().next());
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void drop(Kept plan) {
    idle.remove(plan);
    kept.remove(plan.key);
    store.drop(plan.number);
  }

  /// A command of the unit is of no more use.
  void forget(UnitName unit, String use) {
    lock.lock();
    try {
      Kept old = kept.get(new Key(unit, use));
      if (old != null) {
        drop(old);
      }
    } finally {
      lock.unlock();
    }
  }

  /// The unit is gone: its plans are of no more use.
  void forget(UnitName unit) {
    lock.lock();
    try {
      kept.values().stream().filter(k -> k.key.unit().equals(unit)).toList().forEach(this::drop);
    } finally {
      lock.unlock();
    }
  }
}
