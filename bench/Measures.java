import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What is measured, and how. */
final class Measures {
  private static final Pattern NUMBERED = Pattern.compile("(\\d+) (\\d+) \\.{20}");
  private static final double MIB = 1 << 20;
  private static final int CRASHING = 5;

  /** Who is killed. Peers have no keeper beside their supervisor. */
  private enum Death {
    SUPERVISOR(Row.DEATH_SUPERVISOR),
    KEEPER(Row.DEATH_KEEPER),
    BOTH(Row.DEATH_BOTH);

    final Row row;

    Death(Row row) {
      this.row = row;
    }
  }

  private final Bench bench;
  private final Sheet sheet;
  private final Scale scale;

  Measures(Bench bench, Sheet sheet, Scale scale) {
    this.bench = bench;
    this.sheet = sheet;
    this.scale = scale;
  }

  /** The same work by the plainest loops. */
  void bare(String program) {
    String bare = Sheet.BARE;
    bench.measure(bare, List.of(Row.START_100), 20, place -> bareStart(place, program, Row.START_100, 100));
    if (scale.thousand()) {
      bench.measure(bare, List.of(Row.START_1000), 30, place -> bareStart(place, program, Row.START_1000, 1000));
    }
    bench.measure(bare, List.of(Row.RESTART), 30, place -> {
      for (int i = 1; i <= CRASHING; i++) {
        place.start(Peer.words(List.of(program, "restart"), crashing(place, i).toArray(String[]::new)));
      }
      crashes(place, bare);
    });
    for (boolean lines : new boolean[] {true, false}) {
      bench.measure(bare, List.of(lines ? Row.LINES_CPU : Row.BLOCKS_CPU), 30, place -> {
        place.start(Peer.words(List.of(program, "log", place.root.resolve("log").toString()),
            producer(place, lines).toArray(String[]::new)));
        throughput(place, bare, lines);
      });
    }
  }

  private void bareStart(Place place, String program, Row row, int count) throws IOException {
    long begin = System.nanoTime();
    place.start(Peer.words(List.of(program, "start", Integer.toString(count)),
        place.service("marks").toArray(String[]::new)));
    sheet.put(Sheet.BARE, row, millis(place.started("marks", count, 20) - begin));
  }

  void all(Peer peer) {
    String name = peer.name();
    bench.measure(name, List.of(Row.START_100, Row.PSS_100, Row.STATUS_100), 90,
        place -> many(place, peer, 100, Row.START_100, Row.PSS_100, Row.STATUS_100));
    bench.measure(name, List.of(Row.PSS_10, Row.IDLE), 60, place -> few(place, peer));
    bench.measure(name, List.of(Row.RESTART), 60, place -> {
      List<List<String>> services = new ArrayList<>();
      for (int i = 1; i <= CRASHING; i++) {
        services.add(crashing(place, i));
      }
      peer.configure(place.root, services);
      place.start(peer.start(place.root));
      crashes(place, name);
    });
    for (boolean lines : new boolean[] {true, false}) {
      bench.measure(name, List.of(lines ? Row.LINES_CPU : Row.BLOCKS_CPU), 40, place -> {
        peer.configure(place.root, List.of(producer(place, lines)));
        place.start(peer.start(place.root));
        throughput(place, name, lines);
      });
    }
    bench.measure(name, List.of(Row.LOAD), 60, place -> load(place, peer));
    for (Death death : peer instanceof Pinfold ? Death.values() : new Death[] {Death.SUPERVISOR}) {
      bench.measure(name, List.of(death.row), 60, place -> dies(place, peer, death));
    }
    if (scale.thousand()) {
      bench.measure(name, List.of(Row.START_1000), 100,
          place -> many(place, peer, 1000, Row.START_1000, Row.PSS_1000, Row.STATUS_1000));
    }
  }

  // --- starts, memory, status -------------------------------------------------------------------------------------

