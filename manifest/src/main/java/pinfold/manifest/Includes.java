package pinfold.manifest;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import pinfold.contract.Code;
import pinfold.manifest.SourceValue.Entry;
import pinfold.manifest.SourceValue.Mapping;
import pinfold.manifest.SourceValue.Scalar;
import pinfold.manifest.SourceValue.Sequence;

/** Loads a manifest and what it includes into one tree, variables expanded. Used once. */
final class Includes {
  private static final int DEEPEST = 10;
  private static final int MOST = 100;
  private static final List<String> OF_INCLUDED = List.of("version", "include", "services");

  private final FileSource files;
  private final Surroundings around;
  private final Problems problems;
  private final Reading reading;
  private final Map<String, String> texts = new HashMap<>();
  private final List<Path> open = new ArrayList<>();
  private int included;

  /** Of the project that is being loaded. */
  private final Set<Path> known = new HashSet<>();

  private final Map<String, Entry> services = new LinkedHashMap<>();

  Includes(FileSource files, Surroundings around, Problems problems) {
    this.files = files;
    this.around = around;
    this.problems = problems;
    this.reading = new Reading(problems, around.home(), Optional.empty());
  }

  /**
   * The manifests that were read, by absolute path; no file of variables, whose lines must not be
   * quoted.
   */
  Map<String, String> texts() {
    return texts;
  }

  /**
   * The tree of the manifest with all services in it, each in its project; empty if the file could
   * not be read.
   */
  Optional<SourceValue> load(Path file) {
    Position start = new Position(file.toString(), 1, 1, 1);
    Optional<SourceValue> tree = tree(file, start, Code.MANIFEST_UNREADABLE, "the manifest");
    if (tree.isEmpty() || !(tree.get() instanceof Mapping root)) {
      return tree;
    }
    Optional<SourceValue> several = root.entry("projects").map(Entry::value);
    if (several.isEmpty()) {
      return Optional.of(gathered(file, root));
    }
    if (!(several.get() instanceof Mapping projects)) {
      return tree; // the table of keys says what it takes
    }
    List<Entry> each = new ArrayList<>();
    for (Entry project : projects.entries()) {
      each.add(
          project.value() instanceof Mapping keys
              ? new Entry(project.key(), project.at(), gathered(file, keys))
              : project);
    }
    return Optional.of(root.with("projects", new Mapping(projects.at(), each)));
  }

  /** A project with the services of what it includes. */
  private Mapping gathered(Path file, Mapping root) {
    known.clear();
    services.clear();
    collect(file, root);
    List<Entry> entries = new ArrayList<>();
    root.entries().stream().filter(e -> !e.key().equals("services")).forEach(entries::add);
    Optional<Entry> own = root.entry("services");
    if (own.isPresent() && !(own.get().value() instanceof Mapping)) {
      entries.add(own.get());
    } else {
      Position at = own.map(Entry::at).orElse(root.at());
      entries.add(
          new Entry(
              "services",
              at,
              new Mapping(
                  own.map(e -> e.value().at()).orElse(root.at()), List.copyOf(services.values()))));
    }
    return new Mapping(root.at(), entries);
  }

  private Optional<SourceValue> tree(Path file, Position from, Code failure, String what) {
    String text;
    try {
      text = files.read(file, YamlReader.LARGEST);
    } catch (NoSuchFileException e) {
      problems.add(Problem.of(failure, from, what + " does not exist: " + file));
      return Optional.empty();
    } catch (FileSource.TooLarge e) {
      problems.add(
          Problem.of(Code.INPUT_TOO_LARGE, from, what + " is too large: " + e.getMessage())
              .why("at most " + YamlReader.LARGEST + " are read")
              .help("put data into files of their own and name them"));
      return Optional.empty();
    } catch (IOException e) {
      problems.add(
          Problem.of(failure, from, what + " cannot be read: " + file)
              .why(String.valueOf(e.getMessage())));
      return Optional.empty();
    }
    texts.put(file.toString(), text);
    Optional<SourceValue> tree = YamlReader.read(file.toString(), text, problems);
    return tree.map(value -> expander(file).expand(value));
  }

