package pinfold.supervisor;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import pinfold.contract.Failure;
import pinfold.core.BirthId;
import pinfold.core.BirthReport;
import pinfold.core.End;
import pinfold.core.Identity;
import pinfold.core.Scope;
import pinfold.linux.ChildSnapshot;
import pinfold.linux.ExitStatus;
import pinfold.linux.KeeperEvent;
import pinfold.linux.ProcessIdentity;

/// What the keeper says of a birth, in the core's words.
final class Reports {
  private Reports() {}

  /// @param failure in words; given exactly when the snapshot has one
  static BirthReport of(ChildSnapshot child, @Nullable Failure failure) {
    return new BirthReport(
        id(child.birth()),
        identity(child),
        child.exec(),
        failure,
        child.exit().map(Reports::end).orElse(null),
        child.empty(),
        false);
  }

  static BirthId id(pinfold.linux.BirthId birth) {
    return new BirthId(birth.uuid());
  }

  static pinfold.linux.BirthId id(BirthId birth) {
    return new pinfold.linux.BirthId(birth.value());
  }

  static End end(ExitStatus status) {
    return switch (status) {
      case ExitStatus.Exited(int code) -> new End.Exited(code);
      case ExitStatus.Killed(pinfold.linux.Signal signal, _) -> new End.Signalled(signal.number());
      case ExitStatus.Unknown() -> new End.Unknown();
    };
  }

  private static @Nullable Identity identity(ChildSnapshot child) {
    Optional<ProcessIdentity> main = child.main();
    if (main.isEmpty()) {
      return null;
    }
    Optional<ProcessIdentity> warden = child.warden();
    return new Identity(
        main.get().pid(),
        main.get().startTicks(),
        main.get().pidfsInode(),
        warden.map(ProcessIdentity::pid).orElse(0),
        warden.map(ProcessIdentity::startTicks).orElse(0L),
        child.outPipe(),
        child.errPipe());
  }

  static Scope scope(KeeperEvent.Scope scope) {
    return switch (scope) {
      case MAIN -> Scope.MAIN;
      case GROUP -> Scope.GROUP;
      case ALL -> Scope.ALL;
    };
  }

  static KeeperEvent.Scope scope(Scope scope) {
    return switch (scope) {
      case MAIN -> KeeperEvent.Scope.MAIN;
      case GROUP -> KeeperEvent.Scope.GROUP;
      case ALL -> KeeperEvent.Scope.ALL;
    };
  }
}