  private void many(Place place, Peer peer, int count, Row start, Row memory, Row status) throws Exception {
    peer.configure(place.root, place.services(count));
    long begin = System.nanoTime();
    Process starter = place.start(peer.start(place.root));
    long up = place.started("marks", count, 60);
    if (up == 0) {
      sheet.say(peer.name(), start, place.starts("marks") + " up after 60 s");
      return;
    }
    sheet.put(peer.name(), start, millis(up - begin));
    Bench.pause(1500);
    asked(place, peer, status);
    if (peer instanceof Pinfold) {
      starter.waitFor(20, TimeUnit.SECONDS);
      restart(place, count);
    }
    if (peer instanceof Pinfold || count < 1000) {
      memory(place, peer, memory);
    }
  }

  private void few(Place place, Peer peer) throws Exception {
    peer.configure(place.root, place.services(10));
    Process starter = place.start(peer.start(place.root));
    if (place.started("marks", 10, 30) == 0) {
      throw new IllegalStateException("only " + place.starts("marks") + " of 10 were up after 30 s");
    }
    Bench.pause(3000);
    if (peer instanceof Pinfold) {
      starter.waitFor(20, TimeUnit.SECONDS);
      idle(place);
      restart(place, 10);
    } else {
      sheet.put(peer.name(), Row.IDLE, wakeups(place.own()));
    }
    memory(place, peer, Row.PSS_10);
  }

  /** Each service falls so many times and is restarted. */
  private void restart(Place place, int count) {
    for (int round = 1; round <= scale.restarts(); round++) {
      long wanted = (long) count * (round + 1);
      place.services().forEach(Proc::kill);
      if (!place.until(30, () -> place.starts("marks") >= wanted)) {
        throw new IllegalStateException((wanted - place.starts("marks")) + " were not restarted within 30 s");
      }
    }
    Bench.pause(5000);
  }

  private void memory(Place place, Peer peer, Row row) {
    List<Proc> own = place.own();
    Predicate<Proc> warden = process -> peer instanceof Pinfold && !Pinfold.supervisor(process) && !Pinfold.keeper(process, own);
    double whole = own.stream().filter(warden.negate()).mapToLong(Proc::pss).sum() / 1024.0;
    double wardens = own.stream().filter(warden).mapToLong(Proc::pss).sum() / 1024.0;
    sheet.put(peer.name(), row, whole, Sheet.shown(whole) + (wardens > 0 ? " + %.1f wardens".formatted(wardens) : ""));
  }

  private void asked(Place place, Peer peer, Row row) throws Exception {
    List<Double> times = new ArrayList<>();
    long end = System.nanoTime() + 8_000_000_000L;
    while (times.size() < scale.asks() && (times.isEmpty() || System.nanoTime() < end)) {
      long begin = System.nanoTime();
      if (!place.start(peer.status(place.root), place.root.resolve("status")).waitFor(30, TimeUnit.SECONDS)) {
        sheet.say(peer.name(), row, "nothing within 30 s");
        return;
      }
      times.add(millis(System.nanoTime() - begin));
    }
    sheet.put(peer.name(), row, median(times));
  }

  // --- restarts ---------------------------------------------------------------------------------------------------

  /** They fall at different times, and after more than the second that some peers wait after a short life. */
  private static List<String> crashing(Place place, int number) {
    return place.service("crash-" + number, "crash", Integer.toString(1050 + 130 * number));
  }

  private void crashes(Place place, String column) throws IOException {
    List<Double> gaps = new ArrayList<>();
    for (int i = 1; i <= CRASHING; i++) {
      if (place.started("crash-" + i, scale.crashes() + 1, 40) == 0) {
        continue;
      }
      List<Long> starts = place.times("crash-" + i);
      List<Place.End> ends = place.ends("crash-" + i, scale.crashes(), 1);
      for (int crash = 0; crash < scale.crashes(); crash++) {
        gaps.add(millis(starts.get(crash + 1) - ends.get(crash).time()));
      }
    }
    if (gaps.isEmpty()) {
      throw new IllegalStateException("no restart within 40 s");
    }
    sheet.put(column, Row.RESTART, median(gaps));
  }

