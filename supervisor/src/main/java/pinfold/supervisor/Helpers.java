package pinfold.supervisor;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
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

  /// One birth.
  ///
  /// @param outcome how its main process ended, or why it never began
  /// @param gone completes when no process of it is left
  /// @param lingers what its main process leaves behind is not ended at once
  /// @param words says why it could not be started
  record Helper(
      CompletableFuture<Outcome> outcome,
      CompletableFuture<@Nullable Void> gone,
      boolean lingers,
      Function<ChildSnapshot, Failure> words) {}

  private final Keeper keeper;
  private final Map<BirthId, Helper> under = new ConcurrentHashMap<>();

  Helpers(Keeper keeper) {
    this.keeper = keeper;
  }

  /// Expects a birth that is about to be asked for.
  CompletableFuture<Outcome> expect(BirthId birth) {
    return expect(birth, false, Helpers::errno).outcome();
  }

  /// Expects a birth that is about to be asked for, and whose remains are ended by the caller.
  ///
  /// @param words says why it could not be started; called on the keeper's thread
  Helper expect(BirthId birth, Function<ChildSnapshot, Failure> words) {
    return expect(birth, true, words);
  }

  private Helper expect(BirthId birth, boolean lingers, Function<ChildSnapshot, Failure> words) {
    Helper helper =
        new Helper(new CompletableFuture<>(), new CompletableFuture<>(), lingers, words);
    under.put(birth, helper);
    return helper;
  }

  private static Failure errno(ChildSnapshot child) {
    return Failure.of(
        Code.EXEC_FAILED,
        "it could not be started: "
            + child.failure().map(f -> f.errno().toString()).orElse("nobody knows why"));
  }

  /// It was never asked for.
  void abandon(BirthId birth) {
    under.remove(birth);
  }

  /// Ends every process of it.
  void kill(BirthId birth) {
    signal(birth, Signal.KILL, KeeperEvent.Scope.ALL);
  }

  /// Sends it a signal, if it is one of ours and not over.
  void signal(BirthId birth, Signal signal, KeeperEvent.Scope scope) {
    if (owns(birth)) {
      keeper.signal(Reports.id(birth), signal, scope);
    }
  }

  boolean owns(BirthId birth) {
    return under.containsKey(birth);
  }

  /// Takes news of a birth, and says whether it is one of ours.
  boolean child(BirthId birth, ChildSnapshot child) {
    Helper helper = under.get(birth);
    if (helper == null) {
      return false;
    }
    if (child.failure().isPresent()) {
      helper.outcome().complete(new Outcome.Failed(helper.words().apply(child)));
    }
    child
        .exit()
        .ifPresent(status -> {
          helper.outcome().complete(new Outcome.Ended(Reports.end(status)));
          if (!child.empty() && !helper.lingers()) {
            kill(birth);
          }
        });
    if (child.over()) {
      under.remove(birth);
      helper.gone().complete(null);
      keeper.acknowledge(child.birth());
    }
    return true;
  }

  /// Takes news of a birth, and says whether it is one of ours.
  boolean refused(BirthId birth, Failure failure) {
    Helper helper = under.remove(birth);
    if (helper != null) {
      helper.outcome().complete(new Outcome.Failed(failure));
      helper.gone().complete(null);
    }
    return helper != null;
  }
}
