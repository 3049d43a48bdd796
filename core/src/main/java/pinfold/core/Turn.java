package pinfold.core;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import pinfold.contract.State;
import pinfold.contract.Wanted;
import pinfold.manifest.Dependency;

/**
 * The workbench of one step: copies of the units that it touches, and the effects that it wants. It
 * lives for one call of {@link Core#step}, on one thread; what it leaves behind is immutable.
 *
 * <p>Rules are level-triggered: whatever changes a unit marks it unsettled, and {@link #settle}
 * lets it and then its neighbours look at the world again until nobody has anything to do. A rule
 * therefore needs no memory of what it was waiting for.
 */
final class Turn {
  final Moment now;
  World.Mode mode;
  Trie<String, Project> projects;
  Trie<BirthId, UnitName> births;
  Trie<OperationId, Operation> operations;

  private final World base;
  private Trie<UnitName, Unit> units;
  private long count;
  private final Map<UnitName, Unit> edited = new LinkedHashMap<>();
  private final LinkedHashSet<UnitName> unsettled = new LinkedHashSet<>();
  private final Map<UnitName, Seen> seen = new HashMap<>();
  private final List<Effect> durable = new ArrayList<>();
  private final List<Effect> acts = new ArrayList<>();
  private final List<Effect> last = new ArrayList<>();

  /** What others can see of a unit: when it changes, they look again. */
  private record Seen(
      State state, Health health, Wanted wanted, @Nullable Aim aim, Unit.Stage stage) {
    static Seen of(Unit unit) {
      return new Seen(unit.state, unit.health, unit.wanted, unit.aim, unit.stage);
    }
  }

  Turn(World base, Moment now) {
    this.base = base;
    this.now = now;
    mode = base.mode;
    projects = base.projects;
    units = base.units;
    births = base.births;
    operations = base.operations;
    count = base.count;
  }

  /** The world before this step. */
  World before() {
    return base;
  }

  // ---- units

  /** As it is now, to be read. */
  @Nullable Unit look(UnitName name) {
    Unit mine = edited.get(name);
    return mine != null ? mine : units.get(name);
  }

  /** This step's copy, to be changed; it will be settled. */
  @Nullable Unit edit(UnitName name) {
    Unit mine = edited.get(name);
    if (mine == null) {
      Unit there = units.get(name);
      if (there == null) {
        return null;
      }
      mine = there.copy();
      edited.put(name, mine);
    }
    unsettled.add(name);
    return mine;
  }

  void add(Unit unit) {
    edited.put(unit.name, unit);
    units = units.with(unit.name, unit);
    unsettled.add(unit.name);
  }

  /** Forgets a unit; births that it still has are ended without it. */
  void drop(Unit unit) {
    List.copyOf(unit.helpers.keySet()).forEach(this::killAll);
    List.copyOf(unit.timers.keySet()).forEach(kind -> disarm(unit, kind));
    unit.helpers.values().forEach(helper -> disarm(unit.name, helper));
    propagate(unit);
    for (Dependency dependency : unit.service.dependsOn()) {
      unlink(unit.name, of(unit, dependency));
    }
    edited.remove(unit.name);
    unsettled.remove(unit.name);
    units = units.without(unit.name);
    durable.add(new Effect.Forget(unit.name));
    act(new Effect.DropDescriptors(unit.name));
    Operations.gone(this, unit);
    if (!unit.name.project().equals(UnitName.RUN) && projectEmpty(unit.name.project())) {
      projects = projects.without(unit.name.project());
      durable.add(new Effect.ForgetProject(unit.name.project()));
    }
  }

  private boolean projectEmpty(String project) {
    return units.values().stream().noneMatch(unit -> unit.name.project().equals(project));
  }

  static UnitName of(Unit unit, Dependency dependency) {
    return new UnitName(unit.name.project(), dependency.service());
  }

  void link(UnitName dependent, UnitName dependency) {
    Unit there = look(dependency);
    Unit unit = there == null || there.dependents.contains(dependent) ? null : edit(dependency);
    if (unit != null) {
      java.util.TreeSet<UnitName> more = new java.util.TreeSet<>(unit.dependents);
      more.add(dependent);
      unit.dependents = java.util.Collections.unmodifiableSortedSet(more);
    }
  }

  void unlink(UnitName dependent, UnitName dependency) {
    Unit there = look(dependency);
    if (there != null && there.dependents.contains(dependent)) {
      Unit unit = edit(dependency);
      if (unit != null) {
        java.util.TreeSet<UnitName> fewer = new java.util.TreeSet<>(unit.dependents);
        fewer.remove(dependent);
        unit.dependents = java.util.Collections.unmodifiableSortedSet(fewer);
      }
    }
  }

