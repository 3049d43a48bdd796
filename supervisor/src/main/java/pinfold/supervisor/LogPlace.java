package pinfold.supervisor;

import pinfold.core.Purpose;
import pinfold.core.UnitName;

/// Where a birth's output goes below the log directory.
final class LogPlace {
  /// Slot of what runs beside a service: hooks, probes, `pre_start`, `pre_stop`, `skip`.
  static final String HOOK = "hook";

  private LogPlace() {}

  /// The log prefix of a birth: `shop/api/1` for the service itself, `shop/api/hook` for what runs
  /// beside it.
  static String prefix(UnitName unit, int slot, Purpose purpose) {
    return prefix(unit, purpose == Purpose.MAIN ? Integer.toString(slot) : HOOK);
  }

  static String prefix(UnitName unit, String slot) {
    return unit.project() + "/" + unit.service() + "/" + slot;
  }
}
