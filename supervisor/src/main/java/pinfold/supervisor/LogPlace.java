package pinfold.supervisor;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import pinfold.core.Purpose;
import pinfold.core.UnitName;

/// Where a birth's output goes below the log directory.
final class LogPlace {
  private static final System.Logger LOG = System.getLogger("supervisor");

  /// Slot of what runs beside a service: hooks, probes, `pre_start`, `pre_stop`, `skip`.
  static final String HOOK = "hook";

  private final Path logs;

  LogPlace(Path logs) {
    this.logs = logs;
  }

  /// Makes the folder of a prefix, which the keeper expects to find. Without one the output is
  /// lost, and the keeper says so; a service starts all the same.
  void prepare(String prefix) {
    Path folder = logs.resolve(prefix).getParent();
    if (folder == null || Files.isDirectory(folder)) {
      return;
    }
    try {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot make the log folder " + folder, e);
    }
  }

  /// The log prefix of a birth: `shop/api/1` for the service itself, `shop/api/hook` for what runs
  /// beside it.
  static String prefix(UnitName unit, int slot, Purpose purpose) {
    return prefix(unit, purpose == Purpose.MAIN ? Integer.toString(slot) : HOOK);
  }

  static String prefix(UnitName unit, String slot) {
    return unit.project() + "/" + unit.service() + "/" + slot;
  }
}