  // --- logs -------------------------------------------------------------------------------------------------------

  private List<String> producer(Place place, boolean lines) {
    return place.service("marks", lines ? "lines" : "blocks",
        Integer.toString(lines ? scale.linesMillis() : scale.blocksMillis()));
  }

  private void throughput(Place place, String column, boolean lines) throws IOException {
    place.started("marks", 1, 20);
    Bench.pause(1500);
    Map<Long, Long> before = cpu(place);
    long begin = place.started("marks", 2, 5);
    List<Place.End> ends = place.ends("marks", 1, 20);
    if (begin == 0 || ends.isEmpty()) {
      throw new IllegalStateException("the producer did not end");
    }
    Bench.pause(1500); // what is left in the pipe
    double bytes = ends.getFirst().count() * (lines ? 100.0 : 65536.0);
    sheet.put(column, lines ? Row.LINES_CPU : Row.BLOCKS_CPU, bytes / MIB / (spent(place, before) / 1e9));
    if (lines) {
      sheet.put(column, Row.LINES, ends.getFirst().count() / (millis(ends.getFirst().time() - begin)));
    }
  }

  private void load(Place place, Peer peer) throws Exception {
    peer.configure(place.root, place.services(100, "writes", "10000"));
    Process starter = place.start(peer.start(place.root));
    if (place.started("marks", 100, 30) == 0) {
      throw new IllegalStateException("only " + place.starts("marks") + " of 100 were up after 30 s");
    }
    if (peer instanceof Pinfold) {
      starter.waitFor(20, TimeUnit.SECONDS);
    }
    Bench.pause(2000);
    Map<Long, Long> before = cpu(place);
    long begin = System.nanoTime();
    Bench.pause(scale.windowSeconds() * 1000L);
    sheet.put(peer.name(), Row.LOAD, 100.0 * spent(place, before) / (System.nanoTime() - begin));
    if (peer instanceof Pinfold pinfold) {
      freeze(place);
      long written = place.written().values().stream().mapToLong(Long::longValue).sum();
      Path read = place.root.resolve("read");
      place.start(pinfold.recent(place.root), read).waitFor(30, TimeUnit.SECONDS);
      try (Stream<String> lines = Files.lines(read)) {
        long found = lines.filter(line -> NUMBERED.matcher(line).find()).count();
        sheet.put(peer.name(), Row.READ_BACK, found >= written ? 100 : Math.floor(1000.0 * found / written) / 10);
      }
    }
  }

  private Map<Long, Long> cpu(Place place) {
    Map<Long, Long> cpu = new HashMap<>();
    place.own().forEach(process -> cpu.put(process.pid(), process.cpu()));
    return cpu;
  }

  /** Nanoseconds on a processor since then. */
  private long spent(Place place, Map<Long, Long> before) {
    return place.own().stream().mapToLong(p -> p.cpu() - before.getOrDefault(p.pid(), 0L)).sum();
  }

  // --- idleness ---------------------------------------------------------------------------------------------------

  private void idle(Place place) throws IOException {
    List<Proc> own = place.own();
    List<Proc> supervisor = own.stream().filter(Pinfold::supervisor).toList();
    List<String> java = new ArrayList<>(supervisor.getFirst().command().stream()
        .takeWhile(word -> !word.equals("-p"))
        .filter(word -> !word.matches("-D.*|--enable-.*|-Xlog.*|-XX:AOT.*"))
        .toList());
    Process bare = place.start(Peer.words(java, "-cp", bench.tools().toString(), "Idle"));
    Bench.pause(2000);
    List<Proc> idle = place.own().stream().filter(process -> process.pid() == bare.pid()).toList();
    List<Proc> rest = own.stream().filter(process -> !Pinfold.supervisor(process)).toList();
    double[] each = together(List.of(supervisor, rest, idle));
    bare.destroyForcibly();
    sheet.put(Pinfold.NAME, Row.IDLE, each[0]);
    sheet.put(Pinfold.NAME, Row.IDLE_KEEPER, each[1]);
    sheet.put(Sheet.BARE, Row.IDLE, each[2], Sheet.shown(each[2]) + " (an idle JVM)");
  }

