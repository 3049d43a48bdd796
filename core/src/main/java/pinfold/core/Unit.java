package pinfold.core;

import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import pinfold.contract.Failure;
import pinfold.contract.State;
import pinfold.contract.Wanted;
import pinfold.manifest.Service;

/**
 * A unit: one service, what is wanted of it, and its instance. Immutable for everybody who got it
 * from a {@link World}: only the step that made this copy writes its fields, before the world that
 * holds it is returned. (Fields instead of a record because a step changes a few of forty.)
 */
public final class Unit implements Cloneable {
  final UnitName name;
  Service service;
  int generation = 1;
  Wanted wanted = Wanted.DOWN;

  /** It is forgotten as soon as it ended for good. */
  boolean once;

  State state = State.CREATED;
  Health health = Health.UNDECLARED;
  Instant since;
  @Nullable Run run;
  int runs;
  int restarts;
  List<Stamp> recent = List.of();
  int step;
  @Nullable End end;
  @Nullable Failure failure;
  List<Need> needs = List.of();
  Map<BirthId, Helper> helpers = Map.of();
  Map<Timer.Kind, Long> timers = Map.of();

  /** When the armed back-off ends; meaningless without one. */
  long untilNanos;

  @Nullable Instant until;

  /** A stop is asked for and waits for dependents or is under way; null = none. */
  @Nullable Aim aim;

  /** How far the stop is. */
  Stage stage = Stage.NONE;

  /** How long this stop's polite part may take; null = {@code stop_timeout}. */
  java.time.@Nullable Duration patience;

  boolean paused;

  /** {@code skip} and {@code pre_start} have been passed for the start under way. */
  Prepared prepared = Prepared.NOTHING;

  /** The next start replaces a run: its hooks are on_restart's. */
  boolean again;

  boolean unsaved;
  String status = "";
  int descriptors;
  @Nullable Cause cause;
  Set<OperationId> operations = Set.of();

  /** Who depends on it, whether or not the unit itself is known to depend on others. */
  SortedSet<UnitName> dependents = java.util.Collections.emptySortedSet();

  Unit(UnitName name, Service service, Instant since) {
    this.name = name;
    this.service = service;
    this.since = since;
  }

  Unit copy() {
    try {
      Unit copy = (Unit) clone();
      if (run != null) {
        copy.run = run.copy();
      }
      return copy;
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  /** How far a stop is. */
  enum Stage {
    NONE,
    /** Dependents stop first. */
    ORDER,
    PRE_STOP,
    /** The stop signal was sent. */
    SIGNAL,
    /** KILL was sent. */
    KILL,
    /** KILL did not end it. */
    STUCK
  }

  /** How far the preparation of a start is. */
  enum Prepared {
    NOTHING,
    SKIP,
    ALL
  }

  /** An instant on both clocks: counted on one, remembered on the other. */
  record Stamp(long nanos, Instant wall, int count) {}

  Map<Timer.Kind, Long> timersWith(Timer.Kind kind, @Nullable Long generation) {
    EnumMap<Timer.Kind, Long> copy = new EnumMap<>(Timer.Kind.class);
    copy.putAll(timers);
    if (generation == null) {
      copy.remove(kind);
    } else {
      copy.put(kind, generation);
    }
    return copy;
  }

  /** Its name. */
  public UnitName name() {
    return name;
  }

  /** Its specification as last applied; a run born from an older one is being replaced. */
  public Service service() {
    return service;
  }

  /** What the operator wants. */
  public Wanted wanted() {
    return wanted;
  }

  /** What it is doing. */
  public State state() {
    return state;
  }

  /** Whether it can be used; {@link Health#UNDECLARED} when it does not run. */
  public Health health() {
    return health;
  }

  /** A main process of it may exist. */
  public boolean live() {
    return switch (state) {
      case STARTING, RUNNING, STOPPING, PAUSED, UNVERIFIED -> true;
      case CREATED, WAITING, PREPARING, BACKOFF, DONE, FAILED, SKIPPED -> false;
    };
  }

  /** When it entered its state. */
  public Instant since() {
    return since;
  }

  /** Its current run, or the last one; empty before the first and after a restart of the host. */
  public Optional<Run> run() {
    return Optional.ofNullable(run);
  }

  /** Restarts by policy since the last explicit start. */
  public int restarts() {
    return restarts;
  }

  /** How its last run ended; empty when none ended yet. */
  public Optional<End> end() {
    return Optional.ofNullable(end);
  }

  /** Why it is FAILED or SKIPPED, or what is wrong with the stop under way. */
  public Optional<Failure> failure() {
    return Optional.ofNullable(failure);
  }

  /**
   * What it waits for: its dependencies while WAITING or SKIPPED, its dependents while a stop is
   * asked.
   */
  public List<Need> needs() {
    return needs;
  }

  /** When BACKOFF ends; empty in every other state. */
  public Optional<Instant> until() {
    return state == State.BACKOFF ? Optional.ofNullable(until) : Optional.empty();
  }

  /** Why it is being ended; empty = it is not. */
  public Optional<Aim> aim() {
    return Optional.ofNullable(aim);
  }

  /** What the service last said with {@code STATUS=}; empty = nothing. */
  public String status() {
    return status;
  }

  /** How many descriptors it had stored when it last stored or removed one. */
  public int descriptors() {
    return descriptors;
  }

  /** Why it is as it is now; empty before anything happened. What led there is in the journal. */
  public Optional<Cause> cause() {
    return Optional.ofNullable(cause);
  }

  /** Who depends on it. */
  public SortedSet<UnitName> dependents() {
    return dependents;
  }
}
