package pinfold.supervisor;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.contract.PinfoldException;
import pinfold.core.BirthId;
import pinfold.core.BirthReport;
import pinfold.core.Effect;
import pinfold.core.Event;
import pinfold.core.Fact;
import pinfold.core.Launch;
import pinfold.core.Ledger;
import pinfold.core.Purpose;
import pinfold.core.Unit;
import pinfold.core.UnitName;
import pinfold.core.World;
import pinfold.linux.ChildSnapshot;
import pinfold.linux.Fd;
import pinfold.linux.Keeper;
import pinfold.linux.KeeperEvent;
import pinfold.linux.Signal;
import pinfold.state.FactStore;

/// Carries out what the core wants, and tells it what came of it.
///
/// Effects of one unit are carried out in their order on the unit's lane; what is to be saved is on
/// disk before what follows from it is begun. Nothing here decides anything.
final class Hands implements CoreLoop.Hands, Keeper.Listener {
  private static final System.Logger LOG = System.getLogger("supervisor");

  private final Keeper keeper;
  private final Births births;
  private final FactStore facts;
  private final Intentions intentions;
  private final Probes probes;
  private final NotifySockets notify;
  private final Chronicle chronicle;
  private final Helpers helpers;
  private final LogBounds logs;
  private final Consumer<Event> core;
  private final Consumer<Ending> ending;
  private final Runnable shutdown;
  private final BiPredicate<BirthId, Integer> belongs;
  private final Lanes<Object> lanes;
  private final Rest rest = Rest.ofThisProcess();

  /// Whose each birth is that was asked for and is not acknowledged.
  private final Map<BirthId, UnitName> owners = new ConcurrentHashMap<>();

  /// Births whose fact could not be written: they are not made.
  private final Set<BirthId> unwritten = ConcurrentHashMap.newKeySet();

  /// What was asked to be saved and nothing has waited for yet, by lane.
  private final Map<Object, CompletableFuture<@Nullable Void>> unsettled =
      new ConcurrentHashMap<>();

  /// @param shutdown the keeper was asked to end: stop everything
  /// @param belongs whether a process lives and is part of a birth
  Hands(
      Keeper keeper,
      Births births,
      FactStore facts,
      Intentions intentions,
      Probes probes,
      NotifySockets notify,
      Chronicle chronicle,
      Helpers helpers,
      LogBounds logs,
      Lanes<Object> lanes,
      Consumer<Event> core,
      Consumer<Ending> ending,
      Runnable shutdown,
      BiPredicate<BirthId, Integer> belongs) {
    this.keeper = keeper;
    this.births = births;
    this.facts = facts;
    this.intentions = intentions;
    this.probes = probes;
    this.notify = notify;
    this.chronicle = chronicle;
    this.helpers = helpers;
    this.logs = logs;
    this.lanes = lanes;
    this.core = core;
    this.ending = ending;
    this.shutdown = shutdown;
    this.belongs = belongs;
  }

  /// A birth of an earlier supervisor, so that its effects find its lane.
  void owns(BirthId birth, UnitName unit) {
    owners.put(birth, unit);
  }

  /// Whose each birth is.
  Map<BirthId, UnitName> owners() {
    return Map.copyOf(owners);
  }

  @Override
  public void dropped(Event event, Throwable bug) {
    chronicle.dropped(event, bug);
  }

  /// What is done comes before what is said of it: a log line takes as long as a spawn request.
  @Override
  public void carryOut(List<Effect> effects, World world) {
    effects.stream().filter(effect -> !said(effect)).forEach(effect -> carryOut(effect, world));
    effects.stream().filter(Hands::said).forEach(effect -> carryOut(effect, world));
  }

  /// Whether it tells somebody, or ends this supervisor once all were told.
  private static boolean said(Effect effect) {
    return effect instanceof Effect.Note
        || effect instanceof Effect.Begin
        || effect instanceof Effect.Progress
        || effect instanceof Effect.Complete
        || effect instanceof Effect.EndKeeper
        || effect instanceof Effect.EndSupervisor;
  }