  List<Unit> all() {
    List<Unit> all = new ArrayList<>();
    units.forEach((name, unit) -> all.add(edited.getOrDefault(name, unit)));
    all.sort(java.util.Comparator.comparing(Unit::name));
    return all;
  }

  // ---- settling

  void unsettle(UnitName name) {
    unsettled.add(name);
  }

  /**
   * Something that this unit depends on, however indirectly, has not looked at the world yet.
   * Dependencies have no cycle.
   */
  boolean unsettledBelow(Unit unit) {
    if (unsettled.isEmpty()) {
      return false;
    }
    Set<UnitName> visited = new HashSet<>();
    Deque<Unit> open = new ArrayDeque<>(List.of(unit));
    while (!open.isEmpty()) {
      Unit at = open.removeFirst();
      for (Dependency dependency : at.service.dependsOn()) {
        UnitName name = of(at, dependency);
        if (unsettled.contains(name)) {
          return true;
        }
        Unit there = look(name);
        if (there != null && visited.add(name)) {
          open.add(there);
        }
      }
    }
    return false;
  }

  /** Lets every unsettled unit look at the world again, until all are content. */
  void settle() {
    while (!unsettled.isEmpty()) {
      UnitName name = unsettled.removeFirst();
      Unit unit = edit(name);
      unsettled.remove(name);
      if (unit == null) {
        continue;
      }
      Seen shown = Seen.of(unit); // what neighbours may have seen since it was touched
      Life.settle(this, unit);
      if (edited.get(name) != unit) {
        continue; // dropped
      }
      Operations.settle(this, unit);
      if (Stops.overForGood(unit)) {
        Stops.begin(this, unit, Aim.REMOVE, null, "was to run once, and ended", null);
        continue;
      }
      Seen is = Seen.of(unit);
      Unit before = base.units.get(name);
      Seen was = seen.getOrDefault(name, before == null ? null : Seen.of(before));
      if (!is.equals(was) || !is.equals(shown)) {
        seen.put(name, is);
        propagate(unit);
        if (Operations.hopeless(unit)) {
          despair(unit);
        }
      }
    }
  }

  /** Bad news passes through all who wait, also indirectly: an operation may be waiting in vain. */
  private void despair(Unit unit) {
    Set<UnitName> visited = new HashSet<>();
    Deque<Unit> above = new ArrayDeque<>(List.of(unit));
    while (!above.isEmpty()) {
      for (UnitName name : above.removeFirst().dependents) {
        Unit there = look(name);
        if (there != null && there.state == State.WAITING && visited.add(name)) {
          unsettled.add(name);
          above.add(there);
        }
      }
    }
  }

  private void propagate(Unit unit) {
    unsettled.addAll(unit.dependents);
    // A stop waits for whoever depends on the unit, also through units that do not run.
    Set<UnitName> visited = new HashSet<>();
    Deque<Unit> below = new ArrayDeque<>(List.of(unit));
    while (!below.isEmpty()) {
      Unit at = below.removeFirst();
      for (Dependency dependency : at.service.dependsOn()) {
        UnitName name = of(at, dependency);
        Unit there = look(name);
        if (there != null && visited.add(name)) {
          if (there.stage == Unit.Stage.ORDER) {
            unsettled.add(name);
          }
          if (!there.live()) {
            below.add(there);
          }
        }
      }
    }
  }

  // ---- effects

  void act(Effect effect) {
    acts.add(effect);
  }

  void remember(Effect effect) {
    durable.add(effect);
  }

  void killAll(BirthId birth) {
    act(new Effect.Signal(birth, Signals.KILL, Scope.ALL));
  }

  /** Nothing more comes of a birth: the keeper and the run directory may forget it. */
  void over(BirthId birth) {
    births = births.without(birth);
    last.add(new Effect.ForgetFact(birth));
    last.add(new Effect.Ack(birth));
  }

  BirthId nextBirth(UnitName owner) {
    BirthId id = BirthId.derive(base.seedHigh, base.seedLow, count++);
    births = births.with(id, owner);
    return id;
  }

  long jitterSeed() {
    return base.seedLow ^ count;
  }

  void arm(Unit unit, Timer.Kind kind, Duration delay) {
    disarm(unit, kind);
    long generation = count++;
    unit.timers = unit.timersWith(kind, generation);
    act(new Effect.Arm(new Timer(unit.name, kind, generation), now.after(delay)));
  }

