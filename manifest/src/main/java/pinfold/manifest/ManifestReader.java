package pinfold.manifest;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads manifests as people write them. No method throws for anything that a file can hold. */
public final class ManifestReader {
  private ManifestReader() {}

  /**
   * Reads a manifest, what it includes, and the {@code .env} files beside them.
   *
   * @param file absolute path of the manifest
   * @throws IllegalArgumentException if the path is relative
   */
  public static Parsed read(FileSource files, Path file, Surroundings around) {
    if (!file.isAbsolute()) {
      throw new IllegalArgumentException("relative manifest path: " + file);
    }
    Path path = file.normalize();
    Problems problems = new Problems();
    Includes includes = new Includes(files, around, problems);
    Reading reading = new Reading(problems, around.home(), Optional.empty());
    List<Parsed.Project> projects =
        includes
            .load(path)
            .map(tree -> Defaults.merge(tree, problems))
            .map(tree -> new Binder(reading).bind(tree, path))
            .orElse(List.of());
    return new Parsed(
        problems.count() == 0 ? projects : List.of(),
        problems.sorted(),
        new Sources(includes.texts(), Optional.empty()));
  }

  /**
   * Reads a single text that stands for a file.
   *
   * @param file absolute path that it is given
   */
  public static Parsed read(Path file, String text, Surroundings around) {
    return read(FileSource.of(Map.of(file.normalize(), text)), file, around);
  }
}
