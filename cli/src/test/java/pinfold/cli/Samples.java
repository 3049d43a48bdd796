package pinfold.cli;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import pinfold.contract.ExitStatus;
import pinfold.contract.Health;
import pinfold.contract.InstanceStatus;
import pinfold.contract.OperationView;
import pinfold.contract.Progress;
import pinfold.contract.Reply;
import pinfold.contract.ServiceStatus;
import pinfold.contract.State;
import pinfold.contract.SupervisorStatus;
import pinfold.contract.Wanted;

/** Things that a supervisor says. */
final class Samples {
  private Samples() {}

  static Reply.Status status(ServiceStatus... services) {
    return new Reply.Status(
        1,
        Optional.of(
            new SupervisorStatus(100, 99, Harness.NOW.minusSeconds(60), "0.1.0", Optional.empty())),
        List.of(services));
  }

  static ServiceStatus running(String name, int pid, Optional<Health> health) {
    Optional<Instant> since = Optional.of(Harness.NOW.minusSeconds(125));
    return new ServiceStatus(
        "shop",
        name,
        "process",
        Wanted.UP,
        State.RUNNING,
        health,
        Optional.empty(),
        since,
        0,
        List.of(
            new InstanceStatus(
                1,
                Optional.of("b-" + pid),
                Optional.of(pid),
                State.RUNNING,
                health,
                since,
                Optional.empty(),
                Optional.of(12_345_678L),
                Optional.of(0.25),
                List.of("8080"))));
  }

  static ServiceStatus in(State state, String name, String reason) {
    return new ServiceStatus(
        "shop",
        name,
        "process",
        Wanted.UP,
        state,
        Optional.empty(),
        reason.isEmpty() ? Optional.empty() : Optional.of(reason),
        Optional.of(Harness.NOW.minusSeconds(3)),
        state == State.FAILED ? 10 : 0,
        List.of(
            new InstanceStatus(
                1,
                Optional.empty(),
                Optional.empty(),
                state,
                Optional.empty(),
                Optional.empty(),
                Optional.of(ExitStatus.ofCode(1)),
                Optional.empty(),
                Optional.empty(),
                List.of())));
  }

  static Reply.Release release(int pid, int keeper) {
    return new Reply.Release(
        Release.VERSION, pid, keeper, Harness.NOW, "25.0.1", 1, Optional.empty());
  }

  static Reply.Operated step(Progress progress) {
    return new Reply.Operated("op1", List.of(), Optional.of(progress), Optional.empty(), List.of());
  }

  static Progress progress(String name, State state, Optional<Health> health, String message) {
    return new Progress(
        Harness.NOW,
        Optional.of("shop"),
        Optional.of(name),
        Optional.of(1),
        Optional.of(state),
        health,
        message,
        Optional.empty());
  }

  static Reply.Operated result(
      OperationView.Outcome outcome, pinfold.contract.Failure... failures) {
    return new Reply.Operated(
        "op1",
        List.of(),
        Optional.empty(),
        Optional.of(
            new OperationView(
                "op1",
                "start",
                outcome,
                List.of("shop/api"),
                Harness.NOW.minusSeconds(2),
                Optional.of(Harness.NOW),
                "all are ready",
                List.of(failures))),
        List.of());
  }
}
