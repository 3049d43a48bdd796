package pinfold.core;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import pinfold.manifest.Service;

/** What survives the supervisor. */
final class SimDisk {
  final Map<UnitName, Ledger> ledgers = new LinkedHashMap<>();
  final Map<UnitName, Service> specs = new LinkedHashMap<>();
  final Map<BirthId, Fact> facts = new LinkedHashMap<>();
  final Map<String, Project> projects = new LinkedHashMap<>();
  final Set<OperationId> operations = new LinkedHashSet<>();

  Recovery recovery(List<BirthReport> reports, boolean rebooted) {
    List<Recovery.Remembered> units = new ArrayList<>();
    ledgers.forEach((name, ledger) -> {
      Service spec = specs.get(name);
      if (spec != null) {
        units.add(new Recovery.Remembered(ledger, spec));
      }
    });
    return new Recovery(
        List.copyOf(projects.values()),
        units,
        List.copyOf(facts.values()),
        reports,
        rebooted,
        Set.copyOf(operations));
  }
}
