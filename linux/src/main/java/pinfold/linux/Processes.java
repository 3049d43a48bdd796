package pinfold.linux;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Processes as /proc shows them (proc(5)). A process that vanished is not an error: the answer is
 * empty. What belongs to another user and is hidden is empty too.
 */
public final class Processes {
  /** USER_HZ, which is 100 for user space on every machine that Pinfold runs on. */
  private static final int TICKS_PER_SECOND = 100;

  private static final int MAX_FILE = 1 << 16;
  private static final Path PROC = Path.of("/proc");

  private Processes() {}

  /** Clock ticks, as in /proc, as time. */
  public static Duration ticks(long ticks) {
    return Duration.ofMillis(ticks * (1000 / TICKS_PER_SECOND));
  }

  public static Optional<ProcessStat> stat(int pid) {
    return read(pid, "stat").flatMap(ProcessStat::parse).filter(stat -> stat.pid() == pid);
  }

  /** The identity of a process that is there now, zombies included. */
  public static Optional<ProcessIdentity> identity(int pid) throws IOException {
    try (Pidfd pidfd = Pidfd.open(pid)) {
      // In this order: what the descriptor refers to cannot be replaced between the two.
      Optional<ProcessStat> stat = stat(pid);
      if (stat.isEmpty()) {
        return Optional.empty();
      }
      return Optional.of(
          new ProcessIdentity(BootId.current(), pid, stat.get().startTicks(), pidfd.inode()));
    } catch (SystemCallException e) {
      if (e.errno().equals(Errno.ESRCH)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Whether that very process exists and has not ended. */
  public static boolean alive(ProcessIdentity identity) throws IOException {
    if (!identity.bootId().equals(BootId.current())) {
      return false;
    }
    Optional<ProcessStat> stat = stat(identity.pid());
    return stat.isPresent()
        && stat.get().startTicks() == identity.startTicks()
        && !stat.get().zombie();
  }

  /**
   * When it started, as precise as a clock tick.
   *
   * @throws IOException without /proc/uptime
   */
  public static Instant startedAt(ProcessIdentity identity) throws IOException {
    String uptime = Files.readString(PROC.resolve("uptime"));
    double seconds = Double.parseDouble(uptime.substring(0, uptime.indexOf(' ')));
    return Instant.now().minusMillis(Math.round(seconds * 1000)).plus(ticks(identity.startTicks()));
  }

  /** The arguments, at most 64 KiB of them; none for a zombie or a kernel thread. */
  public static List<String> commandLine(int pid) {
    Optional<byte[]> bytes = read(pid, "cmdline");
    if (bytes.isEmpty() || bytes.get().length == 0) {
      return List.of();
    }
    String text = new String(bytes.get(), StandardCharsets.UTF_8);
    return List.of(
        (text.endsWith("\0") ? text.substring(0, text.length() - 1) : text).split("\0", -1));
  }

  /** All processes that this user sees, in no order. */
  public static List<ProcessStat> all() {
    List<ProcessStat> all = new ArrayList<>();
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(PROC, path -> isNumber(String.valueOf(path.getFileName())))) {
      for (Path entry : entries) {
        stat(Integer.parseInt(String.valueOf(entry.getFileName()))).ifPresent(all::add);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list /proc", e);
    }
    return all;
  }

  private static boolean isNumber(String name) {
    return !name.isEmpty()
        && name.length() < 10
        && name.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** The children of a process, in one look at all processes. */
  public static List<ProcessStat> children(int pid) {
    return all().stream().filter(stat -> stat.parent() == pid).toList();
  }

  /** Children, their children and so on, parents first, in one look at all processes. */
  public static List<ProcessStat> descendants(int pid) {
    Map<Integer, List<ProcessStat>> byParent = new HashMap<>();
    for (ProcessStat stat : all()) {
      byParent.computeIfAbsent(stat.parent(), _ -> new ArrayList<>()).add(stat);
    }
    List<ProcessStat> found = new ArrayList<>();
    List<ProcessStat> next = byParent.remove(pid);
    while (next != null) {
      found.addAll(next);
      List<ProcessStat> below = new ArrayList<>();
      for (ProcessStat stat : next) {
        // Removed, so that a snapshot in which pids were reused cannot be walked in a circle.
        List<ProcessStat> children = byParent.remove(stat.pid());
        if (children != null) {
          below.addAll(children);
        }
      }
      next = below.isEmpty() ? null : below;
    }
    return found;
  }

  /** Resident memory in bytes, shared pages counted in full: cheap. */
  public static Optional<Long> residentBytes(int pid) {
    return kilobytes(pid, "status", "VmRSS:");
  }

  /** Proportional share of memory in bytes: costs a walk over its pages. Needs the same user. */
  public static Optional<Long> proportionalBytes(int pid) {
    return kilobytes(pid, "smaps_rollup", "Pss:");
  }

  /** Bytes that it caused to be read from and written to storage, in that order. */
  public record Io(long readBytes, long writeBytes) {}

  /** Needs the same user. */
  public static Optional<Io> io(int pid) {
    Optional<Long> read = number(pid, "io", "read_bytes:");
    Optional<Long> written = number(pid, "io", "write_bytes:");
    return read.isPresent() && written.isPresent()
        ? Optional.of(new Io(read.get(), written.get()))
        : Optional.empty();
  }

  private static Optional<Long> kilobytes(int pid, String file, String key) {
    return number(pid, file, key).map(value -> value * 1024);
  }

  /** The number after a key at the beginning of a line. */
  private static Optional<Long> number(int pid, String file, String key) {
    Optional<byte[]> bytes = read(pid, file);
    if (bytes.isEmpty()) {
      return Optional.empty();
    }
    String text = new String(bytes.get(), StandardCharsets.ISO_8859_1);
    int line = text.startsWith(key) ? 0 : text.indexOf("\n" + key) + 1;
    if (line == 0 && !text.startsWith(key)) {
      return Optional.empty();
    }
    int start = line + key.length();
    while (start < text.length() && (text.charAt(start) == ' ' || text.charAt(start) == '\t')) {
      start++;
    }
    int end = start;
    while (end < text.length() && Character.isDigit(text.charAt(end))) {
      end++;
    }
    return end == start || end - start > 18
        ? Optional.empty()
        : Optional.of(Long.parseLong(text, start, end, 10));
  }

  private static Optional<byte[]> read(int pid, String file) {
    try (InputStream in = Files.newInputStream(PROC.resolve(Integer.toString(pid)).resolve(file))) {
      return Optional.of(in.readNBytes(MAX_FILE));
    } catch (IOException e) {
      // Gone between two calls (ENOENT, ESRCH), or not ours to see (EACCES).
      return Optional.empty();
    }
  }
}
