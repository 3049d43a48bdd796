package pinfold.supervisor;

import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import pinfold.contract.Json;
import pinfold.contract.JsonText;
import pinfold.contract.PinfoldException;
import pinfold.core.Ledger;
import pinfold.core.Recovery;
import pinfold.manifest.Canonical;
import pinfold.manifest.Manifest;
import pinfold.manifest.Parsed;
import pinfold.manifest.Service;
import pinfold.manifest.ServiceName;
import pinfold.state.Intent;
import pinfold.state.UnitIntent;

/// Reads units back from the database: their ledgers, and their specifications, which were written
/// in the words of the manifest and are parsed like one. A unit that cannot be read is said and
/// left out; its record stays.
final class Memory {
  private static final System.Logger LOG = System.getLogger("supervisor");

  private Memory() {}

  static List<Recovery.Remembered> units(Intent intent) {
    Map<String, Map<String, UnitIntent>> projects = new LinkedHashMap<>();
    for (UnitIntent unit : intent.units()) {
      if (unit.spec().isPresent()) {
        projects.computeIfAbsent(unit.project(), _ -> new LinkedHashMap<>()).put(unit.unit(), unit);
      }
    }
    List<Recovery.Remembered> all = new ArrayList<>();
    projects.forEach((project, units) -> all.addAll(project(project, units)));
    return all;
  }

  /// All units of a project at once: they may depend on each other.
  private static List<Recovery.Remembered> project(String project, Map<String, UnitIntent> units) {
    List<Recovery.Remembered> all = new ArrayList<>();
    Map<String, Json> services = new LinkedHashMap<>();
    units.forEach((name, unit) -> spec(unit).ifPresent(spec -> services.put(name, spec)));
    Json.Obj canonical =
        Json.object("services", new Json.Obj(services))
            .with("x-pinfold", Json.object("file", Json.of("/pinfold.yaml")));
    Parsed parsed = Canonical.read(canonical);
    for (UnitIntent unit : units.values()) {
      service(unit, parsed).flatMap(service -> remembered(unit, service)).ifPresent(all::add);
    }
    if (parsed.manifest().isEmpty()) {
      LOG.log(
          Level.WARNING,
          "the units of " + project + " do not fit together: " + parsed.failure().message());
    }
    return all;
  }

  /// From the project as a whole, else by itself.
  private static Optional<Service> service(UnitIntent unit, Parsed project) {
    ServiceName name = new ServiceName(unit.unit());
    Optional<Manifest> manifest = project.manifest();
    if (manifest.isEmpty()) {
      Json.Obj spec = spec(unit).orElse(Json.Obj.EMPTY).with("depends_on", Json.Arr.EMPTY);
      manifest = Canonical.service(name, spec, Path.of("/")).manifest();
    }
    Optional<Service> service = manifest.flatMap(m -> m.service(name));
    if (service.isEmpty()) {
      LOG.log(
          Level.ERROR,
          "the specification of " + unit.project() + "/" + unit.unit() + " cannot be read");
    }
    return service;
  }

  private static Optional<Json.Obj> spec(UnitIntent unit) {
    try {
      return unit.spec()
          .map(JsonText::read)
          .flatMap(json -> json instanceof Json.Obj spec ? Optional.of(spec) : Optional.empty());
    } catch (PinfoldException e) {
      LOG.log(
          Level.ERROR,
          "the specification of " + unit.project() + "/" + unit.unit() + " is damaged",
          e);
      return Optional.empty();
    }
  }

  private static Optional<Recovery.Remembered> remembered(UnitIntent unit, Service service) {
    try {
      Ledger ledger = LedgerRecord.read(unit);
      return Optional.of(new Recovery.Remembered(ledger, service));
    } catch (Fields.DamagedException e) {
      LOG.log(
          Level.ERROR, "the record of " + unit.project() + "/" + unit.unit() + " is damaged", e);
      return Optional.empty();
    }
  }
}