  private double wakeups(List<Proc> processes) {
    return together(List.of(processes))[0];
  }

  /** Of each group in the same ten seconds. */
  private double[] together(List<List<Proc>> groups) {
    ToLongFunction<List<Proc>> sum = group -> group.stream().mapToLong(Proc::wakeups).sum();
    long[] before = groups.stream().mapToLong(sum).toArray();
    Bench.pause(scale.idleSeconds() * 1000L);
    double[] each = new double[before.length];
    for (int i = 0; i < each.length; i++) {
      each[i] = (sum.applyAsLong(groups.get(i)) - before[i]) * 10.0 / scale.idleSeconds();
    }
    return each;
  }

  // --- deaths -----------------------------------------------------------------------------------------------------

  private void dies(Place place, Peer peer, Death death) throws Exception {
    peer.configure(place.root, place.services(10, "writes", "2000"));
    place.start(peer.start(place.root));
    if (place.started("marks", 10, 30) == 0) {
      throw new IllegalStateException("only " + place.starts("marks") + " of 10 were up after 30 s");
    }
    Bench.pause(2000);
    List<Proc> before = place.services();
    victims(place.own(), peer, death).forEach(Proc::kill);
    Bench.pause(2000);
    long left = before.stream().filter(Proc::alive).count();
    Map<Long, BitSet> kept = new HashMap<>();
    keep(place, peer, kept); // a new start of some begins the logs anew; that is not what is asked here
    place.start(peer.start(place.root));
    Bench.pause(2000);
    place.until(6, () -> place.services().size() >= 10);
    Bench.pause(1500);
    int doubled = Math.max(0, place.services().size() - 10);
    freeze(place);
    keep(place, peer, kept);
    long lost = place.written().entrySet().stream()
        .mapToLong(writer ->
            Math.max(0, writer.getValue() - kept.getOrDefault(writer.getKey(), new BitSet()).cardinality()))
        .sum();
    sheet.say(peer.name(), death.row, left + ", " + doubled + ", " + lost);
  }

  private static List<Proc> victims(List<Proc> own, Peer peer, Death death) {
    if (!(peer instanceof Pinfold)) {
      return own.stream().filter(process -> own.stream().noneMatch(p -> p.pid() == process.parent())).toList();
    }
    return own.stream()
        .filter(process -> (death != Death.KEEPER && Pinfold.supervisor(process))
            || (death != Death.SUPERVISOR && Pinfold.keeper(process, own)))
        .toList();
  }

  /** No writer writes any more, and what they wrote has arrived. */
  private static void freeze(Place place) throws Exception {
    List<String> stop = new ArrayList<>(List.of("kill", "-STOP"));
    place.services().forEach(service -> stop.add(Long.toString(service.pid())));
    place.start(stop, place.root.resolve("stop")).waitFor(10, TimeUnit.SECONDS);
    Bench.pause(1500);
  }

  /** Adds the numbers of the lines that are in the logs now, by writer. */
  private static void keep(Place place, Peer peer, Map<Long, BitSet> kept) throws IOException {
    List<Path> logs;
    try (Stream<Path> files = Files.walk(peer.logs(place.root))) {
      logs = files.filter(Files::isRegularFile).filter(file -> !file.toString().endsWith(".idx")).toList();
    }
    for (Path log : logs) {
      try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
        lines.map(NUMBERED::matcher).filter(Matcher::find).forEach(line ->
            kept.computeIfAbsent(Long.parseLong(line.group(2)), pid -> new BitSet())
                .set(Integer.parseInt(line.group(1))));
      }
    }
  }

  private static double millis(long nanos) {
    return nanos / 1e6;
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }
}
