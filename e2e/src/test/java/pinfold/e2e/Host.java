package pinfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A place of its own for one supervisor: state, home and project below one temporary folder.
 * Whatever runs for it has that folder's name in its command, its environment or as its working
 * directory, so that nothing can be left unseen.
 */
final class Host implements AutoCloseable {
  private static final JsonMapper MAPPER = new JsonMapper();

  private final Path root;
  private final Path state;
  private final Map<String, String> environment = new TreeMap<>();
  private final List<Running> started = new ArrayList<>();

  private Host(Path root, Path state) {
    this.root = root;
    this.state = state;
    environment.put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    environment.put("HOME", root.resolve("home").toString());
    environment.put("LANG", "C.UTF-8");
    environment.put("NO_COLOR", "1");
    environment.put("PINFOLD_STATE_DIR", state.toString());
  }

  static Host create() {
    return create("state");
  }

  /** A host whose state folder is at the given path below its own. */
  static Host create(String state) {
    try {
      Path root = Files.createTempDirectory("pinfold-test-");
      for (String folder : List.of("home", "project", "out")) {
        Files.createDirectory(root.resolve(folder));
      }
      return new Host(root, root.resolve(state));
    } catch (IOException e) {
      throw new AssertionError("cannot make a folder", e);
    }
  }

  Path project() {
    return root.resolve("project");
  }

  Path state() {
    return state;
  }

  void set(String variable, String value) {
    environment.put(variable, value);
  }

  Path write(String file, String text) {
    try {
      return Files.writeString(project().resolve(file), text);
    } catch (IOException e) {
      throw new AssertionError("cannot write " + file, e);
    }
  }

  String read(String file) {
    try {
      return Files.readString(project().resolve(file));
    } catch (IOException e) {
      throw new AssertionError("cannot read " + file, e);
    }
  }

  boolean exists(String file) {
    return Files.exists(project().resolve(file));
  }

  void delete(String file) {
    try {
      Files.delete(project().resolve(file));
    } catch (IOException e) {
      throw new AssertionError("cannot delete " + file, e);
    }
  }

  void manifest(String yaml) {
    write("pinfold.yaml", yaml);
  }

