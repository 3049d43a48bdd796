package pinfold.core;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.contract.State;
import pinfold.contract.Wanted;
import pinfold.manifest.Manifest;
import pinfold.manifest.Probe;
import pinfold.manifest.Service;

/**
 * The real step, changes and recovery over simulated hands, keeper and kernel on a virtual clock.
 * One seed is one run, bit by bit. After every step {@link SimRules} is asked.
 */
final class Sim {
  final Random random;
  final SimDisk disk = new SimDisk();
  final Map<BirthId, SimProcess> kernel = new LinkedHashMap<>();
  final SimRules rules = new SimRules(this);
  final SimCount count;
  World world;
  private final SimSpecs specs;
  private Manifest manifest;
  private long nanos = 1_000_000_000_000L;
  private long skew;
  private long sequence;
  private int epoch;
  private int operations;
  private int pids = 100;
  private @Nullable UnitName about;
  private boolean calm;
  private final PriorityQueue<Entry> queue =
      new PriorityQueue<>(Comparator.comparingLong(Entry::at).thenComparingLong(Entry::order));
  private final Set<Long> armed = new HashSet<>();
  private final Set<ProbeKey> probes = new HashSet<>();
  private final Set<BirthId> factless = new HashSet<>();
  private final List<BirthId> past = new ArrayList<>();
  final Deque<String> trace = new ArrayDeque<>();

  /** Told of each supervisor's first world. */
  private final Consumer<World> begun;

  /** Told of each step before it is taken. */
  private final BiConsumer<Event, Moment> given;

  /**
   * Something that happens later; {@code epoch} 0 = whoever lives, else only for that supervisor.
   */
  private record Entry(long at, long order, int epoch, Runnable action) {}

  Sim(long seed, SimCount count) {
    this(seed, count, _ -> {}, (_, _) -> {});
  }

  Sim(long seed, SimCount count, Consumer<World> begun, BiConsumer<Event, Moment> given) {
    this.begun = begun;
    this.given = given;
    random = new Random(seed);
    this.count = count;
    specs = new SimSpecs(random);
    manifest = specs.manifest();
    world = World.empty(random.nextLong(), random.nextLong());
    boot(false);
  }

  // ---- time

  Moment now() {
    return new Moment(nanos, Instant.EPOCH.plusNanos(1_700_000_000_000_000_000L + nanos + skew));
  }

  private void later(long micros, Runnable action) {
    queue.add(new Entry(nanos + micros * 1000, sequence++, 0, action));
  }

  private void toSupervisor(long micros, Runnable action) {
    queue.add(new Entry(nanos + micros * 1000, sequence++, epoch, action));
  }

  boolean chance(int in) {
    return !calm && random.nextInt(in) == 0;
  }

  boolean fault(SimFault fault, int in) {
    boolean strikes = chance(in);
    if (strikes) {
      count.fault(fault);
    }
    return strikes;
  }

  /** Delivers to the supervisor, now and then late, out of order or twice. */
  private void send(Event event) {
    long delay = random.nextInt(2000);
    if (fault(SimFault.EVENT_DELAYED, 40)) {
      delay += random.nextInt(3_000_000);
    } else if (fault(SimFault.EVENT_REORDERED, 30)) {
      delay += random.nextInt(20_000);
    }
    toSupervisor(delay, () -> deliver(event));
    if (fault(SimFault.EVENT_DOUBLED, 40)) {
      toSupervisor(delay + random.nextInt(5_000_000), () -> deliver(event));
    }
  }

  // ---- the run

  /** Trouble for {@code steps} happenings, then calm, then everything is ended. */
  void run(int steps) {
    for (int i = 0; i < steps; i++) {
      if (random.nextInt(10) == 0) {
        deliver(request());
      }
      if (random.nextInt(6) == 0) {
        count.fault(SimFault.EVENT_STALE);
        Event stray = stray();
        count.about(world, about, stray);
        deliver(stray);
      }
      trouble();
      next();
    }
    calm();
  }

  private void next() {
    Entry entry = queue.poll();
    if (entry == null) {
      nanos += 1_000_000;
      return;
    }
    nanos = Math.max(nanos, entry.at());
    if (entry.epoch() == 0 || entry.epoch() == epoch) {
      entry.action().run();
    }
  }

