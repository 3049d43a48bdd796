package pinfold.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import pinfold.contract.InstanceStatus;
import pinfold.contract.Json;
import pinfold.contract.Naming;
import pinfold.contract.Reply;
import pinfold.contract.ServiceStatus;
import pinfold.contract.State;
import pinfold.contract.Target;
import pinfold.contract.Wanted;
import pinfold.linux.BootId;
import pinfold.linux.Processes;
import pinfold.state.Fact;
import pinfold.state.FactStore;
import pinfold.state.Intent;
import pinfold.state.IntentStore;
import pinfold.state.Places;
import pinfold.state.ProjectIntent;
import pinfold.state.UnitIntent;

/**
 * What is recorded of services when no supervisor runs: what is wanted, and which processes still
 * live.
 *
 * @param files the manifests that projects are bound to, each with their names
 */
record OfflineStatus(List<ServiceStatus> services, Map<String, Set<String>> files) {
  /**
   * Reads files only and changes nothing.
   *
   * @throws pinfold.contract.PinfoldException where the records cannot be read
   */
  static OfflineStatus of(Places places) throws IOException {
    Intent intent = IntentStore.peek(places);
    Map<String, List<Fact>> facts = new LinkedHashMap<>();
    for (Fact fact : new FactStore(places.facts(BootId.current())).peek().facts()) {
      if (fact.purpose().equals(Fact.MAIN)) {
        facts.computeIfAbsent(fact.project() + "/" + fact.unit(), _ -> new ArrayList<>()).add(fact);
      }
    }
    List<ServiceStatus> services = new ArrayList<>();
    for (UnitIntent unit : intent.units()) {
      services.add(status(unit, facts.getOrDefault(unit.project() + "/" + unit.unit(), List.of())));
    }
    Map<String, Set<String>> files = new LinkedHashMap<>();
    for (ProjectIntent project : intent.projects()) {
      files
          .computeIfAbsent(project.manifest().toString(), _ -> new HashSet<>())
          .add(project.name());
    }
    return new OfflineStatus(List.copyOf(services), files);
  }

  /**
   * As a status without supervisor, of the services that are meant: as {@link Target} says, or all.
   *
   * @throws pinfold.contract.PinfoldException when a name fits none or several
   */
  Reply.Status only(Target target) {
    Set<String> own =
        target
            .project()
            .map(Set::of)
            .orElseGet(() -> files.getOrDefault(target.manifest().orElse(""), Set.of()));
    List<ServiceStatus> within =
        services.stream()
            .filter(service ->
                target.all()
                    || target.project().filter(p -> !p.equals(service.project())).isEmpty())
            .toList();
    Set<Naming.Name> named = new HashSet<>();
    for (String text : target.names()) {
      named.add(Naming.find(text, within.stream().map(OfflineStatus::name).toList(), own));
    }
    return new Reply.Status(
        1,
        Optional.empty(),
        within.stream()
            .filter(service ->
                target.names().isEmpty()
                    ? target.all() || own.isEmpty() || own.contains(service.project())
                    : named.contains(name(service)))
            .toList());
  }

  private static Naming.Name name(ServiceStatus service) {
    return new Naming.Name(service.project(), service.name());
  }

  /**
   * Whether processes of services may be left that nobody supervises: one lives, or a record does
   * not tell.
   *
   * @throws pinfold.contract.PinfoldException where the records cannot be read
   */
  static boolean survivors(Places places) throws IOException {
    FactStore.Found found = new FactStore(places.facts(BootId.current())).peek();
    return !found.problems().isEmpty()
        || found.facts().stream()
            .anyMatch(fact ->
                fact.intended()
                    || fact.main().filter(OfflineStatus::alive).isPresent()
                    || fact.warden().filter(OfflineStatus::alive).isPresent());
  }

  /** Whether a process of this boot still lives. */
  static boolean alive(Fact.Proc process) {
    return Processes.stat(process.pid())
        .filter(stat -> stat.startTicks() == process.startTicks() && !stat.zombie())
        .isPresent();
  }

  private static ServiceStatus status(UnitIntent unit, List<Fact> facts) {
    List<InstanceStatus> instances = new ArrayList<>();
    for (Fact fact : facts) {
      Optional<Fact.Proc> main = fact.main();
      if (main.isPresent() && alive(main.get())) {
        instances.add(
            new InstanceStatus(
                fact.slot(),
                Optional.of(fact.birth().text()),
                Optional.of(main.get().pid()),
                State.RUNNING,
                Optional.empty(),
                Optional.of(fact.since()),
                Optional.empty(),
                Processes.residentBytes(main.get().pid()),
                Optional.empty(),
                List.of()));
      }
    }
    boolean runs = !instances.isEmpty();
    State state = runs ? State.RUNNING : recorded(unit);
    Optional<String> reason =
        runs
            ? Optional.of("runs without a supervisor")
            : unit.wanted() == Wanted.UP && state == State.CREATED
                ? Optional.of("wanted, and no supervisor runs")
                : Optional.empty();
    return new ServiceStatus(
        unit.project(),
        unit.unit(),
        "process",
        unit.wanted(),
        state,
        Optional.empty(),
        reason,
        Optional.empty(),
        0,
        instances);
  }

  /** The core's ledger names a state only where it lasts beyond a supervisor. */
  private static State recorded(UnitIntent unit) {
    return unit.ledger().get("state").orElse(Json.Null.NULL) instanceof Json.Str(String name)
        ? Arrays.stream(State.values())
            .filter(state -> state.name().equals(name))
            .findFirst()
            .orElse(State.CREATED)
        : State.CREATED;
  }
}
