package pinfold.logs;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Compresses closed segments and removes old ones. May be killed anywhere: at every moment each
 * segment that is to be kept is there whole, uncompressed or compressed, and the next run finishes
 * the work. Runs beside the keeper, readers and other housekeepers. Any thread; blocks.
 */
public final class Housekeeper {
  /** Leftovers of others are removed only after this time: they may be in use. */
  private static final Duration GRACE = Duration.ofMinutes(15);

  private final Disk disk;

  public Housekeeper() {
    this(Disk.REAL);
  }

  Housekeeper(Disk disk) {
    this.disk = disk;
  }

  /**
   * What was done.
   *
   * @param compressed segments
   * @param removed segments
   * @param freedBytes of removed segments and their indices
   */
  public record Swept(int compressed, int removed, long freedBytes) {
    /** Both together. */
    public Swept plus(Swept other) {
      return new Swept(
          compressed + other.compressed, removed + other.removed, freedBytes + other.freedBytes);
    }
  }

  /** A closed segment on disk, with its index. */
  private record Closed(LogSource source, long name, long bytes, Instant last) {}

  /**
   * Brings one stream into its bounds.
   *
   * @param now what ages are measured against
   */
  public Swept sweep(LogSource source, Retention retention, Instant now) throws IOException {
    int compressed = 0;
    finish(source, now);
    if (retention.compress()) {
      for (long name : SegmentFiles.closedNames(source.file())) {
        compressed += compress(source, name) ? 1 : 0;
      }
    }
    List<Closed> kept = closed(source);
    List<Closed> removed = new ArrayList<>();
    long bytes = kept.stream().mapToLong(Closed::bytes).sum();
    int files = kept.size();
    for (Closed oldest : kept) {
      boolean old =
          retention.maxAge().isPresent()
              && oldest.last.isBefore(now.minus(retention.maxAge().get()));
      boolean much = retention.maxBytes().isPresent() && bytes > retention.maxBytes().getAsLong();
      boolean many = retention.maxFiles().isPresent() && files > retention.maxFiles().getAsInt();
      if (!old && !much && !many) {
        break;
      }
      remove(oldest);
      removed.add(oldest);
      bytes -= oldest.bytes;
      files--;
    }
    return swept(compressed, removed);
  }

  /**
   * When the oldest closed segment of a stream reaches its age; empty when there is none, or no
   * age.
   */
  public Optional<Instant> expiry(LogSource source, Retention retention) throws IOException {
    if (retention.maxAge().isEmpty()) {
      return Optional.empty();
    }
    // One that vanished while it was looked at has no age.
    return closed(source).stream()
        .map(Closed::last)
        .filter(last -> last.isBefore(Instant.MAX))
        .min(Comparator.naturalOrder())
        .map(last -> last.plus(retention.maxAge().get()));
  }

  /**
   * Removes closed segments, the oldest of all streams first, until so many bytes are free on the
   * disk or none is left.
   *
   * @param logs the log directory
   */
  public Swept free(Path logs, long wantedBytes) throws IOException {
    List<Closed> removed = new ArrayList<>();
    if (disk.free(logs) < wantedBytes) {
      List<Closed> all = new ArrayList<>();
      for (LogSource source : LogTree.all(logs)) {
        all.addAll(closed(source));
      }
      all.sort(Comparator.comparingLong(Closed::name));
      for (Closed oldest : all) {
        if (disk.free(logs) >= wantedBytes) {
          break;
        }
        remove(oldest);
        removed.add(oldest);
      }
    }
    return swept(0, removed);
  }

  private static Swept swept(int compressed, List<Closed> removed) {
    return new Swept(compressed, removed.size(), removed.stream().mapToLong(Closed::bytes).sum());
  }

