package pinfold.core;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import pinfold.contract.Failure;

/** An operation under way. Immutable. */
public final class Operation {
  private final OperationId id;
  private final String verb;
  private final Goal goal;
  private final Instant since;
  private final Trie<UnitName, Optional<Failure>> outcomes;
  private final int pending;

  Operation(
      OperationId id,
      String verb,
      Goal goal,
      Instant since,
      Trie<UnitName, Optional<Failure>> outcomes,
      int pending) {
    this.id = id;
    this.verb = verb;
    this.goal = goal;
    this.since = since;
    this.outcomes = outcomes;
    this.pending = pending;
  }

  Operation(OperationId id, String verb, Goal goal, Instant since, int pending) {
    this(id, verb, goal, since, Trie.empty(), pending);
  }

  /** What it waits for with each unit. */
  enum Goal {
    /** Running and, where declared, ready; or ended with success; or left out. */
    UP(""),
    /** No process is left. */
    DOWN("stopped"),
    /** Signalled. */
    SIGNALLED("was signalled");

    private final String reached;

    Goal(String reached) {
      this.reached = reached;
    }

    /** What its state does not say by itself; empty = nothing. */
    String reached() {
      return reached;
    }
  }

  Operation with(UnitName unit, Optional<Failure> outcome) {
    return outcomes.get(unit) != null
        ? this
        : new Operation(id, verb, goal, since, outcomes.with(unit, outcome), pending - 1);
  }

  Goal goal() {
    return goal;
  }

  /** Its id. */
  public OperationId id() {
    return id;
  }

  /** What was asked: {@code up}, {@code stop}, … */
  public String verb() {
    return verb;
  }

  /** When it was accepted. */
  public Instant since() {
    return since;
  }

  /** How many units it still waits for. */
  public int pending() {
    return pending;
  }

  /** What became of the units that are settled: empty = as asked, else why not. */
  public Map<UnitName, Optional<Failure>> outcomes() {
    Map<UnitName, Optional<Failure>> sorted = new TreeMap<>();
    outcomes.forEach(sorted::put);
    return sorted;
  }
}
