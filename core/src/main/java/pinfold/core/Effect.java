package pinfold.core;

import static java.util.Objects.requireNonNull;

import pinfold.manifest.Probe;
import pinfold.manifest.Service;

/**
 * What is to be done about it. The effects of one step are in an order that must be kept where it
 * matters: what is saved is durable before a later birth, signal or acknowledgement of the same
 * step or a following one is sent. Effects of different units are independent. No effect may block
 * the core.
 */
public sealed interface Effect {
  /** Remember a unit. Failure: {@link Event.SaveFailed}. */
  record Save(Ledger ledger) implements Effect {
    public Save {
      requireNonNull(ledger, "ledger is null");
    }
  }

  /** Remember a unit's specification: it was applied. */
  record SaveSpec(UnitName unit, Service service) implements Effect {}

  /** Remember no more of a unit. */
  record Forget(UnitName unit) implements Effect {}

  /** Remember a project's binding and text. */
  record SaveProject(Project project) implements Effect {}

  /** Remember no more of a project. */
  record ForgetProject(String project) implements Effect {}

  /**
   * Write a fact. When that fails for a birth not yet made, the birth is not made: {@link
   * BirthReport#failed}.
   */
  record WriteFact(Fact fact) implements Effect {}

  /** Remove a fact. */
  record ForgetFact(BirthId birth) implements Effect {}

  /** Make a birth; its fact was written before. Answered by {@link Event.Child}. */
  record Birth(Launch launch) implements Effect {}

  /** Send a signal. Answered by {@link Event.Signalled}. */
  record Signal(BirthId birth, int signal, Scope scope) implements Effect {}

  /** The end of a birth is recorded: the keeper may forget it. */
  record Ack(BirthId birth) implements Effect {}

  /**
   * Deliver {@link Event.Due} with this timer at an instant. Timers are told apart by their
   * generation alone.
   *
   * @param nanos on the clock of {@link Moment#nanos()}
   */
  record Arm(Timer timer, long nanos) implements Effect {}

  /** Do not deliver it. */
  record Disarm(Timer timer) implements Effect {}

  /**
   * Ask again and again, the first time at once; deliver each answer as {@link Event.Probed}. Never
   * of kind {@link Probe.Notify}. Of {@link Probe.Log}: one answer, when a line of this run
   * matches.
   */
  record StartProbe(ProbeKey key, Launch launch, Probe probe) implements Effect {}

  /** Ask no more. */
  record StopProbe(ProbeKey key) implements Effect {}

  /**
   * Make the notify socket of a birth; always before the birth itself, so that it exists before the
   * first instruction. Again for one that was taken over: a socket that is there stays.
   */
  record OpenNotify(BirthId birth, UnitName unit) implements Effect {}

  /** Remove the notify socket of a birth. */
  record CloseNotify(BirthId birth) implements Effect {}

  /** Close what the service stored with FDSTORE: it was stopped on purpose. */
  record DropDescriptors(UnitName unit) implements Effect {}

  /**
   * Read a pid file (absolute path) and find its process among those of the birth. Answered by
   * {@link Event.PidFileRead}.
   */
  record ReadPidFile(BirthId birth, String file) implements Effect {}

  /** A unit's state, health or cause changed: for the journal and for whoever watches. */
  record Note(UnitName unit, Cause cause) implements Effect {}

  /** An operation was accepted: record it. */
  record Begin(OperationId operation, String verb) implements Effect {}

  /** An operation came a step further with one unit. */
  record Progress(OperationId operation, UnitName unit, String text) implements Effect {}

  /** An operation ended. */
  record Complete(OperationId operation, Result result) implements Effect {}

  /** Everything is stopped: end the keeper, then the supervisor. */
  record EndKeeper() implements Effect {}

  /** End the supervisor and leave everything else as it is. */
  record EndSupervisor() implements Effect {}
}
