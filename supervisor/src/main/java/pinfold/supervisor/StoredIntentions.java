package pinfold.supervisor;

import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import pinfold.contract.Failure;
import pinfold.contract.Json;
import pinfold.contract.JsonText;
import pinfold.contract.OperationView;
import pinfold.contract.State;
import pinfold.core.Ledger;
import pinfold.core.Project;
import pinfold.core.UnitName;
import pinfold.manifest.Canonical;
import pinfold.manifest.Service;
import pinfold.state.IntentChange;
import pinfold.state.IntentStore;
import pinfold.state.OperationRecord;
import pinfold.state.ProjectIntent;

/// What is wanted, in the database of the state directory.
final class StoredIntentions implements Intentions {
  private static final System.Logger LOG = System.getLogger("supervisor");
  private static final CompletableFuture<@Nullable Void> AT_ONCE =
      CompletableFuture.completedFuture(null);

  /// Operations that are kept, besides those under way.
  static final int OPERATIONS = 1000;

  /// After so many that ended, what is too old goes.
  private static final int TIDY = 100;

  private final IntentStore store;
  private final AtomicLong ended = new AtomicLong();

  /// The last ledger of each unit that was given to the store.
  private final Map<UnitName, Ledger> ledgers = new ConcurrentHashMap<>();

  StoredIntentions(IntentStore store) {
    this.store = store;
  }

  @Override
  public CompletableFuture<@Nullable Void> save(Ledger ledger) {
    UnitName unit = ledger.unit();
    Ledger before = ledgers.put(unit, ledger);
    CompletableFuture<@Nullable Void> write =
        write(
            new IntentChange.PutLedger(
                unit.project(),
                unit.service().text(),
                ledger.wanted(),
                LedgerRecord.write(ledger)));
    if (before != null && counted(before, ledger)) {
      logged(write);
      return AT_ONCE;
    }
    return write;
  }

  /// Whether only what was counted differs: what a person wants and what is launched is the same.
  private static boolean counted(Ledger before, Ledger after) {
    return before.wanted() == after.wanted()
        && before.once() == after.once()
        && before.generation() == after.generation()
        && (before.state() == State.FAILED) == (after.state() == State.FAILED);
  }

  @Override
  public CompletableFuture<@Nullable Void> saveSpec(UnitName unit, Service service) {
    return write(
        new IntentChange.PutSpec(
            unit.project(), unit.service().text(), JsonText.write(Canonical.json(service))));
  }

  @Override
  public CompletableFuture<@Nullable Void> forget(UnitName unit) {
    ledgers.remove(unit);
    return write(new IntentChange.DropUnit(unit.project(), unit.service().text()));
  }

  @Override
  public void saveProject(Project project) {
    ProjectIntent intent =
        new ProjectIntent(project.name(), Path.of(project.file()), project.source(), Instant.now());
    logged(write(new IntentChange.PutProject(intent)));
  }

  @Override
  public void forgetProject(String project) {
    logged(write(new IntentChange.DropProject(project)));
  }

  @Override
  public void operation(OperationView view) {
    Optional<Failure> failure = view.failures().stream().findFirst();
    OperationRecord record =
        new OperationRecord(
            view.operation(),
            view.kind(),
            Json.object("targets", Json.strings(view.targets())),
            view.stage(),
            OperationRecord.State.valueOf(view.state().name()),
            view.started(),
            view.ended(),
            failure,
            Json.Obj.EMPTY);
    logged(write(new IntentChange.PutOperation(record)));
    if (view.ended().isPresent() && ended.incrementAndGet() % TIDY == 0) {
      logged(write(new IntentChange.KeepOperations(OPERATIONS)));
    }
  }

  private CompletableFuture<@Nullable Void> write(IntentChange change) {
    return store.write(List.of(change));
  }

  private static void logged(CompletableFuture<@Nullable Void> write) {
    var _ = write.whenComplete(StoredIntentions::logged);
  }

  private static void logged(@Nullable Void nothing, @Nullable Throwable failure) {
    if (failure != null) {
      LOG.log(Level.ERROR, "what is wanted cannot be saved", failure);
    }
  }
}
