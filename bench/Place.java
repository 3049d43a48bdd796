import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * A folder for one measurement. Every process that names it belongs to the measurement and is ended
 * with it.
 */
final class Place implements AutoCloseable {
  private static final int MARK = 31;
  private static final int END = 44;

  final Path root;
  private final String stamp;

  Place(Path tools) throws IOException {
    root = Files.createTempDirectory("pinfold-bench-");
    stamp = root.resolve("stamp").toString();
    Files.copy(tools.resolve("stamp"), Path.of(stamp));
  }

  /** The command of a service that stamps into the file of that name. */
  List<String> service(String marks, String... mode) {
    List<String> command = new ArrayList<>(List.of(stamp, root.resolve(marks).toString()));
    command.addAll(List.of(mode));
    return command;
  }

  /** So many times the same. */
  List<List<String>> services(int count, String... mode) {
    return Stream.generate(() -> service("marks", mode)).limit(count).toList();
  }

  Process start(List<String> command) throws IOException {
    return start(command, root.resolve("out"));
  }

  Process start(List<String> command, Path out) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(root.toFile())
        .redirectOutput(out.toFile()).redirectErrorStream(true)
        .redirectInput(Path.of("/dev/null").toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("PINFOLD_"));
    environment.put("PINFOLD_BENCH", root.toString()); // so that what it starts is found
    return builder.start();
  }

  /** Waits until so many starts were stamped, and returns when the last of them was; 0 when time is over. */
  long started(String marks, int count, int seconds) throws IOException {
    return until(seconds, () -> starts(marks) >= count) ? times(marks, MARK).get(count - 1) : 0;
  }

  /** How many starts were stamped. */
  long starts(String marks) {
    return root.resolve(marks).toFile().length() / MARK;
  }

  /** One end: when, and what it counted. */
  record End(long time, long count) {}

  List<End> ends(String marks, int count, int seconds) throws IOException {
    Path file = root.resolve(marks + ".end");
    if (!until(seconds, () -> file.toFile().length() / END >= count)) {
      return List.of();
    }
    try (Stream<String> lines = Files.lines(file)) {
      return lines.map(line -> line.split(" "))
          .map(words -> new End(Long.parseLong(words[0]), Long.parseLong(words[2]))).toList();
    }
  }

  /** Times of the starts. System.nanoTime is the same clock. */
  List<Long> times(String marks) throws IOException {
    return times(marks, MARK);
  }

  private List<Long> times(String marks, int width) throws IOException {
    String text = Files.readString(root.resolve(marks), StandardCharsets.ISO_8859_1);
    List<Long> times = new ArrayList<>();
    for (int at = 0; at + width <= text.length(); at += width) {
      times.add(Long.parseLong(text.substring(at, at + 19)));
    }
    return times;
  }

  /** How many lines each writer has written whole, by its pid. */
  Map<Long, Long> written() throws IOException {
    try (Stream<Path> files = Files.list(root)) {
      return files.filter(file -> file.getFileName().toString().matches("marks\\.\\d+"))
          .collect(java.util.stream.Collectors.toMap(
              file -> Long.parseLong(file.getFileName().toString().substring(6)), Place::counted));
    }
  }

  private static long counted(Path file) {
    try {
      return java.nio.ByteBuffer.wrap(Files.readAllBytes(file)).order(java.nio.ByteOrder.nativeOrder()).getLong();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The services that run. */
  List<Proc> services() {
    return Proc.of(root).stream().filter(process -> process.program().equals(stamp)).toList();
  }

  /** Everything that is not a service: supervisor, loggers, wardens. */
  List<Proc> own() {
    return Proc.of(root).stream().filter(process -> !process.program().equals(stamp)).toList();
  }

  boolean until(int seconds, BooleanSupplier condition) {
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        return false;
      }
      Bench.pause(5);
    }
    return true;
  }

  /** Ends everything, supervisors before services, until nothing is left. */
  @Override
  public void close() throws IOException {
    own().forEach(Proc::kill);
    until(20, () -> {
      List<Proc> left = Proc.of(root).stream().filter(Proc::alive).toList();
      left.forEach(Proc::kill);
      return left.isEmpty();
    });
    // What a process that dies at this moment still writes or removes is met by the next round.
    if (!until(20, this::removed)) {
      throw new IOException("cannot be removed");
    }
  }

  private boolean removed() {
    if (!Files.exists(root)) {
      return true;
    }
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
      return true;
    } catch (UncheckedIOException | IOException e) {
      return false;
    }
  }
}