  private void trouble() {
    if (fault(SimFault.CLOCK_FORWARD, 200)) {
      skew += 3600_000_000_000L * random.nextInt(48);
    }
    if (fault(SimFault.CLOCK_BACK, 200)) {
      skew -= 3600_000_000_000L * random.nextInt(48);
    }
    if (fault(SimFault.SUPERVISOR_DIES, 300)) {
      boot(false);
    } else if (fault(SimFault.KEEPER_DIES, 300)) {
      keeperDies();
    } else if (fault(SimFault.REBOOT, 300)) {
      kernel.clear();
      disk.facts.clear();
      boot(true);
    }
  }

  /** A death that strikes between two effects. */
  private boolean struck() {
    if (fault(SimFault.SUPERVISOR_DIES, 500)) {
      boot(false);
      return true;
    }
    if (fault(SimFault.KEEPER_DIES, 500)) {
      keeperDies();
      return true;
    }
    return false;
  }

  private void keeperDies() {
    for (SimProcess process : kernel.values()) {
      if (process.alive() && fault(SimFault.UNPROVABLE, 6)) {
        process.unprovable = true;
        BirthId id = process.launch.id();
        later(
            random.nextInt(20_000_000),
            () -> {
              process.unprovable = false; // it can be proven now, or it has gone
              if (random.nextBoolean()) {
                process.main = false;
                process.others = false;
                process.end = process.end == null ? new End.Unknown() : process.end;
                process.emptied = true;
              }
              changed(id);
            });
      } else if (process.alive() && fault(SimFault.PID_REUSED, 3)) {
        // It ended while no keeper was there, and its pid is somebody else's now: the identity does
        // not match.
        process.main = false;
        process.others = false;
        process.end = new End.Unknown();
      }
      process.endLost = true;
      process.emptied = !process.alive(); // the next one looks for itself
      if (process.failure != null && !process.alive() && process.end == null) {
        process.end = new End.Unknown();
      }
    }
    boot(false);
  }

  /** A new supervisor begins with what is on disk and what the keeper knows. */
  private void boot(boolean rebooted) {
    epoch++;
    armed.clear();
    probes.clear();
    factless.clear();
    trace("---- boot " + epoch + (rebooted ? " after reboot" : ""));
    List<BirthReport> reports = new ArrayList<>();
    kernel.values().forEach(process -> reports.add(process.report()));
    Recovery recovery = disk.recovery(reports, rebooted);
    rules.booted();
    world = World.empty(random.nextLong(), random.nextLong());
    begun.accept(world);
    deliver(new Event.Recovered(recovery));
  }

  // ---- the supervisor's step

  void deliver(Event event) {
    count.event(world, event, past);
    World before = world;
    given.accept(event, now());
    Step step = Core.step(world, event, now());
    if (trace.size() > 400) {
      trace.removeFirst();
    }
    trace(now().nanos() / 1_000_000 + " " + event);
    world = step.world();
    rules.stepped(before, event, step);
    int mine = epoch;
    for (Effect effect : step.effects()) {
      trace("      " + effect);
      execute(effect);
      if (mine != epoch || struck()) {
        return;
      }
    }
    rules.settled(before);
  }

  void trace(String line) {
    trace.add(line.length() > 600 ? line.substring(0, 600) : line);
  }

