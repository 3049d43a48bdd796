package pinfold.core;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Everything that the supervisor knows. Immutable: it is the snapshot that readers get. */
public final class World {
  final long seedHigh;
  final long seedLow;

  /** Births and timers made so far: the next one's number. */
  final long count;

  final Mode mode;
  final Trie<String, Project> projects;
  final Trie<UnitName, Unit> units;

  /** Births that are not over, helpers included. */
  final Trie<BirthId, UnitName> births;

  final Trie<OperationId, Operation> operations;

  World(
      long seedHigh,
      long seedLow,
      long count,
      Mode mode,
      Trie<String, Project> projects,
      Trie<UnitName, Unit> units,
      Trie<BirthId, UnitName> births,
      Trie<OperationId, Operation> operations) {
    this.seedHigh = seedHigh;
    this.seedLow = seedLow;
    this.count = count;
    this.mode = mode;
    this.projects = projects;
    this.units = units;
    this.births = births;
    this.operations = operations;
  }

  /** What the supervisor as a whole is doing. */
  public enum Mode {
    /** Nothing is known yet: {@link Event.Recovered} has to come first. */
    NEW,
    ACTIVE,
    /** {@code down --supervisor}: everything is being stopped, then the keeper. */
    ENDING,
    /** It ends and leaves the services alone. */
    STOOD_DOWN
  }

  /**
   * The world of a supervisor that has just begun.
   *
   * @param seedHigh random, different for each supervisor that ever runs here: birth ids and jitter
   *     come from it
   * @param seedLow random, like it
   */
  public static World empty(long seedHigh, long seedLow) {
    return new World(
        seedHigh, seedLow, 1, Mode.NEW, Trie.empty(), Trie.empty(), Trie.empty(), Trie.empty());
  }

  public Mode mode() {
    return mode;
  }

  public Optional<Unit> unit(UnitName name) {
    return Optional.ofNullable(units.get(name));
  }

  /** All units, by name. */
  public List<Unit> units() {
    List<Unit> all = units.values();
    all.sort(Comparator.comparing(Unit::name));
    return all;
  }

  /** Whose a birth is that is not over. */
  public Optional<UnitName> owner(BirthId birth) {
    return Optional.ofNullable(births.get(birth));
  }

  public Optional<Project> project(String name) {
    return Optional.ofNullable(projects.get(name));
  }

  /** All projects, by name. */
  public List<Project> projects() {
    List<Project> all = projects.values();
    all.sort(Comparator.comparing(Project::name));
    return all;
  }

  public Optional<Operation> operation(OperationId id) {
    return Optional.ofNullable(operations.get(id));
  }

  /** Operations under way, oldest first. */
  public List<Operation> operations() {
    List<Operation> all = operations.values();
    all.sort(Comparator.comparing(Operation::since).thenComparing(o -> o.id().text()));
    return all;
  }
}
