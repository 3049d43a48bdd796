package pinfold.supervisor;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import pinfold.core.Unit;
import pinfold.core.UnitName;
import pinfold.core.World;
import pinfold.logs.Housekeeper;
import pinfold.logs.LogSource;
import pinfold.logs.LogStream;
import pinfold.logs.LogTree;
import pinfold.logs.Retention;
import pinfold.manifest.LogPolicy;

/// Keeps the logs within what the manifest allows: whenever a segment was closed, a while after a
/// process ended, or when a closed segment reaches its age. With nothing of that it does nothing.
/// Any thread; the work is one lane's.
final class LogBounds {
  private static final System.Logger LOG = System.getLogger("supervisor");

  /// With less than this left on the disk, the oldest closed segments of all services go.
  private static final long FREE = 64L << 20;

  /// Ages are looked at this much later, so that what is due is due; so is what may wait.
  private static final Duration LATER = Duration.ofSeconds(1);

  /// The longest wait for an age; then it is computed anew.
  private static final Duration LONGEST = Duration.ofDays(30);

  private enum Lane {
    LOGS
  }

  private final Path logs;
  private final Lanes<Object> lanes;
  private final Supplier<World> world;
  private final Housekeeper housekeeper = new Housekeeper();

  /// Units whose sweep was asked for and has not begun.
  private final Set<UnitName> asked = ConcurrentHashMap.newKeySet();

  /// Units whose sweep will be asked for.
  private final Set<UnitName> resting = ConcurrentHashMap.newKeySet();

  /// When a closed segment of a unit reaches its age and a timer says so. Owned by the lane.
  private final Map<UnitName, Instant> due = new HashMap<>();

  /// @param logs the log directory
  LogBounds(Path logs, Lanes<Object> lanes, Supplier<World> world) {
    this.logs = logs;
    this.lanes = lanes;
    this.world = world;
  }

  /// Something of this unit may be beyond its bounds.
  void check(UnitName unit) {
    if (asked.add(unit)) {
      lanes.run(
          Lane.LOGS,
          () -> {
            asked.remove(unit);
            sweep(unit);
          });
    }
  }

  /// The same for what can wait: a process ended, and the next one is being started.
  void checkLater(UnitName unit) {
    if (resting.add(unit)) {
      CompletableFuture.delayedExecutor(LATER.toMillis(), TimeUnit.MILLISECONDS)
          .execute(() -> {
            resting.remove(unit);
            check(unit);
          });
    }
  }

  /// Anything may be beyond its bounds, the supervisor's own log included.
  void checkAll() {
    world.get().units().forEach(unit -> check(unit.name()));
    lanes.run(Lane.LOGS, this::own);
  }

  /// A disk is full, or may be: looked at once for all that was asked meanwhile.
  void free() {
    lanes.update(
        Lane.LOGS,
        Lane.LOGS,
        () -> {
          try {
            Housekeeper.Swept swept = housekeeper.free(logs, FREE);
            if (swept.removed() > 0) {
              LOG.log(
                  Level.WARNING,
                  "the disk is nearly full: "
                      + swept.removed()
                      + " old log segments were removed, "
                      + swept.freedBytes()
                      + " bytes");
            }
          } catch (IOException e) {
            LOG.log(Level.WARNING, "no room can be made on the disk of the logs", e);
          }
        });
  }

  private void own() {
    for (LogStream stream : LogStream.values()) {
      sweep(LogSource.supervisor(logs, stream), retention(LogPolicy.DEFAULT));
    }
  }

  private void sweep(UnitName name) {
    Optional<Unit> unit = world.get().unit(name);
    if (unit.isEmpty()) {
      return; // forgotten: its logs are the operator's now, and go when the disk is full
    }
    Retention retention = retention(unit.get().service().logs());
    List<LogSource> sources = new ArrayList<>();
    try {
      sources.addAll(LogTree.of(logs, name.project(), name.service().text()));
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the logs of " + name + " cannot be looked at", e);
    }
    Optional<Instant> next = Optional.empty();
    for (LogSource source : sources) {
      Optional<Instant> expiry = sweep(source, retention);
      if (expiry.isPresent() && (next.isEmpty() || expiry.get().isBefore(next.get()))) {
        next = expiry;
      }
    }
    next.ifPresent(at -> arm(name, at));
    free();
  }

  /// @return when the oldest segment that is left reaches its age
  private Optional<Instant> sweep(LogSource source, Retention retention) {
    try {
      housekeeper.sweep(source, retention, Instant.now());
      return housekeeper.expiry(source, retention);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the log " + source.file() + " cannot be kept in its bounds", e);
      return Optional.empty();
    }
  }

  private void arm(UnitName name, Instant at) {
    Instant armed = due.get(name);
    if (armed != null && !at.isBefore(armed)) {
      return;
    }
    due.put(name, at);
    Duration wait = Duration.between(Instant.now(), at);
    Duration bounded = wait.isNegative() ? Duration.ZERO : wait;
    long nanos = (bounded.compareTo(LONGEST) > 0 ? LONGEST : bounded).plus(LATER).toNanos();
    CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS)
        .execute(() ->
            lanes.run(
                Lane.LOGS,
                () -> {
                  due.remove(name, at);
                  sweep(name);
                }));
  }

  /// What a policy means for closed segments: the one being written counts as one of its files.
  static Retention retention(LogPolicy policy) {
    return new Retention(
        OptionalLong.of(bytes(policy)),
        OptionalInt.of(policy.maxFiles() - 1),
        policy.maxAge(),
        policy.compress() == LogPolicy.Compress.ZSTD);
  }

  private static long bytes(LogPolicy policy) {
    long size = policy.maxSize().bytes();
    return size > Long.MAX_VALUE / policy.maxFiles() ? Long.MAX_VALUE : size * policy.maxFiles();
  }
}
