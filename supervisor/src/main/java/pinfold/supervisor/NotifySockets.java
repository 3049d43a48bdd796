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
/// could be looked at (systemd-notify does) is believed when its user is this one or root, or the
/// socket is in the directory that nobody else can enter.
///
/// A path that is longer than a socket address has room for could not be used by the service. Then
/// the socket has a name of its own instead, outside of any file system.
final class NotifySockets {
  private static final System.Logger LOG = System.getLogger("supervisor");
  private static final String PREFIX = "notify ";

  /// How long the keeper's report of a birth may come after the birth's first message.
  private static final long BORN_WITHIN = TimeUnit.SECONDS.toNanos(10);

  /// Longest path that fits into a socket address, in bytes (unix(7)).
  private static final int LONGEST = 107;

  /// @param text as NOTIFY_SOCKET has it
  /// @param file empty for a name
  private record Address(String text, Optional<Path> file) {
    NotifySocket bind() throws IOException {
      if (file.isEmpty()) {
        return NotifySocket.bindName(text.substring(1));
      }
      Files.deleteIfExists(file.get());
      return NotifySocket.bind(file.get());
    }
  }

  private record Open(
      UnitName unit,
      Address address,
      long key,
      NotifySocket socket,
      Poller.Registration registration) {}

  private final Path folder;
  private final int owner;
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
  /// @param owner uid of this supervisor
  /// @param changed rings when `identities` may know more
  NotifySockets(
      Path folder,
      int owner,
      Keeper keeper,
      HeldKeys keys,
      FdStore store,
      Poller poller,
      Lanes<Object> lanes,
      Bell changed,
      Function<BirthId, Optional<Identity>> identities,
      Consumer<Event> core) {
    this.folder = folder;
    this.owner = owner;
    this.keeper = keeper;
    this.keys = keys;
    this.store = store;
    this.poller = poller;
    this.lanes = lanes;
    this.changed = changed;
    this.identities = identities;
    this.core = core;
  }

  /// What the service is told.
  Optional<String> address(BirthId birth) {
    return Optional.ofNullable(open.get(birth)).map(is -> is.address().text());
  }

  /// Half of the id tells births apart well enough, and the path has to be short.
  private Address at(BirthId birth) {
    Path path = folder.resolve(birth.toString().substring(19));
    String text = path.toString();
    return text.getBytes(StandardCharsets.UTF_8).length <= LONGEST
        ? new Address(text, Optional.of(path))
        : new Address("@pinfold-notify-" + birth, Optional.empty());
  }

  /// Makes the socket of a birth, unless it is there. Without one the service cannot say that it is
  /// ready, and is told apart by that.
  void open(BirthId birth, UnitName unit) {
    if (open.containsKey(birth)) {
      return;
    }
    Address address = at(birth);
    try {
      NotifySocket socket = address.bind();
      long key = keys.next();
      keeper.hold(key, PREFIX + birth, false, socket.descriptor());
      listen(birth, unit, address, key, socket);
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

  private void listen(BirthId birth, UnitName unit, Address address, long key, NotifySocket socket)
      throws SystemCallException {
    Poller.Registration registration =
        poller.register(socket.descriptor(), _ -> receive(birth, unit, socket));
    open.put(birth, new Open(unit, address, key, socket, registration));
  }

  void close(BirthId birth) {
    Open was = open.remove(birth);
    if (was != null) {
      was.registration().close();
      was.socket().close();
      keeper.unhold(was.key());
      try {
        if (was.address().file().isPresent()) {
          Files.deleteIfExists(was.address().file().get());
        }
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

  /// Whether a process of the birth said it. One that ended since has no kin any more, so its end
  /// is looked for after its kinship: it may come between the two.
  private boolean sentBy(Identity identity, BirthId birth, int sender, int uid) {
    return Kinship.belongs(identity, sender)
        || (Processes.stat(sender).filter(stat -> !stat.zombie()).isEmpty()
            && believed(birth, uid));
  }

  private void take(BirthId birth, UnitName unit, NotifySocket.Message message) {
    try {
      Optional<Identity> identity = identity(birth);
      int sender = message.sender().pid();
      if (identity.isEmpty()
          || !message.complete()
          || !sentBy(identity.get(), birth, sender, message.sender().uid())) {
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
              notices.add(
                  new Notice.Stored(
                      store.store(unit, name, parsed.watched(), message.descriptors()))));
      core.accept(new Event.Notified(birth, notices));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      message.descriptors().forEach(Fd::close);
    }
  }

  /// Whether this user could have been let in by nobody but the service or its owner.
  private boolean believed(BirthId birth, int uid) {
    return uid == 0 || uid == owner || at(birth).file().isPresent();
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
