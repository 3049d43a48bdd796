package pinfold.manifest;

import java.nio.file.Path;

/** What a service reads from its standard input. */
public sealed interface Stdin {
  /** End of file at once (/dev/null). */
  record None() implements Stdin {}

  /** A pipe that is kept open; {@code attach} writes to it. */
  record Open() implements Stdin {}

  /** A file, by its absolute path, opened at each start. */
  record File(Path path) implements Stdin {}
}
