import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** One table from one run: Pinfold, its peers and plain C loops at the same work on the same machine. */
class Bench {
  private static final List<String> ROWS = List.of(
      "100 services running, ms", "1,000 services running, ms", "crash to restarted, p50 ms", "PSS at 10, MiB",
      "PSS at 100, MiB", "status of 100, p50 ms", "log lines of 100 bytes, MiB per CPU-second",
      "log lines of 100 bytes, MiB per second", "100 services of 100 lines/s, % of a core",
      "idle with 10 services, wake-ups per second",
      "kill -9 of the supervisor: left of 10, doubled by a new start, lines lost of the worst writer",
      "kill -9 of the keeper: the same", "kill -9 of both: the same");
  private static final int LINES = 1_500_000;

  private final Map<String, Map<String, String>> table = new TreeMap<>();
  private final Path tools;
  private final boolean quick;

  Bench(Path tools, boolean quick) {
    this.tools = tools;
    this.quick = quick;
  }

  static boolean installed(String program) {
    return Stream.of(System.getenv("PATH").split(":")).anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  static void main(String[] args) throws Exception {
    Path product = Path.of(args[0]);
    Bench bench = new Bench(Path.of(args[1]), List.of(args).contains("--quick"));
    List<String> only = Arrays.stream(args).skip(2).filter(word -> !word.startsWith("--")).toList();
    bench.bare();
    List<String> columns = new ArrayList<>(List.of("bare C"));
    for (Peer peer : Peer.all(product)) {
      if (!peer.present()) {
        System.err.println(peer.name() + ": not installed, left out");
      } else if (only.isEmpty() || only.stream().anyMatch(peer.name().toLowerCase(Locale.ROOT)::startsWith)) {
        columns.add(peer.name());
        bench.measure(peer);
      }
    }
    System.out.println("| | " + String.join(" | ", columns) + " |");
    System.out.println("|---|" + "---|".repeat(columns.size()));
    for (String row : ROWS) {
      System.out.println("| " + row + " | "
          + String.join(" | ", columns.stream().map(column -> bench.cell(column, row)).toList()) + " |");
    }
  }

  private String cell(String column, String row) {
    return table.getOrDefault(column, Map.of()).getOrDefault(row, "");
  }

  private void note(String column, int row, String value) {
    table.computeIfAbsent(column, ignored -> new TreeMap<>()).put(ROWS.get(row), value);
    System.err.printf("%s: %s: %s%n", column, ROWS.get(row), value);
  }

  // --- the measures ---------------------------------------------------------------------------------------------

  private void bare() throws Exception {
    String bare = tools.resolve("bare").toString();
    for (int row = 0; row < (quick ? 1 : 2); row++) {
      try (Place place = new Place()) {
        long begin = System.nanoTime();
        place.start(List.of(bare, "start", row == 0 ? "100" : "1000", place.stamp(), place.marks()));
        note("bare C", row, ms(place.mark('S', row == 0 ? 100 : 1000) - begin));
      }
    }
    try (Place place = new Place()) {
      place.start(List.of(bare, "restart", place.stamp(), place.marks(), "crash", "1100"));
      note("bare C", 2, place.restarts(quick ? 3 : 11));
    }
    try (Place place = new Place()) {
      Process process = place.start(List.of(bare, "log", place.root.resolve("log").toString(), place.stamp(),
          place.marks(), "lines", Integer.toString(LINES)));
      place.throughput("bare C", () -> List.of(process.pid()));
    }
  }

  private void measure(Peer peer) throws Exception {
    for (int row = 0; row < (quick ? 1 : 2); row++) {
      int count = row == 0 ? 100 : 1000;
      try (Place place = new Place(peer, count)) {
        long begin = System.nanoTime();
        place.start(peer.start(place.root));
        long up = place.mark('S', count);
        note(peer.name(), row, up == 0 ? place.marks('S').size() + " up after 60 s" : ms(up - begin));
        if (count == 100) {
          LockSupport.parkNanos(2_000_000_000L);
          note(peer.name(), 4, "%.0f".formatted(place.pss() / 1024.0));
          note(peer.name(), 5, place.status());
        }
      }
    }
    try (Place place = new Place(peer, 10)) {
      place.start(peer.start(place.root));
      place.mark('S', 10);
      LockSupport.parkNanos(2_000_000_000L);
      note(peer.name(), 3, "%.0f".formatted(place.pss() / 1024.0));
      note(peer.name(), 9, place.wakeups());
    }
    try (Place place = new Place(peer, 1, "crash", "1100")) {
      place.start(peer.start(place.root));
      note(peer.name(), 2, place.restarts(quick ? 3 : 11));
    }
    try (Place place = new Place(peer, 1, "lines", Integer.toString(LINES))) {
      place.start(peer.start(place.root));
      place.throughput(peer.name(), () -> place.own().stream().map(HostProcess::pid).toList());
    }
    try (Place place = new Place(peer, 100, "writes", "10000")) {
      place.start(peer.start(place.root));
      place.mark('S', 100);
      note(peer.name(), 8, place.load());
    }
    List<Death> deaths = peer instanceof Peer.Pinfold ? List.of(Death.values()) : List.of(Death.SUPERVISOR);
    for (Death death : deaths) {
      try (Place place = new Place(peer, 10, "writes", "2000")) {
        place.start(peer.start(place.root));
        place.mark('S', 10);
        LockSupport.parkNanos(1_500_000_000L);
        note(peer.name(), 10 + death.ordinal(), place.survives(death));
      }
    }
  }

  /** Who is killed. Peers have no keeper beside their supervisor. */
  private enum Death {
    SUPERVISOR,
    KEEPER,
    BOTH
  }

  private static String ms(long nanos) {
    return nanos < 100_000_000 ? "%.1f".formatted(nanos / 1e6) : "%.0f".formatted(nanos / 1e6);
  }

  private record HostProcess(long pid, long parent, String command, String program) {}

  private interface Pids {
    List<Long> get();
  }

  /** A folder for one measurement; everything that mentions it is ended with it. */
  private final class Place implements AutoCloseable {
    final Path root;
    private final Peer peer;

    Place() throws IOException {
      this.peer = null;
      root = Files.createTempDirectory("pinfold-bench-");
      Files.copy(tools.resolve("stamp"), root.resolve("stamp"));
    }

    Place(Peer peer, int count, String... mode) throws IOException {
      this.peer = peer;
      root = Files.createTempDirectory("pinfold-bench-");
      Files.copy(tools.resolve("stamp"), root.resolve("stamp"));
      List<String> command = new ArrayList<>(List.of(stamp(), marks()));
      command.addAll(List.of(mode));
      peer.configure(root, count, command);
    }

    String stamp() {
      return root.resolve("stamp").toString();
    }

    String marks() {
      return root.resolve("marks").toString();
    }

    Process start(List<String> command) throws IOException {
      ProcessBuilder builder = new ProcessBuilder(command).directory(root.toFile())
          .redirectOutput(root.resolve("out").toFile()).redirectErrorStream(true)
          .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
      builder.environment().put("PINFOLD_BENCH", root.toString());
      return builder.start();
    }

    /** Times of the marks of a kind, in the order in which they were made. */
    List<Long> marks(char kind) throws IOException {
      if (!Files.exists(Path.of(marks()))) {
        return List.of();
      }
      try (Stream<String> lines = Files.lines(Path.of(marks()))) {
        return lines.filter(line -> line.charAt(0) == kind).map(line -> Long.parseLong(line.split(" ")[1])).toList();
      }
    }

    /** When the mark of that number was made (System.nanoTime is the same clock); 0 when it was not in a minute. */
    long mark(char kind, int number) throws IOException {
      long end = System.nanoTime() + 60_000_000_000L;
      while (System.nanoTime() < end) {
        List<Long> times = marks(kind);
        if (times.size() >= number) {
          return times.get(number - 1);
        }
        LockSupport.parkNanos(10_000_000);
      }
      return 0;
    }

    String restarts(int crashes) throws IOException {
      if (mark('S', crashes + 1) == 0) {
        return "not in a minute";
      }
      List<Long> starts = marks('S');
      List<Long> ends = marks('E');
      List<Long> gaps = new ArrayList<>();
      for (int i = 0; i < crashes; i++) {
        gaps.add(starts.get(i + 1) - ends.get(i));
      }
      gaps.sort(Comparator.naturalOrder());
      return ms(gaps.get(gaps.size() / 2));
    }

    void throughput(String column, Pids loggers) throws IOException {
      long begin = mark('S', 1);
      long before = cpu(loggers.get());
      long end = mark('E', 1);
      if (end == 0) {
        note(column, 6, "not in a minute");
        return;
      }
      LockSupport.parkNanos(1_000_000_000L);
      double mib = LINES * 100.0 / (1 << 20);
      double seconds = (cpu(loggers.get()) - before) / 100.0;
      note(column, 6, "%.0f".formatted(mib / seconds));
      note(column, 7, "%.0f".formatted(mib / ((end - begin) / 1e9)));
    }

    String status() throws Exception {
      List<Long> times = new ArrayList<>();
      for (int i = 0; i < 11 && !peer.status(root).isEmpty(); i++) {
        long begin = System.nanoTime();
        start(peer.status(root)).waitFor(60, TimeUnit.SECONDS);
        times.add(System.nanoTime() - begin);
      }
      times.sort(Comparator.naturalOrder());
      return times.isEmpty() ? "" : ms(times.get(times.size() / 2));
    }

    /** How many services outlive the death, how many there are too many after a new start, what was not logged. */
    String survives(Death death) throws Exception {
      List<Long> before = services();
      List<HostProcess> own = own();
      List<HostProcess> victims = own.stream().filter(process -> {
        boolean java = process.command.contains("pinfold.server.Main");
        boolean keeper = process.program.endsWith("/pinfold-keeper") && own.stream().noneMatch(p -> p.pid == process.parent);
        return switch (death) {
          case SUPERVISOR -> peer instanceof Peer.Pinfold ? java : own.stream().noneMatch(p -> p.pid == process.parent);
          case KEEPER -> keeper;
          case BOTH -> java || keeper;
        };
      }).toList();
      List<String> kill = new ArrayList<>(List.of("kill", "-9"));
      victims.forEach(victim -> kill.add(Long.toString(victim.pid)));
      new ProcessBuilder(kill).start().waitFor();
      LockSupport.parkNanos(2_000_000_000L);
      long left = services().stream().filter(before::contains).count();
      start(peer.start(root));
      LockSupport.parkNanos(8_000_000_000L);
      return left + ", " + Math.max(0, services().size() - 10) + ", " + lost();
    }

    String load() throws IOException {
      LockSupport.parkNanos(2_000_000_000L);
      List<Long> pids = own().stream().map(HostProcess::pid).toList();
      long before = cpu(pids);
      LockSupport.parkNanos(10_000_000_000L);
      return "%.1f".formatted((cpu(pids) - before) / 10.0);
    }

    String wakeups() throws IOException {
      List<Long> pids = own().stream().map(HostProcess::pid).toList();
      long before = switches(pids);
      LockSupport.parkNanos(10_000_000_000L);
      return "%.1f".formatted((switches(pids) - before) / 10.0);
    }

    private long switches(List<Long> pids) throws IOException {
      long sum = 0;
      for (long pid : pids) {
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
          for (Path task : tasks) {
            try (Stream<String> lines = Files.lines(task.resolve("status"))) {
              sum += lines.filter(line -> line.startsWith("voluntary_ctxt_switches"))
                  .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).sum();
            } catch (IOException ended) {
              continue;
            }
          }
        }
      }
      return sum;
    }