  private void carryOut(Effect effect, World world) {
    switch (effect) {
      case Effect.Save(Ledger ledger) ->
          lanes.run(ledger.unit(), () -> saved(ledger.unit(), intentions.save(ledger)));
      case Effect.SaveSpec(UnitName unit, var service) ->
          lanes.run(unit, () -> saved(unit, intentions.saveSpec(unit, service)));
      case Effect.Forget(UnitName unit) ->
          lanes.run(
              unit,
              () -> {
                saved(unit, intentions.forget(unit));
                settle(unit);
                births.forget(unit);
              });
      case Effect.SaveProject(var project) -> intentions.saveProject(project);
      case Effect.ForgetProject(String project) -> intentions.forgetProject(project);
      case Effect.WriteFact(Fact fact) -> {
        owners.put(fact.id(), fact.unit());
        FactRecord.Asked asked = asked(fact, world);
        // Of several in a row the last says it all; one before a birth or a signal stays before
        // it.
        lanes.update(
            fact.unit(),
            fact.id(),
            () -> {
              settle(fact.unit());
              write(fact, asked);
            });
      }
      case Effect.ForgetFact(BirthId birth) -> lanes.run(lane(birth), () -> forget(birth));
      case Effect.Birth(Launch launch) -> {
        owners.put(launch.id(), launch.unit());
        act(launch.unit(), () -> make(launch));
      }
      case Effect.Signal(BirthId birth, int signal, var scope) ->
          act(
              lane(birth),
              () -> keeper.signal(Reports.id(birth), new Signal(signal), Reports.scope(scope)));
      case Effect.Ack(BirthId birth) -> {
        Object lane = lane(birth);
        UnitName owner = owners.remove(birth);
        lanes.run(lane, () -> keeper.acknowledge(Reports.id(birth)));
        if (owner != null) {
          logs.checkLater(owner);
        }
        rest.soon(); // many restarts in a row are a busy moment, too
      }
      case Effect.StartProbe(var key, Launch launch, var probe) -> probes.start(key, launch, probe);
      case Effect.StopProbe(var key) -> probes.stop(key);
      case Effect.OpenNotify(BirthId birth, UnitName unit) ->
          act(unit, () -> notify.open(birth, unit));
      case Effect.CloseNotify(BirthId birth) -> lanes.run(lane(birth), () -> notify.close(birth));
      case Effect.DropDescriptors(UnitName unit) -> act(unit, () -> notify.drop(unit));
      case Effect.ReadPidFile(BirthId birth, String file) ->
          lanes.run(lane(birth), () -> pidFile(birth, file));
      case Effect.Note(UnitName unit, var cause) -> chronicle.note(unit, cause, world);
      case Effect.Begin(var operation, String verb) -> chronicle.begin(operation, verb);
      case Effect.Progress(var operation, UnitName unit, String text) ->
          chronicle.progress(operation, unit, text, world);
      case Effect.Complete(var operation, var result) ->
          lanes.run(
              operation,
              () -> {
                chronicle.complete(operation, result);
                rest.soon();
              });
      case Effect.EndKeeper() -> ending.accept(Ending.ALL);
      case Effect.EndSupervisor() -> ending.accept(Ending.STANDBY);
      case Effect.Arm _, Effect.Disarm _ -> throw new AssertionError("timers belong to the loop");
    }
  }

  /// Asked for now, waited for by whatever on the unit's lane is the first that acts: what is saved
  /// in a row becomes durable together. A failure is told to the core before that.
  private void saved(UnitName unit, CompletableFuture<@Nullable Void> write) {
    CompletableFuture<@Nullable Void> told =
        write.handle((_, failure) -> {
          if (failure != null) {
            core.accept(new Event.SaveFailed(unit, unsaved(unit, failure)));
          }
          return null;
        });
    unsettled.merge(unit, told, (before, now) -> CompletableFuture.allOf(before, now));
  }

  private void act(Object lane, Runnable task) {
    lanes.run(
        lane,
        () -> {
          settle(lane);
          task.run();
        });
  }

  /// Waits until what was saved before on this lane is on disk.
  private void settle(Object lane) {
    CompletableFuture<@Nullable Void> writes = unsettled.remove(lane);
    if (writes != null) {
      writes.join();
    }
  }

  private static Failure unsaved(UnitName unit, @Nullable Throwable cause) {
    return cause instanceof PinfoldException known
        ? known.failure()
        : Failure.of(
            Code.STATE_WRITE_FAILED, "what is wanted of " + unit + " cannot be saved: " + cause);
  }

  private Object lane(BirthId birth) {
    UnitName owner = owners.get(birth);
    return owner == null ? birth : owner;
  }

  private static FactRecord.Asked asked(Fact fact, World world) {
    long segment =
        world.unit(fact.unit()).map(Unit::service).map(s -> s.logs().maxSize().bytes()).orElse(0L);
    boolean merged = fact.purpose() != Purpose.MAIN;
    return new FactRecord.Asked(
        LogPlace.prefix(fact.unit(), fact.slot(), fact.purpose()), "", segment, merged);
  }

