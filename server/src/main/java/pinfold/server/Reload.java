package pinfold.server;

import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import pinfold.contract.JsonText;
import pinfold.core.ApplyOptions;
import pinfold.core.Changes;
import pinfold.core.Command;
import pinfold.core.Project;
import pinfold.core.UnitName;
import pinfold.manifest.Canonical;
import pinfold.manifest.Manifest;
import pinfold.manifest.ManifestReader;
import pinfold.manifest.Parsed;
import pinfold.manifest.Surroundings;
import pinfold.supervisor.DiskFiles;
import pinfold.supervisor.Supervisor;

/// What HUP means: each project's manifest is read again from where it was, and what changed is
/// applied as `up` would, but for what was stopped, which stays so: nobody asks for a start here. A
/// manifest with a problem changes nothing; there is no caller, so variables come from the `.env`
/// beside it only.
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
    Changes changes = Changes.between(supervisor.world(), manifest, ApplyOptions.RELOAD);
    if (changes.refused().isPresent()) {
      LOG.log(
          Level.ERROR, project.file() + " is not applied: " + changes.refused().get().message());
      return;
    }
    if (changes.any()) {
      List<UnitName> units =
          changes.changes().stream().map(c -> UnitName.of(c.project(), c.name())).toList();
      String source = JsonText.write(Canonical.json(manifest, own.get().positions()));
      supervisor.request("reload", units, new Command.Apply(manifest, source, ApplyOptions.RELOAD));
    }
  }
}
