package pinfold.supervisor;

import java.util.Optional;
import pinfold.core.Identity;
import pinfold.linux.ProcessStat;
import pinfold.linux.Processes;

/// Tells whether a process belongs to a birth: everything that a service started descends from its
/// warden, whatever it did to get away, because the warden is its subreaper. Any thread.
final class Kinship {
  /// Deeper than any real tree; ends the walk when processes move about under it.
  private static final int GENERATIONS = 1024;

  private Kinship() {}

  /// Whether `pid` lives and belongs to this birth. The warden itself does not.
  static boolean belongs(Identity birth, int pid) {
    if (pid == birth.wardenPid()) {
      return false;
    }
    int root = birth.wardenPid() > 0 ? birth.wardenPid() : birth.pid();
    int at = pid;
    for (int i = 0; i < GENERATIONS && at > 1; i++) {
      if (at == root) {
        return true;
      }
      Optional<ProcessStat> stat = Processes.stat(at).filter(found -> !found.zombie());
      if (stat.isEmpty()) {
        return false;
      }
      at = stat.get().parent();
    }
    return false;
  }
}