  private void execute(Effect effect) {
    switch (effect) {
      case Effect.Save save -> {
        if (fault(SimFault.SAVE_DISK_FULL, 60)) {
          rules.unsaved(save.ledger().unit());
          send(new Event.SaveFailed(save.ledger().unit(), Failure.of(Code.DISK_FULL, "disk full")));
        } else {
          rules.saved(save.ledger().unit());
          disk.ledgers.put(save.ledger().unit(), save.ledger());
        }
      }
      case Effect.SaveSpec save -> disk.specs.put(save.unit(), save.service());
      case Effect.Forget forget -> {
        disk.ledgers.remove(forget.unit());
        disk.specs.remove(forget.unit());
      }
      case Effect.SaveProject save -> disk.projects.put(save.project().name(), save.project());
      case Effect.ForgetProject forget -> disk.projects.remove(forget.project());
      case Effect.WriteFact write -> {
        BirthId id = write.fact().id();
        if (!kernel.containsKey(id)
            && disk.facts.get(id) == null
            && fault(SimFault.FACT_DISK_FULL, 20)) {
          factless.add(id);
        } else {
          disk.facts.put(id, write.fact());
        }
      }
      case Effect.ForgetFact forget -> {
        rules.forgets(forget.birth());
        disk.facts.remove(forget.birth());
      }
      case Effect.Birth birth -> spawn(birth.launch());
      case Effect.Signal signal -> {
        rules.signals(signal);
        signal(signal);
      }
      case Effect.Ack ack -> {
        rules.acknowledges(ack.birth());
        kernel.remove(ack.birth());
        past.add(ack.birth());
        if (past.size() > 50) {
          past.removeFirst();
        }
      }
      case Effect.Arm arm -> {
        armed.add(arm.timer().generation());
        queue.add(
            new Entry(
                arm.nanos(),
                sequence++,
                epoch,
                () -> {
                  if (armed.remove(arm.timer().generation())) {
                    deliver(new Event.Due(arm.timer()));
                  }
                }));
      }
      case Effect.Disarm disarm -> {
        if (!chance(10)) { // now and then it is on its way already
          armed.remove(disarm.timer().generation());
        }
      }
      case Effect.StartProbe start -> {
        probes.add(start.key());
        probe(start.key(), start.probe());
      }
      case Effect.StopProbe stop -> probes.remove(stop.key());
      case Effect.ReadPidFile read -> {
        SimProcess process = kernel.get(read.birth());
        send(
            new Event.PidFileRead(
                read.birth(),
                process != null && process.others && random.nextBoolean() ? 4711 : 0));
      }
      case Effect.Begin begin -> disk.operations.add(begin.operation());
      case Effect.Complete complete -> {
        disk.operations.remove(complete.operation());
        rules.completes(complete.operation());
      }
      case Effect.EndSupervisor _ -> boot(false);
      case Effect.EndKeeper _ -> {
        rules.keeperEnds();
        if (!calm) {
          boot(false);
        }
      }
      case Effect.OpenNotify _,
          Effect.CloseNotify _,
          Effect.DropDescriptors _,
          Effect.Note _,
          Effect.Progress _ -> {}
    }
  }

  private void probe(ProbeKey key, Probe probe) {
    toSupervisor(
        Math.max(1000, probe.interval().toNanos() / 1000) * (calm ? 20 : 1),
        () -> {
          if (probes.contains(key)) {
            boolean passes = calm || random.nextInt(4) != 0;
            if (!passes) {
              count.fault(SimFault.PROBE_FLAPS);
            }
            boolean log = probe.check() instanceof Probe.Log;
            if (!log || passes) {
              deliver(new Event.Probed(key, passes, "asked"));
            }
            if (probes.contains(key) && !(log && passes)) {
              probe(key, probe);
            }
          }
        });
  }

  // ---- the kernel and the keeper

  private void spawn(Launch launch) {
    rules.spawns(launch);
    if (factless.contains(launch.id())) {
      send(
          new Event.Child(
              BirthReport.failed(launch.id(), Failure.of(Code.DISK_FULL, "disk full"))));
      return;
    }
    if (fault(SimFault.KEEPER_REFUSES, 40)) {
      send(
          new Event.Child(
              BirthReport.failed(launch.id(), Failure.of(Code.KEEPER_REFUSED, "refused"))));
      return;
    }
    SimProcess process = new SimProcess(launch, pids++);
    kernel.put(launch.id(), process);
    process.ignoresTerm = fault(SimFault.TERM_IGNORED, 8);
    process.ignoresKill = fault(SimFault.KILL_IGNORED, 40);
    if (fault(SimFault.SPAWN_UNBORN, 30)) {
      process.unborn = true;
      process.main = false;
      process.failure = Failure.of(Code.KEEPER_REFUSED, "it could not fork");
      gone(process);
      return;
    }
    later(random.nextInt(1500), () -> changed(launch.id()));
    Runnable begins = beginning(process);
    later(
        random.nextInt(1500, 5000),
        () -> {
          if (process.main) {
            begins.run();
          }
        });
  }

