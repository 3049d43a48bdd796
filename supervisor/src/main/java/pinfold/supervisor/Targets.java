package pinfold.supervisor;

import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import pinfold.contract.Code;
import pinfold.contract.Naming;
import pinfold.contract.PinfoldException;
import pinfold.contract.Target;
import pinfold.core.Project;
import pinfold.core.Unit;
import pinfold.core.UnitName;
import pinfold.core.World;

/// Finds the units that a call means. Nothing is expanded or abbreviated; what fits several is an
/// error that lists them.
public final class Targets {
  private final World world;
  private final Target target;

  private Targets(World world, Target target) {
    this.world = world;
    this.target = target;
  }

  /// The units of a call that reads: without a name, a project or a manifest that is known, all
  /// there are.
  ///
  /// @throws PinfoldException when a name fits none or several
  public static SortedSet<UnitName> read(World world, Target target) {
    return new Targets(world, target).find(true);
  }

  /// The units of a call that changes something: it has to be clear which.
  ///
  /// @throws PinfoldException when a name fits none or several, or nothing says which are meant
  public static SortedSet<UnitName> change(World world, Target target) {
    return new Targets(world, target).find(false);
  }

  /// The one unit of a call that can only mean one.
  ///
  /// @throws PinfoldException as [#change], and when it is more than one
  public static UnitName one(World world, Target target) {
    SortedSet<UnitName> found = change(world, target);
    if (found.size() != 1) {
      throw PinfoldException.of(Code.NO_TARGET, "one service has to be named, not " + found.size());
    }
    return found.first();
  }

  private SortedSet<UnitName> find(boolean reading) {
    SortedSet<UnitName> found = new TreeSet<>();
    if (target.all()) {
      world.units().forEach(unit -> found.add(unit.name()));
      return found;
    }
    for (String name : target.names()) {
      found.add(named(name));
    }
    if (!target.profiles().isEmpty()) {
      found.addAll(profiles());
    }
    if (!target.names().isEmpty() || !target.profiles().isEmpty()) {
      return found;
    }
    Set<String> projects = projects();
    if (!projects.isEmpty()) {
      return units(projects);
    }
    if (reading) {
      world.units().forEach(unit -> found.add(unit.name()));
      return found;
    }
    if (target.manifest().isPresent()) {
      return found;
    }
    throw PinfoldException.of(Code.NO_TARGET, "it is not clear which services are meant");
  }

  private Set<UnitName> profiles() {
    Set<String> projects = projects();
    SortedSet<UnitName> found = new TreeSet<>();
    for (Unit unit : world.units()) {
      boolean within = projects.isEmpty() || projects.contains(unit.name().project());
      if (within && unit.service().profiles().stream().anyMatch(target.profiles()::contains)) {
        found.add(unit.name());
      }
    }
    return found;
  }

  /// The projects that the call stands in: the one that is named, or those that are bound to the
  /// caller's manifest.
  private Set<String> projects() {
    if (target.project().isPresent()) {
      Set<String> named = Set.of(target.project().get());
      if (world.project(target.project().get()).isEmpty() && units(named).isEmpty()) {
        throw PinfoldException.of(
            Code.NO_TARGET, "there is no project \"" + target.project().get() + "\"");
      }
      return named;
    }
    Set<String> bound = new TreeSet<>();
    for (Project project : world.projects()) {
      if (target.manifest().filter(project.file()::equals).isPresent()) {
        bound.add(project.name());
      }
    }
    return bound;
  }

  private SortedSet<UnitName> units(Set<String> projects) {
    SortedSet<UnitName> found = new TreeSet<>();
    for (Unit unit : world.units()) {
      if (projects.contains(unit.name().project())) {
        found.add(unit.name());
      }
    }
    return found;
  }

  private UnitName named(String text) {
    List<Naming.Name> known =
        world.units().stream()
            .map(Unit::name)
            .filter(name -> target.project().filter(p -> !p.equals(name.project())).isEmpty())
            .map(name -> new Naming.Name(name.project(), name.service().text()))
            .toList();
    Naming.Name found = Naming.find(text, known, projects());
    return UnitName.of(found.project(), found.service());
  }
}