  /** Oldest first. */
  private static List<Closed> closed(LogSource source) throws IOException {
    List<Closed> list = new ArrayList<>();
    for (long name : SegmentFiles.closedNames(source.file())) {
      Path plain = SegmentFiles.closed(source.file(), name);
      Path packed = SegmentFiles.compressed(source.file(), name);
      long bytes = size(plain) + size(packed) + size(SegmentFiles.index(plain));
      Instant last = Files.exists(packed) ? modified(packed) : modified(plain);
      list.add(new Closed(source, name, bytes, last));
    }
    return list;
  }

  private static long size(Path file) throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  private static Instant modified(Path file) throws IOException {
    try {
      return Files.getLastModifiedTime(file).toInstant();
    } catch (NoSuchFileException e) {
      return Instant.MAX; // just now removed or compressed by another: nothing to decide
    }
  }

  private void remove(Closed segment) throws IOException {
    Path plain = SegmentFiles.closed(segment.source.file(), segment.name);
    disk.delete(plain);
    disk.delete(SegmentFiles.compressed(segment.source.file(), segment.name));
    disk.delete(SegmentFiles.index(plain));
  }

  /** Compresses a segment that is not; false when there is nothing to do. */
  private boolean compress(LogSource source, long name) throws IOException {
    Path plain = SegmentFiles.closed(source.file(), name);
    Path packed = SegmentFiles.compressed(source.file(), name);
    if (!Files.exists(plain)) {
      return false;
    }
    Path temporary =
        packed.resolveSibling(
            packed.getFileName() + "." + UUID.randomUUID() + SegmentFiles.TEMPORARY);
    try {
      disk.compress(plain, temporary);
      disk.rename(temporary, packed);
    } catch (NoSuchFileException e) {
      disk.delete(temporary);
      return false; // removed by another
    } catch (IOException e) {
      disk.delete(temporary);
      throw e;
    }
    disk.sync(SegmentFiles.folder(packed));
    disk.delete(plain);
    return true;
  }

  /** Removes what earlier runs left when they were killed. */
  private void finish(LogSource source, Instant now) throws IOException {
    String prefix = source.file().getFileName() + ".";
    Set<Long> names = new HashSet<>(SegmentFiles.closedNames(source.file()));
    Set<Path> leftovers = new TreeSet<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(SegmentFiles.folder(source.file()))) {
      for (Path file : files) {
        String text = file.getFileName().toString();
        boolean ours = text.startsWith(prefix);
        boolean temporary = ours && text.endsWith(SegmentFiles.TEMPORARY);
        if (temporary || (ours && orphan(prefix, text, names))) {
          leftovers.add(file);
        }
      }
    } catch (NoSuchFileException e) {
      return; // nothing was ever written
    }
    for (Path file : leftovers) {
      if (changed(file).isBefore(now.minus(GRACE))) {
        disk.delete(file);
      }
    }
    for (long name : names) {
      Path plain = SegmentFiles.closed(source.file(), name);
      Path packed = SegmentFiles.compressed(source.file(), name);
      if (Files.exists(plain) && Files.exists(packed)) {
        disk.delete(whole(plain, packed) ? plain : packed);
      }
    }
  }

  /** Whether it is the index of a closed segment that is gone. */
  private static boolean orphan(String prefix, String text, Set<Long> names) {
    if (!text.endsWith(SegmentFiles.INDEX)) {
      return false;
    }
    long name =
        SegmentFiles.name(prefix, text.substring(0, text.length() - SegmentFiles.INDEX.length()));
    return name >= 0 && !names.contains(name);
  }

  private static boolean whole(Path plain, Path packed) throws IOException {
    try (ReadFile file = ReadFile.open(packed)) {
      return SeekableZstd.of(file).size() == size(plain);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      return false; // cut off: the uncompressed one is kept
    }
  }

  /** When the file last changed, its name included. */
  private static Instant changed(Path file) throws IOException {
    try {
      return ((FileTime) Files.getAttribute(file, "unix:ctime")).toInstant();
    } catch (NoSuchFileException e) {
      return Instant.MAX; // gone by itself
    }
  }
}
