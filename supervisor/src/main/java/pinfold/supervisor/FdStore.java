package pinfold.supervisor;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32C;
import pinfold.core.UnitName;
import pinfold.linux.Fd;
import pinfold.linux.Keeper;
import pinfold.linux.KeeperEvent;
import pinfold.linux.SpawnRequest;

/// Descriptors that services left with us (sd_notify(3), FDSTORE). The keeper holds them, so they
/// outlive supervisors; the service finds them again at its next start. Any thread.
final class FdStore {
  /// One stored descriptor.
  ///
  /// @param key under which the keeper holds it
  /// @param name that the service gave it
  record Stored(long key, String name) {}

  private static final String PREFIX = "fd ";

  /// PF_HOLD_NAME of protocol.h, less a NUL, the prefix and the unit's mark.
  private static final int LONGEST_NAME = 103 - PREFIX.length() - 9;

  private final Keeper keeper;
  private final HeldKeys keys;
  private final ReentrantLock lock = new ReentrantLock();

  /// Guarded by `lock`; by the unit's mark.
  private final Map<String, List<Stored>> byUnit = new HashMap<>();

  FdStore(Keeper keeper, HeldKeys keys) {
    this.keeper = keeper;
    this.keys = keys;
  }

  /// A name of the keeper's has no room for that of a unit, so units are told apart by a checksum.
  private static String mark(UnitName unit) {
    CRC32C sum = new CRC32C();
    sum.update((unit.project() + "/" + unit.service()).getBytes(StandardCharsets.UTF_8));
    return "%08x".formatted(sum.getValue());
  }

  /// Takes note of what an earlier supervisor had the keeper hold.
  ///
  /// @return whether it is a stored descriptor
  boolean found(KeeperEvent.Held held) {
    if (!held.name().startsWith(PREFIX) || held.name().length() < PREFIX.length() + 9) {
      return false;
    }
    String mark = held.name().substring(PREFIX.length(), PREFIX.length() + 8);
    Stored stored = new Stored(held.key(), held.name().substring(PREFIX.length() + 9));
    lock.lock();
    try {
      byUnit.computeIfAbsent(mark, _ -> new ArrayList<>()).add(stored);
    } finally {
      lock.unlock();
    }
    return true;
  }

  /// Stores descriptors under a name; beyond what one start can be given they are refused. The
  /// caller closes its own.
  ///
  /// @return how many the unit has stored now
  int store(UnitName unit, String name, List<Fd> descriptors) {
    lock.lock();
    try {
      List<Stored> all = byUnit.computeIfAbsent(mark(unit), _ -> new ArrayList<>());
      for (Fd descriptor : descriptors) {
        if (all.size() < SpawnRequest.MAX_HELD && name.length() <= LONGEST_NAME) {
          Stored stored = new Stored(keys.next(), name);
          keeper.hold(stored.key(), PREFIX + mark(unit) + " " + name, false, descriptor);
          all.add(stored);
        }
      }
      return all.size();
    } finally {
      lock.unlock();
    }
  }

  /// Closes those of a name.
  ///
  /// @return how many the unit has stored now
  int remove(UnitName unit, String name) {
    lock.lock();
    try {
      List<Stored> all = byUnit.getOrDefault(mark(unit), new ArrayList<>());
      for (Stored stored : List.copyOf(all)) {
        if (stored.name().equals(name)) {
          keeper.unhold(stored.key());
          all.remove(stored);
        }
      }
      return all.size();
    } finally {
      lock.unlock();
    }
  }

  /// Closes all of a unit's.
  void drop(UnitName unit) {
    lock.lock();
    try {
      List<Stored> all = byUnit.remove(mark(unit));
      if (all != null) {
        all.forEach(stored -> keeper.unhold(stored.key()));
      }
    } finally {
      lock.unlock();
    }
  }

  /// What the unit's next start is given, in the order in which it was stored.
  List<Stored> of(UnitName unit) {
    lock.lock();
    try {
      return List.copyOf(byUnit.getOrDefault(mark(unit), List.of()));
    } finally {
      lock.unlock();
    }
  }
}
