package pinfold.core;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The current (or last) run of an instance: one main birth. Owned by the {@link Unit} that holds it
 * and by its rule: a step changes only a copy of its own.
 */
public final class Run implements Cloneable {
  final BirthId id;
  final int number;
  final int generation;
  final Instant asked;
  BirthReport report;

  /** When its program was reached; 0 = not yet. */
  long executedNanos;

  /** When it last became ready; 0 = it is not. */
  long readyNanos;

  @Nullable Instant readySince;
  boolean everReady;
  boolean forked;

  /** How often the descendants of a forked daemon were looked at; 0 = within the grace. */
  int forkChecks;

  int mainPid;
  int readyFailures;
  int liveFailures;
  boolean probingReady;
  boolean probingLive;
  boolean notify;

  /** Longest silence of the watchdog; zero = it is off. */
  Duration watchdog = Duration.ZERO;

  /** The service set its watchdog itself. */
  boolean watchdogSet;

  boolean reloading;

  /** It said READY=1 before its start was reported. */
  boolean earlyReady;

  /** Its end follows a signal of an operator ({@code kill}): the budget does not pay for it. */
  boolean byOperator;

  /** The last signal that was sent to end it; 0 = none. */
  int stopSignal;

  /** That signal went to every process of it, not only to its group. */
  boolean signalledAll;

  /** A later start hook is due: on_start and on_restart run once per run. */
  boolean announced;

  /** It began in place of an earlier one. */
  boolean again;

  Run(BirthId id, int number, int generation, Instant asked) {
    this.id = id;
    this.number = number;
    this.generation = generation;
    this.asked = asked;
    this.report = BirthReport.asked(id);
  }

  Run copy() {
    try {
      return (Run) clone();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  /** Its birth. */
  public BirthId id() {
    return id;
  }

  /** Its run number, from 1. */
  public int number() {
    return number;
  }

  /** All that is known of its birth. */
  public BirthReport report() {
    return report;
  }

  /** When it was asked for. */
  public Instant asked() {
    return asked;
  }

  /** When it last became ready; null = it is not. */
  public @Nullable Instant readySince() {
    return readySince;
  }

  /** Its main process is gone and its descendants are the service. */
  public boolean forked() {
    return forked;
  }

  /** The process that counts as its main one; 0 when none is known. */
  public int mainPid() {
    if (mainPid != 0) {
      return mainPid;
    }
    Identity identity = report.identity();
    return forked || report.end() != null || identity == null ? 0 : identity.pid();
  }
}
