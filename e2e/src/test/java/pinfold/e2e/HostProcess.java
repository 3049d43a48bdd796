package pinfold.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** A process as the kernel shows it. Zombies are not counted: they run nothing and hold nothing. */
record HostProcess(long pid, long parent, String command, String environment, String folder) {

  private static final Pattern SPACE = Pattern.compile(" ");

  /** All processes that this user may look into. */
  static List<HostProcess> all() {
    List<HostProcess> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path entry : entries) {
        read(entry, found);
      }
    } catch (IOException e) {
      throw new AssertionError("cannot read /proc", e);
    }
    return found;
  }

  static boolean lives(long pid) {
    return all().stream().anyMatch(process -> process.pid == pid);
  }

  /** How many children of a process have ended and were not reaped. */
  static long zombiesOf(long parent) {
    long count = 0;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path entry : entries) {
        count +=
            fields(entry)
                    .filter(f -> f.get(0).equals("Z") && f.get(1).equals("" + parent))
                    .isPresent()
                ? 1
                : 0;
      }
    } catch (IOException e) {
      throw new AssertionError("cannot read /proc", e);
    }
    return count;
  }

  /** Of stat, from the state on; empty when it is gone. */
  private static Optional<List<String>> fields(Path entry) {
    try {
      String stat = text(entry.resolve("stat"));
      return Optional.of(SPACE.splitAsStream(stat.substring(stat.lastIndexOf(')') + 2)).toList());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  static void signal(long pid, String signal) {
    try {
      new ProcessBuilder("kill", "-s", signal, Long.toString(pid)).start().waitFor();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError("cannot signal " + pid, e);
    }
  }

  /** Whether it has a socket open; false when it has ended. */
  boolean hasSocket() {
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
      for (Path entry : entries) {
        if (Files.readSymbolicLink(entry).toString().startsWith("socket:")) {
          return true;
        }
      }
      return false;
    } catch (IOException ignored) {
      return false;
    }
  }

  boolean mentions(String text) {
    return command.contains(text) || environment.contains(text) || folder.startsWith(text);
  }

  private static void read(Path entry, List<HostProcess> found) {
    try {
      List<String> fields = fields(entry).orElse(List.of("Z"));
      if (fields.getFirst().equals("Z")) {
        return;
      }
      found.add(
          new HostProcess(
              Long.parseLong(entry.getFileName().toString()),
              Long.parseLong(fields.get(1)),
              text(entry.resolve("cmdline")).replace('\0', ' ').strip(),
              text(entry.resolve("environ")).replace('\0', '\n'),
              Files.readSymbolicLink(entry.resolve("cwd")).toString()));
    } catch (IOException ignored) {
      // It ended while it was read, or belongs to somebody else.
      return;
    }
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
  }
}
