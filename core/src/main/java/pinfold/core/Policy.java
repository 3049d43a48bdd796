package pinfold.core;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.contract.Json;
import pinfold.contract.State;
import pinfold.manifest.Backoff;
import pinfold.manifest.RestartBudget;
import pinfold.manifest.RestartPolicy;

/** What follows when something ended by itself: restart, how late, how often. */
final class Policy {
  /** Restarts that are kept one by one; more are joined with their neighbours. */
  static final int EXACT = 64;

  /** Beyond this many in a row the back-off has long reached its ceiling. */
  private static final int STEEPEST = 1000;

  private Policy() {}

  /** A run ended by itself, with nothing left. */
  static void ended(Turn turn, Unit unit, Run run, End end, boolean success) {
    boolean again =
        switch (unit.service.restartPolicy()) {
          case ALWAYS -> true;
          case ON_FAILURE -> !success;
          case NEVER -> false;
        };
    if (run.byOperator && again) {
      unit.again = true;
      Life.begin(turn, unit, end + " at an operator's signal: starts again");
    } else if (again) {
      again(turn, unit, run, Births.ended(unit, end, run), end.toString());
    } else if (success || run.byOperator) {
      unit.failure = null;
      turn.become(unit, State.DONE, end.toString(), "restart_policy");
    } else {
      failed(
          turn,
          unit,
          Births.ended(unit, end, run),
          end + ", and restart_policy is " + unit.service.restartPolicy().word());
    }
  }

  /** Something went wrong for which the service is answerable, whatever its exit code. */
  static void fell(Turn turn, Unit unit, @Nullable Run run, Failure failure, String what) {
    if (unit.service.restartPolicy() == RestartPolicy.NEVER) {
      failed(turn, unit, failure, what + ", and restart_policy is never");
    } else {
      again(turn, unit, run, failure, what);
    }
  }

  private static void again(Turn turn, Unit unit, @Nullable Run run, Failure failure, String what) {
    if (stable(turn, unit, run)) {
      unit.step = 0;
    }
    if (spent(turn, unit)) {
      failed(
          turn,
          unit,
          Failure.of(
                  Code.BUDGET_SPENT,
                  "service \"%s\" was restarted %d times and is left failed: %s"
                      .formatted(unit.name.service(), unit.restarts, failure.message()))
              .with("cause", failure.code())
              .with("last", (Json) failure.json()),
          what + ", and max_restarts is spent");
      return;
    }
    unit.restarts++;
    unit.again = true;
    Duration delay = delay(turn, unit);
    unit.step = Math.min(unit.step + 1, STEEPEST);
    unit.failure = failure;
    unit.needs = List.of();
    if (delay.isZero()) {
      turn.become(unit, State.WAITING, what + ": restart " + unit.restarts + " at once", "backoff");
      return;
    }
    unit.untilNanos = turn.now.after(delay);
    unit.until = turn.now.wall().plus(delay);
    turn.become(
        unit,
        State.BACKOFF,
        what + ": restart " + unit.restarts + " in " + delay.toMillis() + " ms",
        "backoff");
    turn.arm(unit, Timer.Kind.BACKOFF, delay);
  }

  /** It failed for good. */
  static void failed(Turn turn, Unit unit, Failure failure, String what) {
    unit.failure = failure;
    unit.needs = List.of();
    turn.become(
        unit,
        State.FAILED,
        what,
        failure.code().equals(Code.BUDGET_SPENT.id()) ? "max_restarts" : "restart_policy");
    Births.hook(turn, unit, Purpose.ON_FAILURE);
  }

  /** A run that lived, or was ready, long enough brings the back-off back to its beginning. */
  private static boolean stable(Turn turn, Unit unit, @Nullable Run run) {
    if (run == null) {
      return false;
    }
    long from = unit.service.ready().isPresent() ? run.readyNanos : run.executedNanos;
    return from != 0 && turn.now.nanos() - from >= Backoff.RESET_AFTER.toNanos();
  }

  /** Whether the budget is spent; if it is not, this restart is charged to it. */
  private static boolean spent(Turn turn, Unit unit) {
    return switch (unit.service.restartBudget()) {
      case RestartBudget.Unlimited _ -> false;
      case RestartBudget.Limited limited when limited.within().isEmpty() ->
          unit.restarts >= limited.count();
      case RestartBudget.Limited limited -> {
        long within = Units.nanos(limited.within().orElseThrow());
        List<Unit.Stamp> recent = new ArrayList<>(unit.recent);
        recent.removeIf(stamp -> turn.now.nanos() - stamp.nanos() >= within);
        int used = recent.stream().mapToInt(Unit.Stamp::count).sum();
        if (used < limited.count()) {
          charge(recent, turn.now, within);
        }
        unit.recent = List.copyOf(recent);
        yield used >= limited.count();
      }
    };
  }

  /**
   * Adds a restart; keeps the list short by joining it to a neighbour closer than a part of the
   * window.
   */
  private static void charge(List<Unit.Stamp> recent, Moment now, long within) {
    if (recent.size() >= EXACT && now.nanos() - recent.getLast().nanos() < within / EXACT) {
      Unit.Stamp last = recent.removeLast();
      recent.add(new Unit.Stamp(last.nanos(), last.wall(), last.count() + 1));
    } else {
      recent.add(new Unit.Stamp(now.nanos(), now.wall(), 1));
    }
  }

  private static Duration delay(Turn turn, Unit unit) {
    Backoff backoff = unit.service.backoff();
    long nanos = Units.nanos(backoff.before(unit.step));
    double part =
        backoff.jitter() * (2 * Mix.fraction(turn.jitterSeed() ^ unit.name.hashCode()) - 1);
    return Duration.ofNanos(
        (long) Math.max(0, Math.min(nanos * (1 + part), (double) Units.nanos(backoff.max()))));
  }

  /** What a remembered restart is on this boot's clock. */
  static Unit.Stamp stamp(Tally tally, Moment now) {
    Duration ago = Duration.between(tally.at(), now.wall());
    return new Unit.Stamp(now.nanos() - Units.nanos(ago), tally.at(), tally.count());
  }

  /** A remembered instant of this boot on the monotonic clock; never in the future. */
  static long nanosOf(Instant wall, Moment now) {
    return now.nanos() - Units.nanos(Duration.between(wall, now.wall()));
  }
}
