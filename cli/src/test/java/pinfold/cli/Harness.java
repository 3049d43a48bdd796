package pinfold.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A folder, an environment and streams for one test; commands run in this process. */
final class Harness implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  /** How a command ended and what it said. */
  record Result(int code, String out, String err) {}

  final Path folder;
  final Path state;
  final Map<String, String> environment = new HashMap<>();
  InputStream in = InputStream.nullInputStream();
  boolean terminal;

  Harness() {
    try {
      folder = Files.createTempDirectory("pinfold-test-").toRealPath();
      state = Files.createDirectory(folder.resolve("state"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    environment.put("PINFOLD_STATE_DIR", state.toString());
    environment.put("HOME", folder.toString());
  }

  Harness typed(String text) {
    in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  Harness file(String name, String text) throws IOException {
    Files.createDirectories(folder.resolve(name).getParent());
    Files.writeString(folder.resolve(name), text);
    return this;
  }

  Result run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code = new Cli(console(out, err)).run(List.of(arguments));
    return new Result(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** With an output that may fail; what it got is not looked at. */
  Result runInto(OutputStream out, String... arguments) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code = new Cli(console(out, err)).run(List.of(arguments));
    return new Result(code, "", err.toString(StandardCharsets.UTF_8));
  }

  /** What a verb is given. */
  Invocation invocation(String verb, String... arguments) {
    List<String> words = new ArrayList<>(List.of(verb));
    words.addAll(List.of(arguments));
    Console console = console(OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
    return Usage.of(verb, Verbs.find(verb).orElseThrow())
        .parse(Words.of(words), console)
        .orElseThrow();
  }

  private Console console(OutputStream out, OutputStream err) {
    return new Console(
        in,
        false,
        new Output(out, terminal),
        new Output(err, terminal),
        environment,
        folder,
        Clock.fixed(NOW, ZoneOffset.UTC));
  }

  @Override
  public void close() throws IOException {
    List<Path> all = new ArrayList<>();
    try (Stream<Path> tree = Files.walk(folder)) {
      tree.forEach(all::add);
    }
    all.sort(Comparator.reverseOrder());
    for (Path path : all) {
      Files.delete(path);
    }
  }
}