  /** The variables for a file: those of the {@code .env} beside it, then the caller's. */
  private Variables expander(Path file) {
    Path beside = file.resolveSibling(".env");
    Map<String, String> own = new HashMap<>();
    try {
      String text = files.read(beside, EnvFile.LARGEST);
      EnvFile read = EnvFile.parse(beside, text, around.home());
      read.problems().forEach(problems::add);
      own.putAll(read.variables());
    } catch (NoSuchFileException e) {
      own.clear();
    } catch (IOException e) {
      problems.add(
          Problem.of(
                  Code.BAD_ENV_FILE,
                  new Position(beside.toString(), 1, 1, 1),
                  "the file of variables cannot be read")
              .why(String.valueOf(e.getMessage())));
    }
    return new Variables(
        name ->
            Optional.ofNullable(own.get(name))
                .or(() -> Optional.ofNullable(around.environment().get(name))),
        beside.toString(),
        problems);
  }

  private void collect(Path file, Mapping root) {
    known.add(file);
    open.add(file);
    if (root.entry("services").map(Entry::value).orElse(null) instanceof Mapping own) {
      own.entries().forEach(this::service);
    }
    root.entry("include").ifPresent(e -> including(e.value()));
    open.removeLast();
  }

  private void service(Entry entry) {
    Entry first = services.putIfAbsent(entry.key(), entry);
    if (first != null) {
      problems.add(
          Problem.of(
                  Code.DUPLICATE_SERVICE,
                  entry.at(),
                  "the service \"" + entry.key() + "\" is declared twice")
              .related(first.at(), "it was first declared here")
              .help("give one of them another name; an include only adds services"));
    }
  }

  private void including(SourceValue value) {
    switch (value) {
      case Scalar one -> include(one);
      case Sequence many ->
          many.items()
              .forEach(item -> {
                if (item instanceof Scalar one) {
                  include(one);
                }
              });
      // The table of keys says that this is wrong.
      case Mapping wrong -> {}
    }
  }

  private void include(Scalar name) {
    Path file;
    try {
      file = reading.resolve(name.text(), name.at());
    } catch (Refusal | InvalidPathException e) {
      return; // the table of keys says that this is no path
    }
    if (open.contains(file)) {
      List<String> circle = new ArrayList<>();
      open.subList(open.indexOf(file), open.size())
          .forEach(f -> circle.add(String.valueOf(f.getFileName())));
      circle.add(String.valueOf(file.getFileName()));
      problems.add(
          Problem.of(
                  Code.INCLUDE_CYCLE,
                  name.at(),
                  "files include each other: " + String.join(" -> ", circle))
              .help("remove one of these includes"));
      return;
    }
    if (known.contains(file)) {
      return;
    }
    if (open.size() > DEEPEST || included >= MOST) {
      problems.add(
          Problem.of(
              Code.INPUT_TOO_LARGE,
              name.at(),
              open.size() > DEEPEST
                  ? "includes are nested more than " + DEEPEST + " deep"
                  : "more than " + MOST + " files are included"));
      return;
    }
    included++;
    Optional<SourceValue> tree = tree(file, name.at(), Code.INCLUDE_FAILED, "the included file");
    if (tree.isPresent() && tree.get() instanceof Mapping root) {
      refuseOthers(root);
      collect(file, root);
    } else if (tree.isPresent()) {
      problems.add(
          Problem.of(
                  Code.WRONG_SHAPE,
                  tree.get().at(),
                  "the included file is " + tree.get().kindWords())
              .why("it takes a map with `services`"));
    }
  }

  private void refuseOthers(Mapping root) {
    for (Entry entry : root.entries()) {
      if (!OF_INCLUDED.contains(entry.key()) && !entry.key().startsWith("x-")) {
        problems.add(
            Problem.of(
                    Code.UNKNOWN_KEY,
                    entry.at(),
                    "unknown key \"" + entry.key() + "\" in an included file")
                .why("an include only adds services")
                .help("put it into the manifest itself"));
      }
      if (entry.key().equals("services") && !(entry.value() instanceof Mapping)) {
        problems.add(
            Problem.of(
                    Code.WRONG_SHAPE,
                    entry.value().at(),
                    "\"services\" is " + entry.value().kindWords())
                .why("it takes a map of services by name"));
      }
      if (entry.key().equals("version")
          && !(entry.value() instanceof Scalar s && s.text().equals("1"))) {
        problems.add(
            Problem.of(Code.UNSUPPORTED_VERSION, entry.value().at(), "\"version\" is not 1")
                .help("Pinfold's only version is 1; the key may be left out"));
      }
    }
  }
}
