package pinfold.linux;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * An open file of this process by what the kernel calls it, such as "pipe:[4711]" (proc(5)): other
 * than a descriptor's number or a count of all of them, this is nobody else's.
 */
record OpenFile(String name) {
  private static final Path TABLE = Path.of("/proc/self/fd");

  static OpenFile of(Fd descriptor) throws IOException {
    return new OpenFile(
        Files.readSymbolicLink(TABLE.resolve(String.valueOf(descriptor.number()))).toString());
  }

  /** How many descriptors of this process refer to it; both ends of a pipe are one file. */
  int descriptors() throws IOException {
    int count = 0;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(TABLE)) {
      for (Path entry : entries) {
        if (refers(entry)) {
          count++;
        }
      }
    }
    return count;
  }

  private boolean refers(Path entry) throws IOException {
    try {
      return Files.readSymbolicLink(entry).toString().equals(name);
    } catch (NoSuchFileException _) {
      return false; // another thread's, closed since the table was read
    }
  }
}
