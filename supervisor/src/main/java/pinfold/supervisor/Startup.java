package pinfold.supervisor;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import pinfold.contract.SupervisorStatus;
import pinfold.core.BirthReport;
import pinfold.core.Core;
import pinfold.core.Event;
import pinfold.core.Fact;
import pinfold.core.Identity;
import pinfold.core.Recovery;
import pinfold.core.Unit;
import pinfold.core.UnitName;
import pinfold.core.World;
import pinfold.linux.Adoption;
import pinfold.linux.BirthId;
import pinfold.linux.Chance;
import pinfold.linux.ChildSnapshot;
import pinfold.linux.Containment;
import pinfold.linux.Fd;
import pinfold.linux.Keeper;
import pinfold.linux.KeeperEvent;
import pinfold.linux.KeeperJournal;
import pinfold.linux.Poller;
import pinfold.linux.ProcessIdentity;
import pinfold.linux.Processes;
import pinfold.linux.Signal;
import pinfold.linux.SpawnRequest;
import pinfold.linux.User;
import pinfold.runtimes.Owner;
import pinfold.runtimes.ProcessRuntime;
import pinfold.runtimes.ServiceEnvironment;
import pinfold.state.FactStore;
import pinfold.state.IntentChange;
import pinfold.state.IntentStore;
import pinfold.state.Journal;
import pinfold.state.PastEvents;
import pinfold.state.StepFiles;

/// Brings a supervisor to life: finds out what runs before anything is started or stopped.
public final class Startup {
  private static final System.Logger LOG = System.getLogger("supervisor");

