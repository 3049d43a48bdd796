package pinfold.supervisor;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import pinfold.contract.OperationView;
import pinfold.core.Ledger;
import pinfold.core.Project;
import pinfold.core.UnitName;
import pinfold.manifest.Service;

/// What is wanted, on disk. Changes are written in the order in which they are given; no method
/// blocks.
///
/// What cannot be written is logged; the The futures complete when what has to be on disk before
/// anything else happens is there: at once where only counters changed, which may lag behind a loss
/// of power but not behind the death of the supervisor.
interface Intentions {
  CompletableFuture<@Nullable Void> save(Ledger ledger);

  CompletableFuture<@Nullable Void> saveSpec(UnitName unit, Service service);

  CompletableFuture<@Nullable Void> forget(UnitName unit);

  void saveProject(Project project);

  void forgetProject(String project);

  void operation(OperationView operation);
}
