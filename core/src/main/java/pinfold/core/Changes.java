package pinfold.core;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import pinfold.contract.Change;
import pinfold.contract.Change.Action;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.contract.State;
import pinfold.contract.Wanted;
import pinfold.manifest.Dependency;
import pinfold.manifest.Manifest;
import pinfold.manifest.Service;
import pinfold.manifest.ServiceName;

/**
 * What {@code up} would do: {@code diff} shows it, {@code up} does it and nothing else.
 *
 * @param changes one per service that takes part or is to be removed, in the order of the manifest,
 *     removals last
 * @param refused why nothing of it may be done; empty = it may
 */
public record Changes(List<Change> changes, Optional<Failure> refused) {
  public Changes {
    changes = List.copyOf(changes);
  }

  /** Something would happen. */
  public boolean any() {
    return changes.stream().anyMatch(change -> change.action() != Action.KEEP);
  }

  /** What would happen to the world if this part of the manifest were applied to it. */
  public static Changes between(World world, Manifest manifest, ApplyOptions options) {
    String project = manifest.project().text();
    Optional<Project> bound = world.project(project);
    if (bound.isPresent()
        && !options.adopt()
        && !bound.get().file().equals(manifest.file().toString())) {
      return new Changes(
          List.of(),
          Optional.of(
              Failure.of(
                      Code.PROJECT_BOUND,
                      "project \"%s\" belongs to %s".formatted(project, bound.get().file()))
                  .with("file", manifest.file().toString())
                  .tryNext("pinfold up --adopt")));
    }
    for (ServiceName name : options.only()) {
      if (manifest.service(name).isEmpty()) {
        return new Changes(
            List.of(),
            Optional.of(
                Failure.of(
                    Code.NO_SUCH_SERVICE,
                    "%s has no service \"%s\"".formatted(manifest.file(), name))));
      }
    }
    List<Change> changes = new ArrayList<>();
    for (ServiceName name : selected(world, manifest, options)) {
      Service service = manifest.service(name).orElseThrow();
      changes.add(change(world, new UnitName(project, name), service, options));
    }
    if (options.remove()) {
      for (Unit unit : world.units()) {
        if (unit.name.project().equals(project)
            && manifest.service(unit.name.service()).isEmpty()) {
          changes.add(change(unit.name, Action.REMOVE, List.of(), "the manifest no longer has it"));
        }
      }
    }
    for (Unit unit : world.units()) {
      String name = unit.name.project();
      if (left(world, name, manifest, options)) {
        String reason = "the manifest no longer has project \"" + name + "\"";
        changes.add(change(unit.name, Action.REMOVE, List.of(), reason));
      }
    }
    return new Changes(changes, Optional.empty());
  }

  /** Whether another project has left the manifest's file, as when it was given another name. */
  private static boolean left(
      World world, String project, Manifest manifest, ApplyOptions options) {
    return !options.declared().isEmpty()
        && !options.declared().contains(project)
        && !project.equals(manifest.project().text())
        && world
            .project(project)
            .filter(there -> there.file().equals(manifest.file().toString()))
            .isPresent();
  }

  /** The services that take part: those named or in an active profile, and what they depend on. */
  static Set<ServiceName> selected(World world, Manifest manifest, ApplyOptions options) {
    String project = manifest.project().text();
    Deque<ServiceName> open = new ArrayDeque<>();
    for (Service service : manifest.services().values()) {
      boolean takesPart =
          options.only().isEmpty()
              ? service.profiles().isEmpty()
                  || !Collections.disjoint(service.profiles(), options.profiles())
                  || (options.keepStopped()
                      && world.unit(new UnitName(project, service.name())).isPresent())
              : options.only().contains(service.name());
      if (takesPart) {
        open.add(service.name());
      }
    }
    Set<ServiceName> closure = new LinkedHashSet<>();
    while (!open.isEmpty()) {
      ServiceName name = open.removeFirst();
      if (closure.add(name)) {
        manifest
            .service(name)
            .ifPresent(service ->
                service.dependsOn().stream().map(Dependency::service).forEach(open::add));
      }
    }
    Set<ServiceName> ordered = new LinkedHashSet<>(manifest.services().keySet());
    ordered.retainAll(closure);
    return ordered;
  }

  private static Change change(World world, UnitName name, Service service, ApplyOptions options) {
    Unit unit = world.units.get(name);
    if (unit == null) {
      return change(name, Action.CREATE, List.of(), "it is new");
    }
    Differences differences = Differences.between(unit.service, service);
    if (rests(unit, options)) {
      return differences.fields().isEmpty()
          ? change(name, Action.KEEP, List.of(), "nothing differs, and it was stopped")
          : change(
              name,
              Action.UPDATE,
              differences.fields(),
              words(differences.fields()) + " changed, and it was stopped");
    }
    boolean began = unit.live() || unit.state == State.PREPARING;
    if (began && !differences.launch().isEmpty()) {
      return change(
          name,
          Action.RECREATE,
          differences.fields(),
          String.join(", ", differences.launch()) + " changed");
    }
    if (began && options.recreate()) {
      return change(name, Action.RECREATE, differences.fields(), "--recreate");
    }
    if (restsDone(unit) && (options.recreate() || !differences.launch().isEmpty())) {
      return change(
          name, Action.START, differences.fields(), "it ended with success and runs anew");
    }
    if (startable(unit)) {
      return change(name, Action.START, differences.fields(), "it " + Gates.state(unit));
    }
    if (!differences.fields().isEmpty()) {
      return change(
          name,
          Action.UPDATE,
          differences.fields(),
          words(differences.fields()) + " changed, which running processes need not notice");
    }
    return change(name, Action.KEEP, List.of(), "nothing differs, and it " + Gates.state(unit));
  }

  private static String words(List<Change.Field> fields) {
    return String.join(", ", fields.stream().map(Change.Field::key).toList());
  }

  /** It was stopped, and nobody asks for its start. */
  static boolean rests(Unit unit, ApplyOptions options) {
    return options.keepStopped() && unit.wanted == Wanted.DOWN;
  }

  /** It ended with success and is wanted: it is as it should be. */
  static boolean restsDone(Unit unit) {
    return unit.state == State.DONE && unit.wanted == Wanted.UP;
  }

  private static boolean startable(Unit unit) {
    return switch (unit.state) {
      case CREATED, FAILED, BACKOFF, PAUSED -> true;
      case DONE -> unit.wanted == Wanted.DOWN;
      case SKIPPED -> unit.wanted == Wanted.DOWN || unit.needs.isEmpty();
      case STOPPING -> unit.aim == Aim.STOP || unit.aim == Aim.REMOVE;
      case WAITING, PREPARING, STARTING, RUNNING, UNVERIFIED -> unit.wanted == Wanted.DOWN;
    };
  }

  private static Change change(
      UnitName name, Action action, List<Change.Field> fields, String reason) {
    return new Change(name.project(), name.service().text(), action, fields, reason);
  }
}
