package pinfold.linux;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The descriptor table of a process. */
public final class Descriptors {
  private Descriptors() {}

  /** How many descriptors this process has open, the one for counting excluded. */
  public static int count() throws IOException {
    int count = -1;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path _ : entries) {
        count++;
      }
    }
    return count;
  }
}