  void copy(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, project().resolve(file.getFileName()));
      }
    } catch (IOException e) {
      throw new AssertionError("cannot copy " + folder, e);
    }
  }

  Running start(String... arguments) {
    return startUnder(List.of(), arguments);
  }

  /**
   * A command of the product on a terminal, which script(1) makes; what is typed into it is {@link
   * Running#type}'s. Everything it prints, and the echo of the keys, is its output.
   *
   * @param arguments words of a shell
   */
  Running startOnTerminal(String... arguments) {
    return startLineOnTerminal("exec " + Product.launcher() + " " + String.join(" ", arguments));
  }

  /** The same of any line of a shell. */
  Running startLineOnTerminal(String line) {
    return launch(
        List.of("script", "--quiet", "--return", "--flush", "--command", line, "/dev/null"),
        ProcessBuilder.Redirect.PIPE);
  }

  /** Any line of a shell, with this host's surroundings. */
  Running startLine(String line) {
    return launch(
        List.of("sh", "-c", line), ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
  }

  /** A command of the product with a file as its input. */
  Running startWithInput(Path input, String... arguments) {
    List<String> command = new ArrayList<>(List.of(Product.launcher().toString()));
    command.addAll(List.of(arguments));
    return launch(command, ProcessBuilder.Redirect.from(input.toFile()));
  }

  /** A command of the product started by another program. */
  Running startUnder(List<String> wrapper, String... arguments) {
    List<String> command = new ArrayList<>(wrapper);
    command.add(Product.launcher().toString());
    command.addAll(List.of(arguments));
    return launch(command, ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
  }

  private Running launch(List<String> command, ProcessBuilder.Redirect input) {
    try {
      Path out = Files.createTempFile(root.resolve("out"), "out", "");
      Path err = Files.createTempFile(root.resolve("out"), "err", "");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(project().toFile())
              .redirectInput(input)
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().clear();
      builder.environment().putAll(environment);
      Running running = new Running(command, builder.start(), out, err);
      started.add(running);
      return running;
    } catch (IOException e) {
      throw new AssertionError("cannot start " + command, e);
    }
  }

  Outcome run(String... arguments) {
    return start(arguments).await();
  }

  /** A command of another product. */
  Outcome runOf(Path launcher, String... arguments) {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(arguments));
    return runCommand(command);
  }

  /** Any program, as the product's are run. */
  Outcome runCommand(List<String> command) {
    return launch(command, ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile())).await();
  }

  /** `up` that succeeds. */
  Outcome up(String... arguments) {
    List<String> all = new ArrayList<>(List.of("up"));
    all.addAll(List.of(arguments));
    return run(all.toArray(String[]::new)).exits(0);
  }

  StatusView status() {
    return StatusView.parse(run("status", "--all", "--json").out());
  }

  void awaitStatus(String what, java.util.function.Predicate<StatusView> condition) {
    Until.holds(what, () -> run("status", "--all").toString(), () -> condition.test(status()));
  }

  /**
   * KILL to the keeper and to the supervisor, at once: neither lives long enough to start the other
   * again.
   *
   * @return what `status` said just before
   */
  StatusView killBoth() {
    return killBoth(status());
  }

  StatusView killBoth(StatusView view) {
    HostProcess.signal(view.keeper(), "STOP");
    HostProcess.signal(view.supervisor(), "KILL");
    HostProcess.signal(view.keeper(), "KILL");
    Until.holds(
        "both are gone",
        () -> !HostProcess.lives(view.keeper()) && !HostProcess.lives(view.supervisor()));
    return view;
  }

  /** Everything that runs for this host, keeper and supervisor included. */
  List<HostProcess> processes() {
    Set<Long> own =
        started.stream().map(running -> running.process().pid()).collect(Collectors.toSet());
    return HostProcess.all().stream()
        .filter(process -> process.mentions(root.toString()) && !own.contains(process.pid()))
        .toList();
  }

  /** Process table, `status` and the facts on disk tell the same. */
  StatusView assertConsistent() {
    StatusView view = status();
    Map<String, Long> facts = facts();
    for (StatusView.Service service : view.services()) {
      for (StatusView.Instance instance : service.instances()) {
        if (instance.pid() > 0) {
          assertThat(facts).as("fact of %s", service).containsEntry(instance.id(), instance.pid());
          assertThat(processes().stream().filter(process -> process.pid() == instance.pid()))
              .as("process of %s", service)
              .singleElement()
              // A program may write its title over its environment, as nginx does.
              .satisfies(process ->
                  assertThat(process.environment())
                      .matches(
                          text -> text.contains(instance.id()) || !text.contains("PINFOLD_BIRTH")));
        }
      }
    }
    Set<Long> said = new TreeSet<>(view.pids());
    facts.forEach((birth, pid) ->
        assertThat(HostProcess.lives(pid) && !said.contains(pid))
            .as("%s lives as %d and is not in the status", birth, pid)
            .isFalse());
    return view;
  }

  /** Main processes of this boot's births by birth id, from the fact files. */
  private Map<String, Long> facts() {
    Map<String, Long> found = new TreeMap<>();
    try (DirectoryStream<Path> boots = Files.newDirectoryStream(state.resolve("run"))) {
      for (Path boot : boots) {
        if (Files.isDirectory(boot.resolve("facts"))) {
          facts(boot.resolve("facts"), found);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      throw new AssertionError("cannot read the facts", e);
    }
    return found;
  }

  private static void facts(Path folder, Map<String, Long> found) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.json")) {
      for (Path file : files) {
        read(file, found);
      }
    }
  }

  private static void read(Path file, Map<String, Long> found) throws IOException {
    JsonNode fact;
    try {
      fact = MAPPER.readTree(Files.readAllLines(file).getLast()); // the one that holds
    } catch (NoSuchFileException over) {
      return; // a birth that failed, or a run that ended, since the folder was read
    }
    if (fact.path("purpose").asString("main").equalsIgnoreCase("main")) {
      found.put(
          file.getFileName().toString().replace(".json", ""),
          fact.path("main").path("pid").asLong(0));
    }
  }

  /** Ends everything, and fails when something outlives that. */
  @Override
  public void close() {
    List<HostProcess> left;
    try {
      run("down", "--supervisor");
      started.forEach(running -> running.process().destroyForcibly());
      Until.holds("nothing is left", this::processes, () -> processes().isEmpty());
    } finally {
      left = processes();
      left.forEach(process -> HostProcess.signal(process.pid(), "KILL"));
      delete();
    }
    assertThat(left).as("left behind").isEmpty();
  }

  private void delete() {
    try {
      Files.walkFileTree(
          root,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(
                Path folder, @org.jspecify.annotations.Nullable IOException e) throws IOException {
              Files.delete(folder);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new AssertionError("cannot delete " + root, e);
    }
  }
}
