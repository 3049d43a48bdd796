package pinfold.core;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.contract.State;
import pinfold.manifest.Dependency;
import pinfold.manifest.Dependency.Condition;
import pinfold.manifest.Manifest;
import pinfold.manifest.Probe;
import pinfold.manifest.ProjectName;
import pinfold.manifest.Service;
import pinfold.manifest.ServiceBuilder;
import pinfold.manifest.ServiceName;

/** A world on a table: events by hand, effects to look at. Not thread-safe. */
final class Desk {
  static final Probe TCP = probe(new Probe.Tcp("127.0.0.1", 80), Duration.ZERO);
  static final Probe NOTIFY = probe(new Probe.Notify(), Duration.ZERO);

  World world;
  List<Effect> effects = new ArrayList<>();
  private long nanos = 1_000_000_000_000L;
  private Instant wall = Instant.parse("2026-11-21T10:00:00Z");
  private int operations;
  private final Map<UnitName, Ledger> ledgers = new LinkedHashMap<>();
  private final Map<UnitName, Service> specs = new LinkedHashMap<>();
  private final Map<BirthId, Fact> facts = new LinkedHashMap<>();
  private final Map<String, Project> projects = new LinkedHashMap<>();
  private final Map<OperationId, Result> results = new LinkedHashMap<>();

  Desk() {
    world = World.empty(11, 22);
    tell(new Event.Recovered(Recovery.NOTHING));
  }

  // ---- specifications

  static Probe probe(Probe.Check check, Duration startPeriod) {
    return new Probe(check, Duration.ofSeconds(1), Duration.ofSeconds(1), startPeriod, 3);
  }

  static Service service(String name, UnaryOperator<ServiceBuilder> how) {
    return how.apply(
            Service.builder(
                new ServiceName(name),
                new pinfold.manifest.Command.Shell("exec " + name),
                Path.of("/srv")))
        .build();
  }

  static Service service(String name) {
    return service(name, b -> b);
  }

  static List<Dependency> on(String... names) {
    return Stream.of(names)
        .map(name -> new Dependency(new ServiceName(name), Condition.STARTED, false))
        .toList();
  }

  static List<Dependency> on(Condition condition, String... names) {
    return Stream.of(names)
        .map(name -> new Dependency(new ServiceName(name), condition, false))
        .toList();
  }

  static Manifest manifest(Service... services) {
    Map<ServiceName, Service> map = new LinkedHashMap<>();
    for (Service service : services) {
      map.put(service.name(), service);
    }
    return new Manifest(new ProjectName("shop"), Path.of("/srv/pinfold.yaml"), map);
  }

  static UnitName unit(String name) {
    return UnitName.of("shop", name);
  }

  // ---- events

  Moment now() {
    return new Moment(nanos, wall);
  }

  void pass(Duration time) {
    nanos += time.toNanos();
    wall = wall.plus(time);
  }

  /** Steps the wall clock alone. */
  void stepWall(Duration by) {
    wall = wall.plus(by);
  }

  List<Effect> tell(Event event) {
    Step step = Core.step(world, event, now());
    world = step.world();
    effects = new ArrayList<>(step.effects());
    for (Effect effect : effects) {
      if (effect instanceof Effect.Save save) {
        ledgers.put(save.ledger().unit(), save.ledger());
      } else if (effect instanceof Effect.SaveSpec save) {
        specs.put(save.unit(), save.service());
      } else if (effect instanceof Effect.Forget forget) {
        ledgers.remove(forget.unit());
      } else if (effect instanceof Effect.WriteFact write) {
        facts.put(write.fact().id(), write.fact());
      } else if (effect instanceof Effect.ForgetFact forget) {
        facts.remove(forget.birth());
      } else if (effect instanceof Effect.SaveProject save) {
        projects.put(save.project().name(), save.project());
      } else if (effect instanceof Effect.Complete complete) {
        results.put(complete.operation(), complete.result());
      }
    }
    return effects;
  }

  OperationId ask(Command command) {
    OperationId id = new OperationId("op" + ++operations);
    tell(new Event.Request(id, command));
    return id;
  }

  OperationId up(Service... services) {
    return up(ApplyOptions.ALL, services);
  }

  OperationId up(ApplyOptions options, Service... services) {
    return ask(new Command.Apply(manifest(services), "text", options));
  }

  OperationId start(String... names) {
    return ask(new Command.Start(units(names)));
  }

  OperationId stop(String... names) {
    return ask(new Command.Stop(units(names), Optional.empty()));
  }

  OperationId restart(String... names) {
    return ask(new Command.Restart(units(names), false));
  }

  static Set<UnitName> units(String... names) {
    return Set.copyOf(Stream.of(names).map(Desk::unit).toList());
  }

