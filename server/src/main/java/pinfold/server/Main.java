package pinfold.server;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import pinfold.contract.Failure;
import pinfold.contract.PinfoldException;
import pinfold.linux.BootId;
import pinfold.linux.Fd;
import pinfold.linux.Keeper;
import pinfold.linux.KeeperEvent;
import pinfold.linux.Poller;
import pinfold.linux.UnixListener;
import pinfold.linux.User;
import pinfold.state.EarlierBoots;
import pinfold.state.FactStore;
import pinfold.state.IntentStore;
import pinfold.state.Journal;
import pinfold.state.Places;
import pinfold.supervisor.Ending;
import pinfold.supervisor.Setting;
import pinfold.supervisor.Startup;
import pinfold.supervisor.Supervisor;

/// The supervisor's main program. The keeper starts it, with descriptor 3 as its connection; the
/// environment says where the state directory is (see [Places]).
public final class Main {
  private static final System.Logger LOG = System.getLogger("supervisor");

  /// As in the root pom.
  static final String RELEASE = "0.1.0";

  private static final long JOURNAL_FILE = 8L << 20;
  private static final long JOURNAL_TOTAL = 64L << 20;

  /// Key of the control socket among what the keeper holds.
  private static final long CONTROL = 1;

  /// How long what is under way may take at the end.
  private static final long SETTLE = TimeUnit.SECONDS.toNanos(1);

  private Main() {}

  /// Runs until it is asked to end.
  public static void main(String[] args) {
    try {
      System.exit(run());
    } catch (PinfoldException e) {
      LOG.log(Level.ERROR, text(e.failure()));
      System.exit(1);
    } catch (IOException e) {
      LOG.log(Level.ERROR, "the supervisor cannot start: " + e.getMessage(), e);
      System.exit(1);
    } catch (InterruptedException _) {
      System.exit(1);
    }
  }

  private static String text(Failure failure) {
    return failure.code()
        + ": "
        + failure.message()
        + (failure.tries().isEmpty() ? "" : "; try: " + String.join("; ", failure.tries()));
  }

  private static int run() throws IOException, InterruptedException {
    Places places = Places.of(System.getenv());
    String boot = BootId.current();
    int uid = User.ownUid();
    places.create(boot, uid);
    // The database is the slowest to open; the rest does not need it yet.
    CompletableFuture<IntentStore> opening =
        CompletableFuture.supplyAsync(
            () -> IntentStore.open(places), r -> Thread.ofPlatform().name("opening").start(r));
    Poller poller = Poller.start("poller");
    Journal journal =
        Journal.open(
            places.journal(),
            JOURNAL_FILE,
            JOURNAL_TOTAL,
            problem -> LOG.log(Level.WARNING, text(problem)));
    Setting setting =
        new Setting(
            places.logs(),
            places.journal(),
            places.run(boot),
            notify(places),
            boot,
            User.own(),
            Optional.ofNullable(System.getenv("TZ")),
            RELEASE);
    Ending ending;
    Optional<NextKeeper> next;
    try (IntentStore intent = opened(opening);
        journal;
        poller) {
      Startup startup =
          Startup.of(
              setting,
              intent,
              new FactStore(places.facts(boot)),
              journal,
              rebooted(places.run(boot)));
      Supervisor supervisor = startup.at(Keeper.inherited(), poller);
      next = NextKeeper.of(supervisor.status().keeperPid(), product(), places, boot);
      try (UnixListener listener = listener(places.controlSocket(), supervisor, poller)) {
        ControlServer server =
            new ControlServer(
                listener, new Dispatcher(new Methods(supervisor, product()), RELEASE), uid);
        Thread.ofVirtual().name("control").start(server::serve);
        Signals.watch(supervisor, new Reload(supervisor, Path.of(setting.owner().home())));
        LOG.log(
            Level.INFO,
            "serving at "
                + places.controlSocket()
                + ", pid "
                + supervisor.status().pid()
                + ", keeper "
                + supervisor.status().keeperPid());
        Thread.ofVirtual().name("earlier boots").start(() -> forget(places, boot));
        ending = ended(supervisor, server, places);
      }
    }
    if (ending == Ending.KEEPER_LOST && next.isPresent()) {
      // Everything is closed by now: the next supervisor has it to itself.
      next.get().start();
    }
    return ending == Ending.KEEPER_LOST ? 1 : 0;
  }

  /// A database that a person has to see to first is not tried again and again: with no service
  /// left to hold, the keeper ends, too.
  private static IntentStore opened(CompletableFuture<IntentStore> opening)
      throws InterruptedException {
    try {
      return opening.join();
    } catch (CompletionException e) {
      if (!(e.getCause() instanceof PinfoldException failure)) {
        throw e;
      }
      try {
        Startup.refused(Keeper.inherited());
      } catch (PinfoldException lost) {
        failure.addSuppressed(lost);
      }
      throw failure;
    }
  }

  /// As the launcher says; a link to the newest build, where there are several.
  private static Optional<Path> product() {
    String home = System.getProperty("pinfold.home", "");
    return home.startsWith("/") ? Optional.of(Path.of(home)) : Optional.empty();
  }

  private static Path notify(Places places) throws IOException {
    Path folder = places.state().resolve("n");
    if (!Files.isDirectory(folder)) {
      Files.createDirectory(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    return folder;
  }

  private static void forget(Places places, String boot) {
    try {
      for (Path left : EarlierBoots.remove(places, boot)) {
        LOG.log(Level.WARNING, left + " is of another boot, and a process that it names lives");
      }
    } catch (IOException | PinfoldException e) {
      LOG.log(Level.WARNING, "what an earlier boot left cannot be removed", e);
    }
  }

  /// Whether no supervisor has run since the host was started.
  private static boolean rebooted(Path run) throws IOException {
    Path mark = run.resolve("supervised");
    boolean first = !Files.exists(mark);
    if (first) {
      Files.createFile(mark);
    }
    return first;
  }

  /// The control socket outlives supervisors: the keeper holds it, so a client that calls while
  /// none runs starts one.
  private static UnixListener listener(Path path, Supervisor supervisor, Poller poller)
      throws IOException {
    Optional<Fd> inherited = Optional.empty();
    for (KeeperEvent.Held held : supervisor.held()) {
      if (held.key() == CONTROL) {
        inherited = Optional.of(held.descriptor());
      }
    }
    if (inherited.isPresent() && Files.exists(path)) {
      return UnixListener.of(inherited.get(), poller);
    }
    // Whatever is there is stale: this keeper has the lock, and holds no socket.
    Files.deleteIfExists(path);
    UnixListener listener = UnixListener.bind(path, poller);
    supervisor.keeper().hold(CONTROL, "control", true, listener.descriptor());
    return listener;
  }

  private static Ending ended(Supervisor supervisor, ControlServer server, Places places)
      throws IOException, InterruptedException {
    Ending ending = supervisor.ending().join();
    LOG.log(Level.INFO, "ending: " + ending);
    if (ending != Ending.KEEPER_LOST) {
      supervisor.sessions().end();
      // Whoever asked for this end is told that it was reached; who watches for ever is not waited
      // for.
      supervisor.settle(SETTLE);
      server.settle(SETTLE);
    }
    switch (ending) {
      case ALL -> {
        Files.deleteIfExists(places.controlSocket());
        supervisor.keeper().role(Keeper.Role.END, List.of());
      }
      case STANDBY -> supervisor.keeper().role(Keeper.Role.STANDBY, List.of());
      case REPLACED -> {}
      case KEEPER_LOST -> {}
    }
    return ending;
  }
}