  void disarm(Unit unit, Timer.Kind kind) {
    Long generation = unit.timers.get(kind);
    if (generation != null) {
      unit.timers = unit.timersWith(kind, null);
      act(new Effect.Disarm(new Timer(unit.name, kind, generation)));
    }
  }

  long armHook(UnitName unit, Duration delay) {
    long generation = count++;
    act(new Effect.Arm(new Timer(unit, Timer.Kind.HOOK, generation), now.after(delay)));
    return generation;
  }

  void disarm(UnitName unit, Helper helper) {
    if (helper.timer() != 0) {
      act(new Effect.Disarm(new Timer(unit, Timer.Kind.HOOK, helper.timer())));
    }
  }

  /** The unit enters a state, and why. */
  void become(Unit unit, State state, String what, String key, @Nullable UnitName because) {
    unit.state = state;
    unit.since = now.wall();
    if (!unit.live()) {
      unit.health = Health.UNDECLARED;
    }
    note(unit, what, key, because);
  }

  void become(Unit unit, State state, String what, String key) {
    become(unit, state, what, key, null);
  }

  /** Something worth knowing happened to the unit. */
  void note(Unit unit, String what, String key, @Nullable UnitName because) {
    Cause cause =
        new Cause(now.wall(), unit.state, unit.health, what, key, Optional.ofNullable(because));
    unit.cause = cause;
    act(new Effect.Note(unit.name, cause));
  }

  // ---- the end of the step

  Step finish() {
    settle();
    if (mode == World.Mode.ENDING) {
      Requests.maybeEnd(this);
    }
    Trie<UnitName, Unit> after = units;
    for (Unit unit : edited.values()) {
      Unit before = base.units.get(unit.name);
      Ledger ledger = ledger(unit);
      if (unit.unsaved || before == null || !ledger.equals(ledger(before))) {
        unit.unsaved = false;
        durable.add(new Effect.Save(ledger));
      }
      Map<BirthId, Fact> old = before == null ? Map.of() : facts(before, base.births);
      facts(unit, births)
          .forEach((id, fact) -> {
            if (!fact.equals(old.get(id))) {
              durable.add(new Effect.WriteFact(fact));
            }
          });
      after = after.with(unit.name, unit);
    }
    List<Effect> effects = new ArrayList<>(durable.size() + acts.size() + last.size());
    effects.addAll(durable);
    effects.addAll(acts);
    effects.addAll(last);
    return new Step(
        new World(base.seedHigh, base.seedLow, count, mode, projects, after, births, operations),
        effects);
  }

  static Ledger ledger(Unit unit) {
    boolean kept =
        switch (unit.state) {
          case DONE, FAILED, SKIPPED -> true;
          case CREATED,
              WAITING,
              PREPARING,
              STARTING,
              RUNNING,
              STOPPING,
              BACKOFF,
              PAUSED,
              UNVERIFIED ->
              false;
        };
    List<Tally> recent = new ArrayList<>(unit.recent.size());
    unit.recent.forEach(stamp -> recent.add(new Tally(stamp.wall(), stamp.count())));
    return new Ledger(
        unit.name,
        unit.generation,
        unit.wanted,
        unit.once,
        kept ? unit.state : State.CREATED,
        unit.end,
        kept ? unit.failure : null,
        unit.runs,
        unit.restarts,
        recent,
        unit.step,
        kept ? unit.since : Instant.EPOCH);
  }

  static Map<BirthId, Fact> facts(Unit unit, Trie<BirthId, UnitName> births) {
    Map<BirthId, Fact> facts = new HashMap<>();
    Run run = unit.run;
    if (run != null && births.get(run.id) != null) {
      facts.put(
          run.id,
          new Fact(
              run.id,
              unit.name,
              1,
              Purpose.MAIN,
              run.number,
              run.generation,
              run.report.identity(),
              run.report.executed(),
              run.report.end(),
              unit.health,
              unit.aim,
              unit.paused,
              run.forked,
              run.mainPid,
              run.asked,
              run.readySince));
    }
    for (Helper helper : unit.helpers.values()) {
      BirthReport report = helper.report();
      facts.put(
          helper.id(),
          new Fact(
              helper.id(),
              unit.name,
              1,
              helper.purpose(),
              helper.run(),
              helper.purpose() == Purpose.MAIN ? 0 : unit.generation,
              report.identity(),
              report.executed(),
              report.end(),
              Health.UNDECLARED,
              null,
              false,
              false,
              0,
              helper.asked(),
              null));
    }
    return facts;
  }
}
