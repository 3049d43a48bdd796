package pinfold.supervisor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import pinfold.contract.Code;
import pinfold.contract.PinfoldException;
import pinfold.linux.BirthId;
import pinfold.linux.ChildSnapshot;
import pinfold.linux.Keeper;
import pinfold.linux.KeeperEvent;

/// Hears the keeper. Until recovery is done it gathers what the keeper knows; from [#live] on it
/// passes everything on, beginning with what changed in between.
final class Roundup implements Keeper.Listener {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();

  /// All that follows is guarded by `lock`.
  private KeeperEvent.@Nullable Welcome welcome;

  private @Nullable String lost;
  private boolean fetched;
  private final List<KeeperEvent.Held> held = new ArrayList<>();
  private final Map<BirthId, ChildSnapshot> children = new LinkedHashMap<>();
  private final List<KeeperEvent> later = new ArrayList<>();
  private Keeper.@Nullable Listener live;

  @Override
  public void event(KeeperEvent event) {
    Keeper.Listener listener;
    lock.lock();
    try {
      listener = live;
      if (listener == null) {
        gather(event);
        news.signalAll();
      }
    } finally {
      lock.unlock();
    }
    if (listener != null) {
      listener.event(event);
    }
  }

  private void gather(KeeperEvent event) {
    switch (event) {
      case KeeperEvent.Welcome w -> welcome = w;
      case KeeperEvent.Child(ChildSnapshot snapshot) -> children.put(snapshot.birth(), snapshot);
      case KeeperEvent.Held h -> held.add(h);
      case KeeperEvent.Fetched _ -> fetched = true;
      case KeeperEvent.Lost(String reason) -> {
        lost = reason;
        later.add(event);
      }
      case KeeperEvent.Signalled _,
          KeeperEvent.PidfdIs _,
          KeeperEvent.Log _,
          KeeperEvent.Shutdown _,
          KeeperEvent.Refused _,
          KeeperEvent.Stats _ ->
          later.add(event);
    }
  }

  /// Waits for the keeper's greeting and for all the children that it announced.
  ///
  /// @throws PinfoldException when the keeper is lost or says nothing for `nanos`
  KeeperEvent.Welcome children(long nanos) throws InterruptedException {
    await(nanos, () -> welcome != null && children.size() >= welcome.children());
    KeeperEvent.Welcome greeting = welcome;
    if (greeting == null) {
      throw new AssertionError("no greeting");
    }
    return greeting;
  }

  /// Waits for the answer to [Keeper#fetch] and gives what was held; the caller owns the
  /// descriptors.
  List<KeeperEvent.Held> held(long nanos) throws InterruptedException {
    await(nanos, () -> fetched);
    return List.copyOf(held);
  }

  /// Waits until the keeper has said something of each of these.
  void heardOf(List<BirthId> births, long nanos) throws InterruptedException {
    await(nanos, () -> children.keySet().containsAll(births));
  }

  /// Waits until nothing is left of these; `false` when something still is after `nanos`.
  boolean emptied(List<BirthId> births, long nanos) throws InterruptedException {
    return reached(
        nanos,
        () -> births.stream().map(children::get).allMatch(child -> child == null || child.empty()));
  }

  /// What is known of each child now.
  Map<BirthId, ChildSnapshot> known() {
    lock.lock();
    try {
      return new LinkedHashMap<>(children);
    } finally {
      lock.unlock();
    }
  }

  /// From now on `listener` hears everything; first what changed since `seen` was taken from
  /// [#known].
  void live(Keeper.Listener listener, Map<BirthId, ChildSnapshot> seen) {
    lock.lock();
    try {
      for (ChildSnapshot child : children.values()) {
        if (!Optional.ofNullable(seen.get(child.birth())).equals(Optional.of(child))) {
          listener.event(new KeeperEvent.Child(child));
        }
      }
      later.forEach(listener::event);
      later.clear();
      children.clear();
      held.clear();
      live = listener;
    } finally {
      lock.unlock();
    }
  }

  private void await(long nanos, BooleanSupplier done) throws InterruptedException {
    if (!reached(nanos, done)) {
      throw PinfoldException.of(Code.KEEPER_LOST, "the keeper does not answer");
    }
  }

  private boolean reached(long nanos, BooleanSupplier done) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (!done.getAsBoolean()) {
        if (lost != null) {
          throw PinfoldException.of(
              Code.KEEPER_LOST, "the connection to the keeper was lost: " + lost);
        }
        if (left <= 0) {
          return false;
        }
        left = news.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }
}
