package pinfold.core;

import pinfold.contract.Code;
import pinfold.contract.Failure;

/** The one function that decides. */
public final class Core {
  private Core() {}

  /**
   * What an event leads to. Pure: the same arguments give the same result, on any thread; nothing
   * is waited for, read or written. Total: every event is defined in every world, what is no longer
   * current is dropped. It takes time for what the event affects, not for what there is.
   *
   * @param now on both clocks; {@link Moment#nanos()} never runs backwards from step to step
   */
  public static Step step(World world, Event event, Moment now) {
    Turn turn = new Turn(world, now);
    switch (world.mode) {
      case NEW -> {
        switch (event) {
          case Event.Recovered recovered -> Recoveries.take(turn, recovered.recovery());
          case Event.StandDown _ -> standDown(turn);
          case Event.Request request ->
              turn.act(
                  new Effect.Complete(
                      request.operation(),
                      Result.failed(
                          Failure.of(Code.BUSY, "the supervisor is still finding out what runs"))));
          case Event.Child _,
              Event.Signalled _,
              Event.Due _,
              Event.Probed _,
              Event.Notified _,
              Event.PidFileRead _,
              Event.SaveFailed _ -> {}
        }
      }
      case ACTIVE, ENDING -> active(turn, event);
      case STOOD_DOWN -> {}
    }
    return turn.finish();
  }

  private static void active(Turn turn, Event event) {
    switch (event) {
      case Event.Request request -> Requests.take(turn, request.operation(), request.command());
      case Event.Child child -> Births.report(turn, child.report());
      case Event.Signalled signalled -> Stops.signalled(turn, signalled);
      case Event.Due due -> Life.due(turn, due.timer());
      case Event.Probed probed -> Probing.probed(turn, probed);
      case Event.Notified notified -> Probing.notified(turn, notified);
      case Event.PidFileRead read -> Births.pidFile(turn, read);
      case Event.SaveFailed failed -> Life.saveFailed(turn, failed);
      case Event.Recovered _ -> {} // only the first one counts
      case Event.StandDown _ -> standDown(turn);
    }
  }

  private static void standDown(Turn turn) {
    turn.mode = World.Mode.STOOD_DOWN;
    turn.act(new Effect.EndSupervisor());
  }
}