  private void write(Fact fact, FactRecord.Asked asked) {
    try {
      facts.write(FactRecord.write(fact, asked));
    } catch (PinfoldException e) {
      LOG.log(Level.ERROR, "a fact cannot be written", e);
      if (fact.identity() == null && fact.end() == null) {
        unwritten.add(fact.id());
        core.accept(new Event.Child(BirthReport.failed(fact.id(), e.failure())));
      }
    }
  }

  private void forget(BirthId birth) {
    births.settled(birth);
    unwritten.remove(birth);
    try {
      facts.forget(Reports.id(birth));
    } catch (PinfoldException e) {
      // The next supervisor finds the fact, sees that the birth is over, and removes it then.
      LOG.log(Level.WARNING, "a fact cannot be removed", e);
    }
  }

  private void make(Launch launch) {
    if (unwritten.contains(launch.id())) {
      return;
    }
    births
        .make(launch)
        .ifPresent(
            failure -> core.accept(new Event.Child(BirthReport.failed(launch.id(), failure))));
  }

  private void pidFile(BirthId birth, String file) {
    int pid = 0;
    try {
      pid = PidFile.read(Path.of(file)).filter(found -> belongs.test(birth, found)).orElse(0);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "pid file " + file, e);
    }
    core.accept(new Event.PidFileRead(birth, pid));
  }

  @Override
  public void event(KeeperEvent event) {
    switch (event) {
      case KeeperEvent.Child(ChildSnapshot child) -> child(child);
      case KeeperEvent.Signalled s -> {
        BirthId birth = Reports.id(s.birth());
        if (!helpers.owns(birth)) {
          core.accept(
              new Event.Signalled(
                  birth, s.signal().number(), Reports.scope(s.scope()), s.errno().number()));
        }
      }
      case KeeperEvent.Held held -> held.descriptor().close();
      case KeeperEvent.PidfdIs is -> is.pidfd().ifPresent(Fd::close);
      case KeeperEvent.Log log ->
          log(Optional.ofNullable(owners.get(Reports.id(log.birth()))), log);
      case KeeperEvent.Shutdown(Signal signal) -> {
        LOG.log(Level.INFO, "the keeper was asked to end by " + signal + ": everything is stopped");
        shutdown.run();
      }
      case KeeperEvent.Refused refused -> refused(refused);
      case KeeperEvent.Lost(String reason) -> {
        LOG.log(Level.ERROR, "the keeper is lost: " + reason);
        ending.accept(Ending.KEEPER_LOST);
      }
      case KeeperEvent.Welcome _, KeeperEvent.Fetched _, KeeperEvent.Stats _ -> {}
    }
  }

  private void log(Optional<UnitName> unit, KeeperEvent.Log log) {
    chronicle.log(unit, log);
    switch (log.kind()) {
      // Without a unit it is the supervisor's own, or of what ran beside a service.
      case ROTATED -> unit.ifPresentOrElse(logs::check, logs::checkAll);
      case FULL -> logs.free();
      case RESUMED, FAILED -> {}
    }
  }

  private void child(ChildSnapshot child) {
    BirthId birth = Reports.id(child.birth());
    if (!helpers.child(birth, child)) {
      core.accept(new Event.Child(report(child)));
    }
    if (child.exec() || child.exit().isPresent() || child.empty()) {
      births.settled(birth); // after the report, whose words may come from the plan
    }
  }

  /// What the keeper says of a child, with the reason in words when it failed.
  BirthReport report(ChildSnapshot child) {
    UnitName unit = owners.get(Reports.id(child.birth()));
    Failure failure =
        child
            .failure()
            .map(f ->
                unit == null
                    ? Failure.of(
                        Code.START_STEP_FAILED, "a process could not be started: " + f.errno())
                    : births.failure(unit, child, f))
            .orElse(null);
    return Reports.of(child, failure);
  }

  private void refused(KeeperEvent.Refused refused) {
    if (refused.births().isEmpty()) {
      LOG.log(Level.WARNING, "the keeper refused a request: " + refused.errno());
    }
    for (pinfold.linux.BirthId id : refused.births()) {
      BirthId birth = Reports.id(id);
      births.settled(birth);
      Failure failure =
          Failure.of(Code.KEEPER_REFUSED, "the keeper refused the birth: " + refused.errno())
              .with("errno", refused.errno().symbol());
      if (!helpers.refused(birth, failure)) {
        core.accept(new Event.Child(BirthReport.failed(birth, failure)));
      }
    }
  }
}
