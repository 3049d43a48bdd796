package pinfold.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Files that readers see whole or not at all: written beside their place under another name, then
 * renamed over it. Mode 0600.
 */
public final class Durable {
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(
          Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));

  /** Beginning of the names of unfinished files, which a start may delete. */
  public static final String TEMPORARY_PREFIX = ".pinfold-tmp-";

  private Durable() {}

  /** When this returns, the content survives a loss of power. */
  public static void write(Path file, byte[] content) throws IOException {
    put(file, content, true);
    sync(directory(file));
  }

  /** The same without a wait for the disk: for what does not outlive this boot. */
  public static void publish(Path file, byte[] content) throws IOException {
    put(file, content, false);
  }

  /** Makes names that were created, renamed or removed in a directory survive a loss of power. */
  public static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static Path directory(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IllegalArgumentException("no file: " + file);
    }
    return parent;
  }

  private static void put(Path file, byte[] content, boolean sync) throws IOException {
    Path temporary =
        Files.createFile(directory(file).resolve(TEMPORARY_PREFIX + Chance.uuid()), PRIVATE);
    try {
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        ByteBuffer buffer = ByteBuffer.wrap(content);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        if (sync) {
          channel.force(true);
        }
      }
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      try {
        Files.deleteIfExists(temporary);
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }
}