  /** The supervisor dies and another one finds this. */
  void recover(boolean rebooted, BirthReport... reports) {
    if (rebooted) {
      facts.clear();
    }
    List<Recovery.Remembered> remembered = new ArrayList<>();
    ledgers.forEach((name, ledger) -> {
      Service spec = specs.get(name);
      if (spec != null) {
        remembered.add(new Recovery.Remembered(ledger, spec));
      }
    });
    Recovery recovery =
        new Recovery(
            List.copyOf(projects.values()),
            remembered,
            List.copyOf(facts.values()),
            List.of(reports),
            rebooted,
            Set.of());
    world = World.empty(33 + operations, 44);
    tell(new Event.Recovered(recovery));
  }

  // ---- births

  Run run(String name) {
    return world.unit(unit(name)).orElseThrow().run().orElseThrow();
  }

  static Identity identity(int pid) {
    return new Identity(pid, pid * 10L, 0, pid + 1, pid * 10L + 1, 0, 0);
  }

  BirthReport running(String name) {
    return running(run(name).id());
  }

  static BirthReport running(BirthId id) {
    return new BirthReport(id, identity(100), true, null, null, false, false);
  }

  /** Its program was reached. */
  List<Effect> born(String name) {
    return tell(new Event.Child(running(name)));
  }

  /** They have run long enough to be believed. */
  void prove(String... names) {
    prove(Stream.of(names).map(Desk::unit).toArray(UnitName[]::new));
  }

  void prove(UnitName... names) {
    pass(Operations.TRIAL);
    for (UnitName name : names) {
      due(name, Timer.Kind.TRIAL);
    }
  }

  static BirthReport ended(BirthId id, End end, boolean empty) {
    return new BirthReport(id, identity(100), true, null, end, empty, false);
  }

  List<Effect> exit(String name, int code) {
    return tell(new Event.Child(ended(run(name).id(), new End.Exited(code), true)));
  }

  List<Effect> die(String name, int signal) {
    return tell(new Event.Child(ended(run(name).id(), new End.Signalled(signal), true)));
  }

  /** The main process ended; others of it live. */
  List<Effect> leave(String name, End end) {
    return tell(new Event.Child(ended(run(name).id(), end, false)));
  }

  List<Effect> fail(String name) {
    return tell(
        new Event.Child(
            BirthReport.failed(
                run(name).id(), Failure.of(Code.COMMAND_NOT_FOUND, "no such command"))));
  }

  /** A helper of this purpose. */
  Helper helper(String name, Purpose purpose) {
    return world.unit(unit(name)).orElseThrow().helpers.values().stream()
        .filter(helper -> helper.purpose() == purpose)
        .findFirst()
        .orElseThrow();
  }

  boolean hasHelper(String name, Purpose purpose) {
    return world.unit(unit(name)).orElseThrow().helpers.values().stream()
        .anyMatch(helper -> helper.purpose() == purpose);
  }

  List<Effect> exitHelper(String name, Purpose purpose, int code) {
    return tell(new Event.Child(ended(helper(name, purpose).id(), new End.Exited(code), true)));
  }

  List<Effect> probed(String name, ProbeKey.Role role, boolean passed) {
    return tell(new Event.Probed(new ProbeKey(run(name).id(), role), passed, "detail"));
  }

  List<Effect> ready(String name) {
    return probed(name, ProbeKey.Role.READY, true);
  }

  List<Effect> says(String name, Notice... notices) {
    return tell(new Event.Notified(run(name).id(), List.of(notices)));
  }

  /** Fires the armed timer of this kind. */
  List<Effect> due(String name, Timer.Kind kind) {
    return due(unit(name), kind);
  }

  private List<Effect> due(UnitName name, Timer.Kind kind) {
    Unit unit = world.unit(name).orElseThrow();
    Long generation = unit.timers.get(kind);
    if (generation == null) {
      throw new AssertionError(name + " has no armed " + kind + " but " + unit.timers);
    }
    return tell(new Event.Due(new Timer(unit.name(), kind, generation)));
  }

  boolean armed(String name, Timer.Kind kind) {
    return world.unit(unit(name)).orElseThrow().timers.containsKey(kind);
  }

  // ---- what is

  Unit look(String name) {
    return world.unit(unit(name)).orElseThrow();
  }

  State state(String name) {
    return look(name).state();
  }

  Optional<Result> result(OperationId id) {
    return Optional.ofNullable(results.get(id));
  }

  String code(OperationId id) {
    return result(id).orElseThrow().failure().map(Failure::code).orElse("ok");
  }

  <E extends Effect> List<E> effects(Class<E> kind) {
    return effects.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** Units of the main births of the last step. */
  List<String> births() {
    return effects(Effect.Birth.class).stream()
        .filter(birth -> birth.launch().purpose() == Purpose.MAIN)
        .map(birth -> birth.launch().unit().service().text())
        .toList();
  }

  /** Signals of the last step as {@code unit:signal:SCOPE}. */
  List<String> signals() {
    return effects(Effect.Signal.class).stream()
        .map(signal ->
            world.owner(signal.birth()).map(unit -> unit.service().text()).orElse("?")
                + ":"
                + signal.signal()
                + ":"
                + signal.scope())
        .toList();
  }
}
