package pinfold.logs;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The steps in which housekeeping changes files; each is whole or not at all, except {@link
 * #compress}.
 */
interface Disk {
  /**
   * Writes a new file that holds the other compressed, with its time of modification, and fsyncs
   * it.
   */
  void compress(Path from, Path to) throws IOException;

  /** Gives a file another name, replacing what had it. */
  void rename(Path from, Path to) throws IOException;

  /** Makes renames in a folder durable. */
  void sync(Path folder) throws IOException;

  /** Removes a file, if it is there. */
  void delete(Path file) throws IOException;

  /** Bytes that can still be written where a folder is. */
  long free(Path folder) throws IOException;

  /** The real one. */
  Disk REAL =
      new Disk() {
        @Override
        public void compress(Path from, Path to) throws IOException {
          var mode =
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
          try (FileChannel source = FileChannel.open(from);
              FileChannel target = FileChannel.open(to, Set.of(CREATE_NEW, WRITE), mode)) {
            SeekableZstd.compress(source, target);
            Files.setLastModifiedTime(to, Files.getLastModifiedTime(from));
            target.force(true);
          }
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
          Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        }

        @Override
        public void sync(Path folder) throws IOException {
          try (FileChannel channel = FileChannel.open(folder, READ)) {
            channel.force(true);
          }
        }

        @Override
        public void delete(Path file) throws IOException {
          Files.deleteIfExists(file);
        }

        @Override
        public long free(Path folder) throws IOException {
          return Files.getFileStore(folder).getUsableSpace();
        }
      };
}