  /** How its plan ends. Why it failed is known with its end or before, never after it. */
  private Runnable beginning(SimProcess process) {
    BirthId id = process.launch.id();
    if (fault(SimFault.SPAWN_FAILS, 25)) {
      return () -> {
        process.failure = Failure.of(Code.COMMAND_NOT_FOUND, "no such command");
        if (random.nextBoolean()) {
          changed(id); // its report is read before it is reaped
          later(random.nextInt(20_000), () -> diesIn(process, new End.Exited(127)));
        } else {
          diesIn(process, new End.Exited(127));
        }
      };
    }
    if (fault(SimFault.SPAWN_HANGS, 30)) {
      return () -> {
        process.failure = Failure.of(Code.START_STEP_FAILED, "its plan took too long");
        changed(id);
        later(random.nextInt(200_000), () -> diesIn(process, new End.Signalled(Signals.KILL)));
      };
    }
    if (fault(SimFault.SPAWN_KILLED, 30)) {
      return () -> {
        process.failure = Failure.of(Code.START_STEP_FAILED, "it was killed before its program");
        diesIn(process, new End.Signalled(Signals.KILL));
      };
    }
    return () -> {
      process.executed = true;
      lives(process);
      changed(id);
    };
  }

  /** The end of a process that never reached its program. */
  private void diesIn(SimProcess process, End end) {
    if (process.main) {
      process.main = false;
      process.end = process.endLost ? new End.Unknown() : end;
      gone(process);
    }
  }

  /**
   * The main process, or the last of the others, has ended: the keeper tells the end at once, and
   * that nothing is left with it or after it.
   */
  private void gone(SimProcess process) {
    if (!process.alive()) {
      if (fault(SimFault.EMPTY_LATER, 3)) {
        later(
            random.nextInt(100_000),
            () -> {
              process.emptied = true;
              changed(process.launch.id());
            });
      } else {
        process.emptied = true;
      }
    }
    changed(process.launch.id());
  }

  /** What a program does with its life. */
  private void lives(SimProcess process) {
    Service service = process.launch.service();
    if (process.launch.purpose() != Purpose.MAIN) {
      later(
          random.nextInt(2_500_000),
          () -> ends(process, new End.Exited(random.nextInt(3) == 0 ? 1 : 0), chance(6)));
      return;
    }
    boolean notifies =
        service.ready().map(Probe::check).orElse(null) instanceof Probe.Notify
            || service.live().map(Probe::check).orElse(null) instanceof Probe.Notify;
    if (notifies) {
      chat(process);
    }
    switch (random.nextInt(calm ? 3 : 7)) {
      case 0, 1, 2 -> {
        if (fault(SimFault.FORKS_AWAY, 2)) {
          later(random.nextInt(100_000), () -> ends(process, new End.Exited(0), true));
        }
      }
      case 3 ->
          later(random.nextInt(50_000), () -> ends(process, end(), fault(SimFault.LEFTOVER, 3)));
      case 4 ->
          later(random.nextInt(5_000_000), () -> ends(process, end(), fault(SimFault.LEFTOVER, 3)));
      case 5 ->
          later(
              random.nextInt(30_000_000), () -> ends(process, end(), fault(SimFault.LEFTOVER, 3)));
      default -> later(random.nextInt(1_000_000), () -> ends(process, new End.Exited(0), false));
    }
  }

  private End end() {
    return switch (random.nextInt(4)) {
      case 0 -> new End.Exited(0);
      case 1 -> new End.Signalled(11);
      default -> new End.Exited(1);
    };
  }

  private void chat(SimProcess process) {
    later(
        calm ? watched(process) : random.nextInt(1_500_000),
        () -> {
          if (!process.alive()) {
            return;
          }
          List<Notice> says = new ArrayList<>();
          says.add(calm || random.nextInt(3) != 0 ? new Notice.Ready() : notice());
          says.add(new Notice.Alive());
          if (fault(SimFault.STORED_HANGS_UP, 20)) {
            send(new Event.Notified(process.launch.id(), List.of(new Notice.Stored(0))));
          }
          if (!process.frozen && (calm || random.nextInt(8) != 0)) {
            send(new Event.Notified(process.launch.id(), says));
          }
          chat(process);
        });
  }

  /** How often a service that behaves speaks, in microseconds. */
  private long watched(SimProcess process) {
    Unit unit = look(process.launch.unit());
    long watchdog = unit == null || unit.run().isEmpty() ? 0 : unit.run().get().watchdog.toNanos();
    Probe live = process.launch.service().live().orElse(null);
    if (watchdog == 0 && live != null && live.check() instanceof Probe.Notify) {
      watchdog = live.interval().toNanos();
    }
    return watchdog == 0 ? 30_000_000 : Math.max(20_000, watchdog / 2500);
  }

