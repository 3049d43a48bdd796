import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A process as /proc shows it; start (in ticks since the boot) and pid together are its identity.
 * Figures of a process that has ended meanwhile are 0.
 */
record Proc(long pid, long parent, long start, String program, List<String> command) {
  /** Every process whose program, arguments or environment name the folder. */
  static List<Proc> of(Path folder) {
    List<Proc> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path entry : entries) {
        read(entry, folder.toString()).ifPresent(found::add);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return found;
  }

  private static Optional<Proc> read(Path entry, String folder) {
    try {
      String command = text(entry.resolve("cmdline"));
      String program = Files.readSymbolicLink(entry.resolve("exe")).toString();
      if (!command.contains(folder) && !text(entry.resolve("environ")).contains(folder)) {
        return Optional.empty();
      }
      String[] fields = stat(entry);
      return Optional.of(new Proc(Long.parseLong(entry.getFileName().toString()), Long.parseLong(fields[1]),
          Long.parseLong(fields[19]), program, List.of(command.split("\0"))));
    } catch (IOException ended) {
      return Optional.empty(); // or a thread of the kernel
    }
  }

  boolean names(String word) {
    return command.stream().anyMatch(argument -> argument.contains(word));
  }

  /** SIGKILL to this process, and to no other that has its pid meanwhile. */
  void kill() {
    ProcessHandle.of(pid).filter(handle -> alive()).ifPresent(ProcessHandle::destroyForcibly);
  }

  boolean alive() {
    try {
      String[] fields = stat(Path.of("/proc/" + pid));
      return Long.parseLong(fields[19]) == start && !fields[0].equals("Z");
    } catch (IOException ended) {
      return false;
    }
  }

  /** Nanoseconds on a processor, of all its living threads. */
  long cpu() {
    return overThreads("schedstat", text -> Long.parseLong(text.substring(0, text.indexOf(' '))));
  }

  /** How often its living threads went to sleep by themselves, and so were woken. */
  long wakeups() {
    return overThreads("status", text -> number(text, "voluntary_ctxt_switches:"));
  }

  /** Proportional share of memory, in KiB. */
  long pss() {
    try {
      return number(text(Path.of("/proc/" + pid + "/smaps_rollup")), "Pss:");
    } catch (IOException ended) {
      return 0;
    }
  }

  private interface Reading {
    long of(String text);
  }

  private long overThreads(String file, Reading reading) {
    long sum = 0;
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
      for (Path task : tasks) {
        try {
          sum += reading.of(text(task.resolve(file)));
        } catch (IOException ended) {
          continue;
        }
      }
    } catch (IOException ended) {
      return sum;
    }
    return sum;
  }

  private static long number(String text, String label) {
    try (Stream<String> lines = text.lines()) {
      return lines.filter(line -> line.startsWith(label))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).sum();
    }
  }

  private static String[] stat(Path entry) throws IOException {
    String stat = text(entry.resolve("stat"));
    return stat.substring(stat.lastIndexOf(')') + 2).split(" ");
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
  }
}
