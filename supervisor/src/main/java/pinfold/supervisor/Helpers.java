package pinfold.supervisor;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.core.BirthId;
import pinfold.core.End;
import pinfold.linux.ChildSnapshot;
import pinfold.linux.Keeper;
import pinfold.linux.KeeperEvent;
import pinfold.linux.Signal;

/// Births of the supervisor's own, of which the core knows nothing: attempts of exec probes, and
/// sessions. They have no fact; a later supervisor that finds one ends it. Any thread.
final class Helpers {
  /// What became of one.
  sealed interface Outcome {
    record Ended(End end) implements Outcome {}

    record Failed(Failure failure) implements Outcome {}
  }

  private final Keeper keeper;
  private final Map<BirthId, CompletableFuture<Outcome>> under = new ConcurrentHashMap<>();

  Helpers(Keeper keeper) {
    this.keeper = keeper;
  }

  /// Expects a birth that is about to be asked for.
  CompletableFuture<Outcome> expect(BirthId birth) {
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    under.put(birth, outcome);
    return outcome;
  }

  /// It was never asked for.
  void abandon(BirthId birth) {
    under.remove(birth);
  }

  /// Ends every process of it.
  void kill(BirthId birth) {
    keeper.signal(Reports.id(birth), Signal.KILL, KeeperEvent.Scope.ALL);
  }

  boolean owns(BirthId birth) {
    return under.containsKey(birth);
  }

  /// Takes news of a birth, and says whether it is one of ours.
  boolean child(BirthId birth, ChildSnapshot child) {
    CompletableFuture<Outcome> outcome = under.get(birth);
    if (outcome == null) {
      return false;
    }
    child
        .exit()
        .ifPresent(status -> {
          outcome.complete(new Outcome.Ended(Reports.end(status)));
          if (!child.empty()) {
            kill(birth);
          }
        });
    child
        .failure()
        .ifPresent(f ->
            outcome.complete(
                new Outcome.Failed(
                    Failure.of(Code.EXEC_FAILED, "it could not be started: " + f.errno()))));
    if (child.over()) {
      under.remove(birth);
      keeper.acknowledge(child.birth());
    }
    return true;
  }

  /// Takes news of a birth, and says whether it is one of ours.
  boolean refused(BirthId birth, Failure failure) {
    CompletableFuture<Outcome> outcome = under.remove(birth);
    if (outcome != null) {
      outcome.complete(new Outcome.Failed(failure));
    }
    return outcome != null;
  }
}
