import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One table from one run: Pinfold, its peers and plain C loops at the same work on the same machine. */
final class Bench {
  private static final int WHOLE_SECONDS = 700;

  /** Something that is measured, in its own place. */
  interface Measure {
    void in(Place place) throws Exception;
  }

  private final long begin = System.nanoTime();
  private final Path tools;
  private final Sheet sheet;
  private volatile Place current;

  private Bench(Path tools, Sheet sheet) {
    this.tools = tools;
    this.sheet = sheet;
    Runtime.getRuntime().addShutdownHook(new Thread(this::clear));
  }

  static void main(String[] arguments) throws IOException {
    Path product = Path.of(arguments[0]);
    Path tools = Path.of(arguments[1]);
    List<String> words = Arrays.asList(arguments).subList(2, arguments.length);
    List<String> only = words.stream().filter(word -> !word.startsWith("--")).map(w -> w.toLowerCase(Locale.ROOT)).toList();
    Sheet sheet = new Sheet();
    Bench bench = new Bench(tools, sheet);
    Measures measures = new Measures(bench, sheet, words.contains("--quick") ? Scale.QUICK : Scale.FULL);
    measures.bare(tools.resolve("bare").toString());
    for (Peer peer : Peer.all(product, tools)) {
      if (peer.present() && (only.isEmpty() || only.stream().anyMatch(peer.name().toLowerCase(Locale.ROOT)::startsWith))) {
        sheet.column(peer.name());
        measures.all(peer);
      }
    }
    sheet.print();
    new Targets(sheet).print();
    Path absent = tools.resolve("absent");
    System.out.println();
    if (Files.exists(absent)) {
      Files.readAllLines(absent).forEach(line -> System.out.println("* not installed: " + line));
    }
    System.out.printf("%d s%n", TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - bench.begin));
    System.exit(0); // a measurement that was given up may still wait for something
  }

  static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException("given up", e);
    }
  }

  Path tools() {
    return tools;
  }

  /** Measures within a bound. What hangs or fails says so in every of its rows that has nothing yet. */
  void measure(String column, List<Row> rows, int seconds, Measure measure) {
    long left = WHOLE_SECONDS - TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin);
    if (left < 5) {
      say(column, rows, "not measured: the time of the run was over");
      return;
    }
    long bound = Math.min(seconds, left);
    FutureTask<Void> task = new FutureTask<>(() -> {
      try (Place place = new Place(tools)) {
        current = place;
        measure.in(place);
      }
      return null;
    });
    Thread thread = Thread.ofPlatform().daemon().name(column).start(task);
    try {
      task.get(bound, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      thread.interrupt();
      clear();
      say(column, rows, "nothing within " + bound + " s");
    } catch (ExecutionException e) {
      e.getCause().printStackTrace();
      say(column, rows, "failed: " + e.getCause());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void say(String column, List<Row> rows, String text) {
    rows.stream().filter(row -> !sheet.has(column, row)).forEach(row -> sheet.say(column, row, text));
  }

  private void clear() {
    Place place = current;
    if (place != null) {
      try {
        place.close();
      } catch (IOException e) {
        System.err.println("left behind: " + place.root + ": " + e);
      }
    }
  }
}