    /** Numbers missing between those that were kept, the worst of all writers. */
    private String lost() throws IOException {
      long worst = 0;
      List<Path> files;
      try (Stream<Path> walk = Files.walk(peer.logs(root))) {
        files = walk.filter(Files::isRegularFile).filter(file -> file.toString().matches(".*(stdout|log|current|/@.*)")).toList();
      }
      for (Path file : files) {
        long last = 0;
        long missing = 0;
        for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
          String number = line.replaceFirst("^(@\\w+|\\d{4}-\\S+) (stdout )?", "").replaceFirst(" .*", "");
          if (number.matches("\\d+")) {
            long value = Long.parseLong(number);
            missing += value > last + 1 && last > 0 ? value - last - 1 : 0;
            last = value;
          }
        }
        worst = Math.max(worst, missing);
      }
      return files.isEmpty() ? "no file" : Long.toString(worst);
    }

    List<Long> services() {
      return everything().stream().filter(process -> process.program.equals(stamp())).map(HostProcess::pid).toList();
    }

    /** The peer's own processes: all that mention this place, but the services. */
    List<HostProcess> own() {
      return everything().stream().filter(process -> !process.program.equals(stamp())).toList();
    }

    long pss() throws IOException {
      long sum = 0;
      for (HostProcess process : own()) {
        Path rollup = Path.of("/proc/" + process.pid + "/smaps_rollup");
        try (Stream<String> lines = Files.lines(rollup)) {
          sum += lines.filter(line -> line.startsWith("Pss:")).mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).sum();
        }
      }
      return sum;
    }

    private long cpu(List<Long> pids) throws IOException {
      long ticks = 0;
      for (long pid : pids) {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        ticks += Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
      }
      return ticks;
    }

    private List<HostProcess> everything() {
      List<HostProcess> found = new ArrayList<>();
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
        for (Path entry : entries) {
          try {
            String command = text(entry.resolve("cmdline"));
            String program = Files.readSymbolicLink(entry.resolve("exe")).toString();
            if (command.contains(root.toString()) || text(entry.resolve("environ")).contains(root.toString())) {
              String stat = text(entry.resolve("stat"));
              String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
              found.add(new HostProcess(Long.parseLong(entry.getFileName().toString()), Long.parseLong(fields[1]), command, program));
            }
          } catch (IOException ended) {
            continue; // it is gone, or a kernel thread
          }
        }
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
      return found;
    }

    private static String text(Path file) throws IOException {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws Exception {
      if (peer != null && !peer.stop(root).isEmpty()) {
        start(peer.stop(root)).waitFor(60, TimeUnit.SECONDS);
      }
      for (List<HostProcess> left = everything(); !left.isEmpty(); left = everything()) {
        for (HostProcess process : left) {
          ProcessHandle.of(process.pid).ifPresent(ProcessHandle::destroyForcibly);
        }
        LockSupport.parkNanos(20_000_000);
      }
      try (Stream<Path> files = Files.walk(root)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
