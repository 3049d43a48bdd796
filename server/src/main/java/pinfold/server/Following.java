package pinfold.server;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import pinfold.contract.Change;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.contract.Json;
import pinfold.contract.OperationView;
import pinfold.contract.Progress;
import pinfold.contract.Reply;
import pinfold.supervisor.Operations;

/// Tells a client of an operation, step by step, until it ends or the client has waited long
/// enough. The operation does not care.
final class Following {
  private final Replies replies;

  Following(Replies replies) {
    this.replies = replies;
  }

  /// Answers with all of it.
  ///
  /// @param changes what it is going to change
  /// @param names services that it made
  /// @param noWait answer as soon as it is accepted
  /// @param timeout how long to wait for its end
  void follow(
      Operations.Entry operation,
      List<Change> changes,
      List<String> names,
      boolean noWait,
      Optional<Duration> timeout)
      throws IOException, InterruptedException {
    String id = operation.view().operation();
    Reply.Operated first =
        new Reply.Operated(id, changes, Optional.empty(), Optional.empty(), names);
    if (noWait) {
      replies.last(first);
      return;
    }
    replies.next(first);
    long end = timeout.map(t -> System.nanoTime() + t.toNanos()).orElse(0L);
    int told = 0;
    while (true) {
      long seen = operation.bell().count();
      boolean over = operation.over();
      for (Progress progress : operation.steps(told)) {
        told++;
        replies.next(
            new Reply.Operated(id, List.of(), Optional.of(progress), Optional.empty(), List.of()));
      }
      if (over) {
        end(operation.view(), replies.more() ? List.of() : changes, names);
        return;
      }
      long left = timeout.isPresent() ? end - System.nanoTime() : Long.MAX_VALUE;
      if (left <= 0) {
        replies.failed(tooLong(operation.view(), timeout.orElse(Duration.ZERO)));
        return;
      }
      operation.bell().await(seen, left);
    }
  }

  private void end(OperationView view, List<Change> changes, List<String> names)
      throws IOException {
    if (view.state() == OperationView.Outcome.DONE) {
      replies.last(
          new Reply.Operated(
              view.operation(), changes, Optional.empty(), Optional.of(view), names));
    } else {
      replies.failed(failure(view).with("operation", view.operation()));
    }
  }

  /// One failure as it is, several as the parts of one.
  static Failure failure(OperationView view) {
    List<Failure> failures = view.failures();
    if (failures.size() == 1) {
      return failures.getFirst();
    }
    if (failures.isEmpty()) {
      return Failure.of(Code.OPERATION_FAILED, "the operation " + view.kind() + " failed");
    }
    return Failure.of(
            Code.OPERATION_FAILED,
            "the operation " + view.kind() + " failed for " + failures.size() + " services")
        .with("problems", Json.array(failures.stream().map(Failure::json).toList()));
  }

  private static Failure tooLong(OperationView view, Duration timeout) {
    return Failure.of(
            Code.TIMED_OUT,
            "the operation "
                + view.kind()
                + " did not end within "
                + seconds(timeout)
                + " and goes on")
        .with("operation", view.operation())
        .tryNext("pinfold ops show " + view.operation())
        .tryNext("pinfold status");
  }

  private static String seconds(Duration time) {
    return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
  }
}