  /// The keeper answers at once, or it is not well.
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);

  private final Setting setting;
  private final Intentions intentions;
  private final FactStore facts;
  private final Remains remains;
  private final Journal journal;

  /// How long operations that ended are kept.
  private static final Duration REMEMBERED = Duration.ofDays(30);

  /// Events that are held in memory; older ones are read from the journal.
  private static final int HAPPENINGS = 256;

  private static final long STEPS_FILE = 4L << 20;
  private static final long STEPS_TOTAL = 64L << 20;

  /// @param intentions where what is wanted is kept, and `remains` came from
  Startup(
      Setting setting, Intentions intentions, FactStore facts, Remains remains, Journal journal) {
    this.setting = setting;
    this.intentions = intentions;
    this.facts = facts;
    this.remains = remains;
    this.journal = journal;
  }

  /// A start with what an earlier supervisor left in these places.
  ///
  /// @param rebooted the host was started since an earlier supervisor ran
  public static Startup of(
      Setting setting, IntentStore intent, FactStore facts, Journal journal, boolean rebooted) {
    Remains remains = Remains.read(intent.found(), facts.load(), rebooted);
    intent
        .write(
            List.of(
                new IntentChange.ForgetOperations(Instant.now().minus(REMEMBERED)),
                new IntentChange.KeepOperations(StoredIntentions.OPERATIONS)))
        .exceptionally(failure -> {
          LOG.log(Level.WARNING, "old operations cannot be forgotten", failure);
          return null;
        });
    return new Startup(setting, new StoredIntentions(intent), facts, remains, journal);
  }

  /// Tells a keeper that this supervisor cannot begin, and neither can the next one before a person
  /// has helped: a keeper that has no service ends, any other goes on and tries.
  ///
  /// @param socket the keeper's, see [Keeper#inherited]
  public static void refused(Fd socket) throws InterruptedException {
    Roundup roundup = new Roundup();
    try (Keeper keeper = Keeper.attach(socket, roundup)) {
      roundup.children(PATIENCE);
      if (roundup.known().values().stream().allMatch(ChildSnapshot::empty)) {
        keeper.role(Keeper.Role.END, List.of());
      }
    }
  }

  /// Takes the supervisor's place at a keeper.
  ///
  /// @param socket the keeper's, see [Keeper#inherited]
  /// @param poller hears the services' notify sockets
  public Supervisor at(Fd socket, Poller poller) throws InterruptedException {
    Roundup roundup = new Roundup();
    Keeper keeper = Keeper.attach(socket, roundup);
    KeeperEvent.Welcome welcome = roundup.children(PATIENCE);
    keeper.fetch(Optional.empty());
    List<KeeperEvent.Held> held = roundup.held(PATIENCE);

    Recorder recorder =
        new Recorder(
            journal,
            new StepFiles(setting.journal(), STEPS_FILE, STEPS_TOTAL),
            setting.release(),
            new Seal(Chance.word(), Chance.word()));
    CoreLoop loop = new CoreLoop(World.empty(Chance.word(), Chance.word()), Core::step, recorder);
    Operations operations = new Operations();
    remains.operations().forEach(operations::put);
    Happenings happenings =
        new Happenings(
            journal,
            new PastEvents(setting.journal(), problem -> LOG.log(Level.WARNING, problem.message())),
            HAPPENINGS);
    Callers callers = new Callers();
    Lanes<Object> lanes = new Lanes<>("lane", Startup::bug);
    CompletableFuture<Ending> ending = new CompletableFuture<>();
    Supervisor supervisor =
        new Supervisor(
            loop,
            operations,
            happenings,
            callers,
            setting,
            status(welcome),
            keeper,
            held,
            lanes,
            ending);
    Chronicle chronicle =
        new Chronicle(
            happenings,
            operations,
            new LastWords(setting.logs()),
            new TakenPorts(
                unit -> loop.world().unit(unit).map(Unit::service),
                (unit, pid) -> runs(loop.world(), unit, pid)),
            intentions,
            journal);
    HeldKeys keys = new HeldKeys(held);
    FdStore store = new FdStore(keeper, keys, poller);
    NotifySockets notify =
        new NotifySockets(
            setting.sockets(),
            setting.owner().uid(),
            keeper,
            keys,
            store,
            poller,
            lanes,
            loop.changed(),
            birth -> identity(loop.world(), birth),
            loop::tell);
    Births births =
        new Births(
            new LogPlace(setting.logs()),
            keeper,
            new ProcessRuntime(),
            new ServiceEnvironment(owner(), setting.zone()),
            callers,
            notify,
            store);
    Helpers helpers = new Helpers(keeper);
    LogBounds bounds = new LogBounds(setting.logs(), lanes, loop::world);
    supervisor.sessions(new Sessions(births, helpers, poller));
    Hands hands =
        new Hands(
            keeper,
            births,
            facts,
            intentions,
            new Probes(births, helpers, setting.logs(), loop::tell),
            notify,
            chronicle,
            helpers,
            bounds,
            lanes,
            loop::tell,
            ending::complete,
            supervisor::shutDown,
            (birth, pid) ->
                identity(loop.world(), birth).map(i -> Kinship.belongs(i, pid)).orElse(false));
    recover(keeper, roundup, hands, loop, EarlierKeepers.read(setting.run(), welcome.pid()));
    inherit(held, notify, store, hands);
    loop.start(hands);
    bounds.checkAll(); // what was closed, or grew old, while no supervisor ran
    return supervisor;
  }

  private Owner owner() {
    User user = setting.owner();
    return new Owner(user.name(), user.home(), user.shell());
  }

  private static void bug(Throwable thrown) {
    LOG.log(Level.ERROR, "an effect could not be carried out", thrown);
  }

  private SupervisorStatus status(KeeperEvent.Welcome welcome) {
    int pid = (int) ProcessHandle.current().pid();
    return new SupervisorStatus(
        pid, welcome.pid(), Instant.now(), setting.release(), Optional.empty());
  }

  /// Takes over what the keeper holds; what nobody knows is closed.
  private static void inherit(
      List<KeeperEvent.Held> held, NotifySockets notify, FdStore store, Hands hands) {
    for (KeeperEvent.Held one : held) {
      if (one.key() != HeldKeys.CONTROL
          && !notify.found(one, hands.owners())
          && !store.found(one)) {
        one.descriptor().close();
      }
    }
  }

  private static boolean runs(World world, UnitName unit, int pid) {
    return world
        .unit(unit)
        .flatMap(Unit::run)
        .flatMap(run -> Optional.ofNullable(run.report().identity()))
        .map(identity -> Kinship.belongs(identity, pid))
        .orElse(false);
  }

  private static Optional<Identity> identity(World world, pinfold.core.BirthId birth) {
    return world
        .owner(birth)
        .flatMap(world::unit)
        .flatMap(Unit::run)
        .filter(run -> run.id().equals(birth))
        .flatMap(run -> Optional.ofNullable(run.report().identity()));
  }

  /// Tells the core everything that is left of before, then lets the keeper speak to it.
  private void recover(
      Keeper keeper, Roundup roundup, Hands hands, CoreLoop loop, EarlierKeepers earlier)
      throws InterruptedException {
    List<Fact> known = new ArrayList<>();
    List<BirthId> adopted = new ArrayList<>();
    Map<BirthId, ChildSnapshot> children = roundup.known();
    for (pinfold.state.Fact fact : remains.facts()) {
      try {
        Fact read = FactRecord.read(fact);
        known.add(read);
        hands.owns(read.id(), read.unit());
      } catch (Fields.DamagedException e) {
        LOG.log(Level.ERROR, "a fact is left alone: " + e.getMessage());
        continue;
      }
      Optional<KeeperJournal.Line.Born> born = earlier.born(fact.birth());
      if ((!fact.intended() || born.isPresent()) && !children.containsKey(fact.birth())) {
        keeper.adopt(adoption(fact, born));
        adopted.add(fact.birth());
      }
    }
    if (!adopted.isEmpty()) {
      LOG.log(Level.INFO, adopted.size() + " births of an earlier keeper are handed over");
      roundup.heardOf(adopted, PATIENCE);
      children = roundup.known();
    }
    children = endUnclaimed(keeper, roundup, earlier, children);
    List<BirthReport> reports =
        children.values().stream().map(hands::report).map(earlier::completed).toList();
    loop.tell(
        new Event.Recovered(
            new Recovery(
                remains.projects(),
                remains.units(),
                known,
                reports,
                remains.rebooted(),
                remains.interrupted())));
    earlier.forget(
        remains.facts().stream()
            .map(pinfold.state.Fact::birth)
            .collect(Collectors.toUnmodifiableSet()));
    roundup.live(hands, children);
  }

  /// Births that no fact tells of any more, or never told of: nobody can say whose they are, and a
  /// service that is started again must not find itself running. They are gone before anything
  /// starts.
  private Map<BirthId, ChildSnapshot> endUnclaimed(
      Keeper keeper, Roundup roundup, EarlierKeepers earlier, Map<BirthId, ChildSnapshot> children)
      throws InterruptedException {
    Set<BirthId> claimed =
        remains.facts().stream().map(pinfold.state.Fact::birth).collect(Collectors.toSet());
    List<BirthId> handed = new ArrayList<>();
    for (KeeperJournal.Line.Born born : earlier.unfinished()) {
      if (!claimed.contains(born.birth())
          && !children.containsKey(born.birth())
          && Stream.of(born.main(), born.warden())
              .flatMap(Optional::stream)
              .anyMatch(Startup::alive)) {
        keeper.adopt(adoption(born));
        handed.add(born.birth());
      }
    }
    roundup.heardOf(handed, PATIENCE);
    List<BirthId> unclaimed =
        roundup.known().values().stream()
            .filter(child -> !claimed.contains(child.birth()) && !child.empty())
            .map(ChildSnapshot::birth)
            .toList();
    for (BirthId birth : unclaimed) {
      LOG.log(Level.WARNING, "birth " + birth + " lives and no fact says whose it is; it is ended");
      keeper.signal(birth, Signal.KILL, KeeperEvent.Scope.ALL);
    }
    if (!roundup.emptied(unclaimed, PATIENCE)) {
      LOG.log(Level.ERROR, "what nobody claims does not end; it is ended again later");
    }
    return roundup.known();
  }

  private static boolean alive(ProcessIdentity identity) {
    try {
      return Processes.alive(identity);
    } catch (IOException _) {
      return true; // the keeper looks again
    }
  }

  /// Enough to end it: where its output went is not known.
  private static Adoption adoption(KeeperJournal.Line.Born born) {
    return new Adoption(
        born.birth(),
        born.main(),
        born.warden(),
        new Containment.Warden(),
        SpawnRequest.Output.NONE,
        Math.max(1, born.run()),
        0,
        0,
        0,
        "");
  }

  /// @param born what the earlier keeper wrote; it knew more than a fact that was never completed
  private Adoption adoption(pinfold.state.Fact fact, Optional<KeeperJournal.Line.Born> born) {
    FactRecord.Asked asked = FactRecord.asked(fact);
    boolean known = fact.main().isPresent() || born.isEmpty();
    return new Adoption(
        fact.birth(),
        known ? fact.main().map(this::identity) : born.flatMap(KeeperJournal.Line.Born::main),
        known ? fact.warden().map(this::identity) : born.flatMap(KeeperJournal.Line.Born::warden),
        asked.cgroup().isEmpty()
            ? new Containment.Warden()
            : new Containment.Cgroup(asked.cgroup()),
        born.map(KeeperJournal.Line.Born::output)
            .orElse(asked.merged() ? SpawnRequest.Output.MERGED : SpawnRequest.Output.SEPARATE),
        Math.max(1, fact.run()),
        fact.segmentBytes(),
        known ? fact.outPipe() : born.map(KeeperJournal.Line.Born::outPipe).orElse(0L),
        known ? fact.errPipe() : born.map(KeeperJournal.Line.Born::errPipe).orElse(0L),
        fact.log());
  }

  private ProcessIdentity identity(pinfold.state.Fact.Proc process) {
    return new ProcessIdentity(
        setting.bootId(), process.pid(), process.startTicks(), process.pidfsInode());
  }
}
