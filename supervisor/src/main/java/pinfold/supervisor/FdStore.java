package pinfold.supervisor;

import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32C;
import pinfold.core.Launch;
import pinfold.core.Purpose;
import pinfold.core.UnitName;
import pinfold.linux.Errno;
import pinfold.linux.Fd;
import pinfold.linux.Keeper;
import pinfold.linux.KeeperEvent;
import pinfold.linux.Poller;
import pinfold.linux.SpawnRequest;
import pinfold.linux.SystemCallException;

/// Descriptors that services left with us (sd_notify(3), FDSTORE). The keeper holds them, so they
/// outlive supervisors; the service finds them again at its next start. One whose other end hangs
/// up is let go, unless the service said that it is not to be (FDPOLL=0). Any thread.
final class FdStore {
  private static final System.Logger LOG = System.getLogger("supervisor");

  /// One stored descriptor.
  ///
  /// @param key under which the keeper holds it
  /// @param name that the service gave it
  record Stored(long key, String name) {}

  /// What the next start of a unit is given. Until it is closed, none of it is let go.
  ///
  /// @param stored in the order in which it was stored
  /// @param end of the loan
  record Loan(List<Stored> stored, Runnable end) implements AutoCloseable {
    @Override
    public void close() {
      end.run();
    }
  }

  /// A copy of a stored descriptor whose other end may hang up.
  private record Watch(Fd copy, Poller.Registration registration) {
    void end() {
      registration.close();
      copy.close();
    }
  }

  private static final String PREFIX = "fd ";

  /// After a unit's mark.
  private static final char WATCHED = ' ';

  private static final char UNWATCHED = '.';

  /// PF_HOLD_NAME of protocol.h, less a NUL, the prefix and the unit's mark.
  private static final int LONGEST_NAME = 103 - PREFIX.length() - 9;

  private final Keeper keeper;
  private final HeldKeys keys;
  private final Poller poller;
  private final ReentrantLock lock = new ReentrantLock();

  /// Guarded by `lock`; by the unit's mark.
  private final Map<String, List<Stored>> byUnit = new HashMap<>();

  /// Guarded by `lock`; by the keeper's key.
  private final Map<Long, Watch> watches = new HashMap<>();

  /// Guarded by `lock`; how many loans there are.
  private int loans;

  /// Guarded by `lock`; what hung up during a loan, by the keeper's key its unit's mark.
  private final Map<Long, String> hungUp = new HashMap<>();

  FdStore(Keeper keeper, HeldKeys keys, Poller poller) {
    this.keeper = keeper;
    this.keys = keys;
    this.poller = poller;
  }

  /// A name of the keeper's has no room for that of a unit, so units are told apart by a checksum.
  private static String mark(UnitName unit) {
    CRC32C sum = new CRC32C();
    sum.update((unit.project() + "/" + unit.service()).getBytes(StandardCharsets.UTF_8));
    return "%08x".formatted(sum.getValue());
  }

  /// Takes note of what an earlier supervisor had the keeper hold.
  ///
  /// @return whether it is a stored descriptor; then it is owned from now on
  boolean found(KeeperEvent.Held held) {
    if (!held.name().startsWith(PREFIX) || held.name().length() < PREFIX.length() + 9) {
      return false;
    }
    String mark = held.name().substring(PREFIX.length(), PREFIX.length() + 8);
    Stored stored = new Stored(held.key(), held.name().substring(PREFIX.length() + 9));
    lock.lock();
    try {
      byUnit.computeIfAbsent(mark, _ -> new ArrayList<>()).add(stored);
      if (held.name().charAt(PREFIX.length() + 8) == WATCHED) {
        watch(mark, stored, held.descriptor());
      } else {
        held.descriptor().close();
      }
    } finally {
      lock.unlock();
    }
    return true;
  }

  /// Stores descriptors under a name; beyond what one start can be given they are refused. The
  /// caller closes its own.
  ///
  /// @param watched whether one is let go when its other end hangs up
  /// @return how many the unit has stored now
  int store(UnitName unit, String name, boolean watched, List<Fd> descriptors) {
    String mark = mark(unit);
    lock.lock();
    try {
      List<Stored> all = byUnit.computeIfAbsent(mark, _ -> new ArrayList<>());
      for (Fd descriptor : descriptors) {
        if (all.size() < SpawnRequest.MAX_HELD && name.length() <= LONGEST_NAME) {
          Stored stored = new Stored(keys.next(), name);
          String held = PREFIX + mark + (watched ? WATCHED : UNWATCHED) + name;
          keeper.hold(stored.key(), held, false, descriptor);
          all.add(stored);
          if (watched) {
            watchCopy(mark, stored, descriptor);
          }
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
          all.remove(stored);
          close(stored.key());
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
        all.forEach(stored -> close(stored.key()));
      }
    } finally {
      lock.unlock();
    }
  }

  /// Under the lock.
  private void watchCopy(String mark, Stored stored, Fd descriptor) {
    try {
      watch(mark, stored, descriptor.duplicate());
    } catch (SystemCallException e) {
      LOG.log(Level.WARNING, "a stored descriptor is not watched", e);
    }
  }

  /// Under the lock: has a copy watched, which is owned from now on.
  private void watch(String mark, Stored stored, Fd copy) {
    try {
      Poller.Registration registration = poller.onHangUp(copy, () -> hungUp(mark, stored.key()));
      watches.put(stored.key(), new Watch(copy, registration));
    } catch (SystemCallException e) {
      copy.close();
      if (!e.errno().equals(Errno.EPERM)) { // a plain file has no other end: epoll_ctl(2)
        LOG.log(Level.WARNING, "a stored descriptor is not watched", e);
      }
    }
  }

  /// On the poller's thread.
  private void hungUp(String mark, long key) {
    lock.lock();
    try {
      hungUp.put(key, mark);
      letGo();
    } finally {
      lock.unlock();
    }
  }

  /// Under the lock: lets go of what hung up, unless a start may be given it at this moment.
  private void letGo() {
    if (loans > 0) {
      return;
    }
    hungUp.forEach((key, mark) -> {
      if (byUnit.getOrDefault(mark, new ArrayList<>()).removeIf(stored -> stored.key() == key)) {
        close(key);
      }
    });
    hungUp.clear();
  }

  /// Under the lock.
  private void close(long key) {
    keeper.unhold(key);
    Watch watch = watches.remove(key);
    if (watch != null) {
      watch.end();
    }
  }

  /// What a birth is given: a main process everything that its unit has stored. The caller closes
  /// the loan when it has asked the keeper.
  Loan lend(Launch launch) {
    boolean main = launch.purpose() == Purpose.MAIN;
    lock.lock();
    try {
      loans++;
      return new Loan(
          main ? List.copyOf(byUnit.getOrDefault(mark(launch.unit()), List.of())) : List.of(),
          this::returned);
    } finally {
      lock.unlock();
    }
  }

  private void returned() {
    lock.lock();
    try {
      loans--;
      letGo();
    } finally {
      lock.unlock();
    }
  }
}
