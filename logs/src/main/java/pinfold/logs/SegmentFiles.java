package pinfold.logs;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HexFormat;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Names of the files of one stream. */
final class SegmentFiles {
  static final String INDEX = ".idx";
  static final String ZSTD = ".zst";
  static final String TEMPORARY = ".tmp";
  private static final int DIGITS = 16;

  private SegmentFiles() {}

  static Path index(Path file) {
    return file.resolveSibling(file.getFileName() + INDEX);
  }

  /** A closed segment, uncompressed. */
  static Path closed(Path file, long name) {
    return file.resolveSibling(String.format(Locale.ROOT, "%s.%016x", file.getFileName(), name));
  }

  static Path compressed(Path file, long name) {
    Path closed = closed(file, name);
    return closed.resolveSibling(closed.getFileName() + ZSTD);
  }

  /** Names of the closed segments, in either form, oldest first; none when there is no folder. */
  static SortedSet<Long> closedNames(Path file) throws IOException {
    SortedSet<Long> names = new TreeSet<>();
    String prefix = file.getFileName() + ".";
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder(file))) {
      for (Path path : all) {
        long name = name(prefix, path.getFileName().toString());
        if (name >= 0) {
          names.add(name);
        }
      }
    } catch (NoSuchFileException e) {
      return names; // nothing was ever written
    }
    return names;
  }

  /**
   * The name in `PREFIX.hhhhhhhhhhhhhhhh` and `PREFIX.hhhhhhhhhhhhhhhh.zst`; -1 for other files.
   */
  static long name(String prefix, String fileName) {
    if (!fileName.startsWith(prefix)) {
      return -1;
    }
    String rest = fileName.substring(prefix.length());
    if (rest.endsWith(ZSTD)) {
      rest = rest.substring(0, rest.length() - ZSTD.length());
    }
    if (rest.length() != DIGITS) {
      return -1;
    }
    for (int i = 0; i < DIGITS; i++) {
      char c = rest.charAt(i);
      if (!HexFormat.isHexDigit(c) || Character.isUpperCase(c)) {
        return -1;
      }
    }
    return HexFormat.fromHexDigitsToLong(rest);
  }

  static Path folder(Path file) {
    Path parent = file.getParent();
    return parent == null ? Path.of("") : parent;
  }

  /** Device and inode of what is at a path now; null when nothing is. */
  static @Nullable Object key(Path path) throws IOException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    } catch (NoSuchFileException e) {
      return null;
    }
  }
}
