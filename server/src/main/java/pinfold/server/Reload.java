package pinfold.server;

import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import pinfold.contract.JsonText;
import pinfold.contract.Wanted;
import pinfold.core.ApplyOptions;
import pinfold.core.Changes;
import pinfold.core.Command;
import pinfold.core.Project;
import pinfold.core.Unit;
import pinfold.core.UnitName;
import pinfold.core.World;
import pinfold.manifest.Canonical;
import pinfold.manifest.Manifest;
import pinfold.manifest.ManifestReader;
import pinfold.manifest.Parsed;
import pinfold.manifest.Service;
import pinfold.manifest.ServiceName;
import pinfold.manifest.Surroundings;
import pinfold.supervisor.DiskFiles;
import pinfold.supervisor.Supervisor;

/// What HUP means: each project's manifest is read again from where it was, and what changed is
/// applied as `up` would. A manifest with a problem changes nothing; there is no caller, so
/// variables come from the `.env` beside it only.
final class Reload implements Runnable {
  private static final System.Logger LOG = System.getLogger("supervisor");

  private final Supervisor supervisor;
  private final Path home;

  /// @param home what `~` stands for
  Reload(Supervisor supervisor, Path home) {
    this.supervisor = supervisor;
    this.home = home;
  }

  @Override
  public void run() {
    LOG.log(Level.INFO, "asked to read the manifests again");
    supervisor.world().projects().forEach(this::reload);
  }

  private void reload(Project project) {
    Parsed parsed =
        ManifestReader.read(
            new DiskFiles(),
            Path.of(project.file()),
            new Surroundings(Map.of(), Optional.of(home)));
    if (parsed.projects().isEmpty()) {
      LOG.log(Level.ERROR, project.file() + " is not applied:\n" + parsed.render());
      return;
    }
    Optional<Parsed.Project> own =
        parsed.projects().stream().filter(p -> p.name().equals(project.name())).findFirst();
    if (own.isEmpty()) {
      List<String> names = parsed.projects().stream().map(Parsed.Project::name).toList();
      LOG.log(
          Level.ERROR,
          project.file()
              + " is not applied: it declares "
              + String.join(", ", names)
              + " and no project "
              + project.name());
      return;
    }
    Manifest manifest = own.get().manifest();
    Set<ServiceName> going = going(manifest);
    if (going.isEmpty()) {
      LOG.log(
          Level.INFO,
          project.name() + " of " + project.file() + " is not applied: all of it is stopped");
      return;
    }
    ApplyOptions options = new ApplyOptions(going, Set.of(), false, true, false);
    Changes changes = Changes.between(supervisor.world(), manifest, options);
    if (changes.refused().isPresent()) {
      LOG.log(
          Level.ERROR, project.file() + " is not applied: " + changes.refused().get().message());
      return;
    }
    if (changes.any()) {
      List<UnitName> units =
          changes.changes().stream().map(c -> UnitName.of(c.project(), c.name())).toList();
      String source = JsonText.write(Canonical.json(manifest, own.get().positions()));
      supervisor.request("reload", units, new Command.Apply(manifest, source, options));
    }
  }

  /// Nobody asks for a start here: what a person stopped stays as it is, and what is new starts
  /// unless it waits for its profile.
  private Set<ServiceName> going(Manifest manifest) {
    World world = supervisor.world();
    Set<ServiceName> going = new TreeSet<>();
    for (Service service : manifest.services().values()) {
      Optional<Unit> unit = world.unit(new UnitName(manifest.project().text(), service.name()));
      if (unit.isPresent() ? unit.get().wanted() == Wanted.UP : service.profiles().isEmpty()) {
        going.add(service.name());
      }
    }
    return going;
  }
}
