package pinfold.manifest;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The texts that a manifest was read from, for quoting in messages.
 *
 * @param texts by absolute path
 * @param base paths below it are shown relative to it
 */
public record Sources(Map<String, String> texts, Optional<Path> base) {
  /** No text: problems show their place only. */
  public static final Sources NONE = new Sources(Map.of(), Optional.empty());

  /** Copies the map. */
  public Sources {
    texts = Map.copyOf(texts);
  }

  /** The same, with paths shown relative to a folder, usually the caller's. */
  public Sources from(Path folder) {
    return new Sources(texts, Optional.of(folder));
  }

  Optional<String> line(Position at) {
    return Optional.ofNullable(texts.get(at.file()))
        .flatMap(text -> text.lines().skip(at.line() - 1L).findFirst());
  }

  String display(String file) {
    if (base.isEmpty() || !file.startsWith("/")) {
      return file;
    }
    Path path = Path.of(file);
    return path.startsWith(base.get()) ? base.get().relativize(path).toString() : file;
  }
}