  private Notice notice() {
    return switch (random.nextInt(9)) {
      case 0 -> new Notice.Ready();
      case 1 -> new Notice.Stopping();
      case 2 -> new Notice.Reloading();
      case 3 -> new Notice.Status("busy");
      case 4 -> new Notice.MainPid(77);
      case 5 -> new Notice.Trigger();
      case 6 -> new Notice.WatchdogInterval(Duration.ofSeconds(random.nextInt(4)));
      case 7 -> new Notice.ExtendTimeout(Duration.ofSeconds(2));
      default -> new Notice.Stored(random.nextInt(4));
    };
  }

  private void ends(SimProcess process, End end, boolean leaves) {
    if (!process.main || process.frozen) {
      return;
    }
    process.main = false;
    process.end = end;
    process.others = leaves;
    gone(process);
    if (leaves) {
      later(
          random.nextInt(40_000_000),
          () -> {
            if (process.others && !process.frozen) {
              process.others = false;
              gone(process);
            }
          });
    }
  }

  private void changed(BirthId id) {
    SimProcess process = kernel.get(id);
    if (process != null) {
      send(new Event.Child(process.report()));
    }
  }

  private void signal(Effect.Signal signal) {
    SimProcess process = kernel.get(signal.birth());
    boolean there =
        process != null && (signal.scope() == Scope.ALL ? process.alive() : process.main);
    send(new Event.Signalled(signal.birth(), signal.signal(), signal.scope(), there ? 0 : 3));
    if (process != null && there) {
      later(1000, () -> arrives(process, signal)); // the keeper keeps their order
    }
  }

  private void arrives(SimProcess process, Effect.Signal signal) {
    switch (signal.signal()) {
      case Signals.STOP -> process.frozen = true;
      case Signals.CONT -> {
        process.frozen = false;
        if (process.pending != 0) {
          dies(process, process.pending, true);
        }
      }
      case Signals.KILL -> {
        if (process.ignoresKill) {
          later(
              70_000_000,
              () -> {
                process.ignoresKill = false;
                dies(process, Signals.KILL, true);
              });
        } else {
          dies(process, Signals.KILL, true);
        }
      }
      default -> {
        if (process.frozen) {
          process.pending = signal.signal();
        } else if (!process.ignoresTerm && signal.signal() != 1) {
          later(
              random.nextInt(300_000),
              () -> dies(process, signal.signal(), signal.scope() == Scope.ALL));
        }
      }
    }
  }

  private void dies(SimProcess process, int signal, boolean all) {
    if (!process.alive() || (process.frozen && signal != Signals.KILL)) {
      return;
    }
    if (process.main) {
      process.main = false;
      process.end =
          signal != Signals.KILL && random.nextBoolean()
              ? new End.Exited(0)
              : new End.Signalled(signal);
      if (!process.executed) {
        process.end = new End.Signalled(signal);
      }
      process.others = !all && random.nextInt(4) == 0;
    }
    if (all) {
      process.others = false;
    }
    gone(process);
  }

  // ---- operators

  private OperationId id() {
    return new OperationId("op" + ++operations);
  }

  private Event request() {
    OperationId id = id();
    Set<UnitName> names = someUnits();
    Command command =
        switch (random.nextInt(16)) {
          case 0, 1 -> {
            if (random.nextInt(3) == 0) {
              manifest = specs.edited(manifest);
            }
            yield new Command.Apply(manifest, "text" + random.nextInt(9), specs.options(manifest));
          }
          case 2, 14 -> new Command.Run(specs.single(job()), random.nextInt(4) == 0);
          case 3 -> new Command.Start(names);
          case 4, 5 ->
              new Command.Stop(
                  names,
                  random.nextInt(3) == 0
                      ? Optional.of(Duration.ofSeconds(random.nextInt(2)))
                      : Optional.empty());
          case 6, 7 -> new Command.Restart(names, random.nextBoolean());
          case 8 -> new Command.Reload(names);
          case 9 -> new Command.Kill(names, random.nextBoolean() ? 9 : 15);
          case 10 -> {
            world.units().stream()
                .filter(unit -> unit.state() == State.RUNNING)
                .forEach(unit -> names.add(unit.name()));
            yield new Command.Pause(names);
          }
          case 11 -> new Command.Resume(names);
          case 12 -> new Command.Down(names, random.nextInt(20) == 0);
          default ->
              new Command.Cancel(
                  world.operations().isEmpty()
                      ? new OperationId("none")
                      : world.operations().get(random.nextInt(world.operations().size())).id());
        };
    return new Event.Request(id, command);
  }

