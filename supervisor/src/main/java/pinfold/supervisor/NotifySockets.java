package pinfold.supervisor;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import pinfold.core.BirthId;
import pinfold.core.Event;
import pinfold.core.Identity;
import pinfold.core.Notice;
import pinfold.core.UnitName;
import pinfold.linux.Fd;
import pinfold.linux.Keeper;
import pinfold.linux.KeeperEvent;
import pinfold.linux.NotifySocket;
import pinfold.linux.Poller;
import pinfold.linux.Processes;
import pinfold.linux.SystemCallException;

/// The datagram sockets on which services speak sd_notify(3): one per birth, held by the keeper, so
/// that what is said while no supervisor runs is heard by the next one.
///
/// A message counts only when it comes from a process of the service. A sender that ended before it
/// could be looked at (systemd-notify does) is believed: the socket is in a directory that nobody
/// else can enter.
final class NotifySockets {
  private static final System.Logger LOG = System.getLogger("supervisor");
  private static final String PREFIX = "notify ";

  /// How long the keeper's report of a birth may come after the birth's first message.
  private static final long BORN_WITHIN = TimeUnit.SECONDS.toNanos(10);

  private record Open(
      UnitName unit, Path path, long key, NotifySocket socket, Poller.Registration registration) {}

  private final Path folder;
  private final Keeper keeper;
  private final HeldKeys keys;
  private final FdStore store;
  private final Poller poller;
  private final Lanes<Object> lanes;
  private final Bell changed;
  private final Function<BirthId, Optional<Identity>> identities;
  private final Consumer<Event> core;
  private final Map<BirthId, Open> open = new ConcurrentHashMap<>();

  /// @param folder exists, private
  /// @param changed rings when `identities` may know more
  NotifySockets(
      Path folder,
      Keeper keeper,
      HeldKeys keys,
      FdStore store,
      Poller poller,
      Lanes<Object> lanes,
      Bell changed,
      Function<BirthId, Optional<Identity>> identities,
      Consumer<Event> core) {
    this.folder = folder;
    this.keeper = keeper;
    this.keys = keys;
    this.store = store;
    this.poller = poller;
    this.lanes = lanes;
    this.changed = changed;
    this.identities = identities;
    this.core = core;
  }

  Optional<Path> path(BirthId birth) {
    return Optional.ofNullable(open.get(birth)).map(Open::path);
  }

  /// Half of the id tells births apart well enough, and the path has to be short.
  private Path at(BirthId birth) {
    return folder.resolve(birth.toString().substring(19));
  }

  /// Makes the socket of a birth. Without one the service cannot say that it is ready, and is told
  /// apart by that.
  void open(BirthId birth, UnitName unit) {
    Path path = at(birth);
    try {
      Files.deleteIfExists(path);
      NotifySocket socket = NotifySocket.bind(path);
      long key = keys.next();
      keeper.hold(key, PREFIX + birth, false, socket.descriptor());
      listen(birth, unit, path, key, socket);
    } catch (IOException e) {
      LOG.log(Level.ERROR, "the notify socket of " + unit + " cannot be made", e);
    }
  }

  /// Takes over what an earlier supervisor had the keeper hold.
  ///
  /// @param units whose each birth is; the socket of any other is closed
  /// @return whether it is a notify socket; then its descriptor is owned from now on
  boolean found(KeeperEvent.Held held, Map<BirthId, UnitName> units) {
    if (!held.name().startsWith(PREFIX)) {
      return false;
    }
    try {
      BirthId birth = BirthId.of(held.name().substring(PREFIX.length()));
      UnitName unit = units.get(birth);
      if (unit == null) {
        keeper.unhold(held.key());
        held.descriptor().close();
      } else {
        listen(birth, unit, at(birth), held.key(), NotifySocket.of(held.descriptor()));
      }
    } catch (IllegalArgumentException | SystemCallException e) {
      LOG.log(Level.ERROR, "a notify socket cannot be taken over", e);
    }
    return true;
  }

  private void listen(BirthId birth, UnitName unit, Path path, long key, NotifySocket socket)
      throws SystemCallException {
    Poller.Registration registration =
        poller.register(socket.descriptor(), _ -> receive(birth, unit, socket));
    open.put(birth, new Open(unit, path, key, socket, registration));
  }

  void close(BirthId birth) {
    Open was = open.remove(birth);
    if (was != null) {
      was.registration().close();
      was.socket().close();
      keeper.unhold(was.key());
      try {
        Files.deleteIfExists(was.path());
      } catch (IOException e) {
        LOG.log(Level.WARNING, "the notify socket of " + was.unit() + " cannot be removed", e);
      }
    }
  }

  void drop(UnitName unit) {
    store.drop(unit);
  }

  /// On the poller's thread: takes what is there; whatever may wait goes on the birth's own lane.
  private void receive(BirthId birth, UnitName unit, NotifySocket socket) {
    try {
      for (Optional<NotifySocket.Message> message = socket.receive();
          message.isPresent();
          message = socket.receive()) {
        NotifySocket.Message got = message.get();
        lanes.run(birth, () -> take(birth, unit, got));
      }
    } catch (SystemCallException e) {
      LOG.log(Level.WARNING, "the notify socket of " + unit + " cannot be read", e);
    }
  }

  private void take(BirthId birth, UnitName unit, NotifySocket.Message message) {
    try {
      Optional<Identity> identity = identity(birth);
      int sender = message.sender().pid();
      boolean gone = Processes.stat(sender).isEmpty();
      if (identity.isEmpty()
          || !message.complete()
          || !(gone || Kinship.belongs(identity.get(), sender))) {
        LOG.log(
            Level.WARNING,
            "a notify message for " + unit + " from process " + sender + " is not taken");
        return;
      }
      NotifyMessage parsed = NotifyMessage.parse(message.text().getBytes(StandardCharsets.UTF_8));
      List<Notice> notices = new ArrayList<>();
      for (Notice notice : parsed.notices()) {
        if (!(notice instanceof Notice.MainPid(int pid)) || Kinship.belongs(identity.get(), pid)) {
          notices.add(notice);
        }
      }
      parsed.remove().ifPresent(name -> notices.add(new Notice.Stored(store.remove(unit, name))));
      parsed
          .store()
          .ifPresent(name ->
              notices.add(new Notice.Stored(store.store(unit, name, message.descriptors()))));
      core.accept(new Event.Notified(birth, notices));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      message.descriptors().forEach(Fd::close);
    }
  }

  /// A fast service speaks before the keeper's report of its birth has made its way.
  private Optional<Identity> identity(BirthId birth) throws InterruptedException {
    long end = System.nanoTime() + BORN_WITHIN;
    while (true) {
      long seen = changed.count();
      Optional<Identity> identity = identities.apply(birth);
      long left = end - System.nanoTime();
      if (identity.isPresent() || left <= 0 || !open.containsKey(birth)) {
        return identity;
      }
      changed.await(seen, left);
    }
  }
}