  /** A name for {@code run}, rather one that waits, which lasts for a moment only. */
  private String job() {
    return world.units().stream()
        .filter(unit -> unit.state() == State.WAITING)
        .map(Unit::name)
        .filter(name -> name.project().equals(UnitName.RUN))
        .findFirst()
        .map(name -> name.service().text())
        .orElse("job" + random.nextInt(3));
  }

  private Set<UnitName> someUnits() {
    List<Unit> units = world.units();
    Set<UnitName> names = new TreeSet<>();
    if (!units.isEmpty()) {
      for (int i = random.nextInt(3); i >= 0; i--) {
        names.add(rare(units).name());
      }
    }
    return names;
  }

  /** States that last for a moment or need a rare fault, rarest first. */
  private static final List<State> RARE =
      List.of(
          State.PAUSED,
          State.BACKOFF,
          State.UNVERIFIED,
          State.STOPPING,
          State.STARTING,
          State.PREPARING);

  /** Any unit, now and then rather one in a rare state. */
  private Unit rare(List<Unit> units) {
    for (State state : RARE) {
      for (Unit unit : units) {
        if (unit.state() == state && random.nextInt(4) == 0) {
          return unit;
        }
      }
    }
    return units.get(random.nextInt(units.size()));
  }

  /** Something late, wrong or old about a unit. */
  private Event stray() {
    List<Unit> units = world.units();
    if (units.isEmpty()) {
      return new Event.Recovered(Recovery.NOTHING);
    }
    Unit unit = rare(units);
    about = unit.name();
    BirthId birth = unit.run().map(Run::id).orElse(BirthId.derive(random.nextLong(), 1, 1));
    if (!past.isEmpty() && random.nextInt(5) == 0) {
      birth = past.get(random.nextInt(past.size()));
    }
    SimProcess process = kernel.get(birth);
    return switch (random.nextInt(9)) {
      case 0 -> new Event.Child(process == null ? BirthReport.lost(birth, null) : process.report());
      case 1 -> new Event.Signalled(birth, 15, Scope.GROUP, random.nextInt(2) * 3);
      case 2 ->
          new Event.Due(
              new Timer(unit.name(), specs.pick(Timer.Kind.values()), -random.nextLong(1, 99)));
      case 3 ->
          new Event.Probed(
              new ProbeKey(birth, specs.pick(ProbeKey.Role.values())),
              random.nextBoolean(),
              "stray");
      case 4 -> new Event.Notified(birth, List.of(notice(), notice()));
      case 5 -> new Event.PidFileRead(birth, random.nextInt(2) * 99);
      case 6 -> new Event.SaveFailed(unit.name(), Failure.of(Code.DISK_FULL, "stray"));
      case 7 -> new Event.Recovered(Recovery.NOTHING);
      default ->
          random.nextInt(8) == 0 ? new Event.StandDown() : new Event.Recovered(Recovery.NOTHING);
    };
  }

  // ---- the end

  private void calm() {
    calm = true;
    kernel
        .values()
        .forEach(process -> {
          process.unprovable = false;
          process.ignoresTerm = false;
          process.ignoresKill = false;
          chat(process);
          changed(process.launch.id());
        });
    for (Unit unit : world.units()) {
      if (unit.state() == State.PAUSED) {
        deliver(new Event.Request(id(), new Command.Resume(Set.of(unit.name()))));
      }
    }
    wait(Duration.ofMinutes(4));
    rules.calm();
    deliver(new Event.Request(id(), new Command.Down(Set.of(), true)));
    wait(Duration.ofMinutes(4));
    rules.ended();
  }

  private void wait(Duration time) {
    long until = nanos + time.toNanos();
    int happenings = 0;
    while (!queue.isEmpty() && queue.peek().at() <= until && happenings++ < 20_000) {
      next();
    }
    nanos = Math.max(nanos, Math.min(until, nanos + time.toNanos()));
  }

  Map<UnitName, Integer> liveMains() {
    Map<UnitName, Integer> live = new HashMap<>();
    for (SimProcess process : kernel.values()) {
      if (process.alive() && process.launch.purpose() == Purpose.MAIN) {
        live.merge(process.launch.unit(), 1, Integer::sum);
      }
    }
    return live;
  }

  @Nullable Unit look(UnitName name) {
    return world.unit(name).orElse(null);
  }

  static boolean wanted(@Nullable Unit unit) {
    return unit != null && unit.wanted() == Wanted.UP;
  }
}
