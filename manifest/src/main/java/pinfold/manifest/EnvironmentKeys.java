package pinfold.manifest;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import pinfold.manifest.SourceValue.Entry;
import pinfold.manifest.SourceValue.Mapping;
import pinfold.manifest.SourceValue.Sequence;

/** The shapes of {@code env}, {@code env_file} and {@code inherit_env}. */
final class EnvironmentKeys {
  private static final String NAME = "^[^=\\u0000]+$";

  private static final Shape<String> VALUE =
      new Shape.One<>(
          "a string", Shapes.scalarSchema(), (s, in) -> in.withHome(Shapes.withoutNul(s.text())));

  private static final Shape<Map<String, String>> VARIABLES =
      new Shape.Named<>("an environment variable", NAME, EnvironmentSpec::validName, VALUE);

  static final Shape<List<Path>> FILES = Shapes.oneOrMany(Shapes.PATH);

  private static final Key<Map<String, String>> VARS = Key.of("vars", VARIABLES, "The variables.");
  private static final Key<List<Path>> FILE = Key.of("file", FILES, "The same as `env_file`.");

  private static final Shape<Variables> SEED =
      new Shape.Keys<>(
          "env",
          List.of(FILE, VARS),
          List.of(),
          f ->
              Optional.of(
                  new Variables(f.own(VARS).orElse(Map.of()), f.own(FILE).orElse(List.of()))));

  private static final Shape<Variables> PLAIN =
      new Shape.As<>(VARIABLES, all -> new Variables(all, List.of()));

  /**
   * A plain map, or the older form of {@code file} and {@code vars}, told apart by {@link #older}.
   */
  static final Shape<Variables> ENV =
      new Shape.Union<>(
          "a map of variables, or {file, vars}",
          List.of(PLAIN, SEED),
          value -> value instanceof Mapping map && older(map) ? SEED : PLAIN);

  static final Shape<EnvironmentSpec.Inherit> INHERIT =
      new Shape.Either<>(
          "true, false, or a list of names",
          List.of(
              new Shape.As<>(
                  Shapes.BOOL,
                  yes ->
                      yes
                          ? new EnvironmentSpec.Inherit.All()
                          : new EnvironmentSpec.Inherit.Nothing())),
          List.of(
              new Shape.As<>(
                  new Shape.Many<>(
                      "a list of names", Shapes.name("an environment variable", "[^=\\u0000]+"), 0),
                  EnvironmentSpec.Inherit.Names::new)),
          List.of());

  private EnvironmentKeys() {}

  /** What {@code env} says. */
  record Variables(Map<String, String> variables, List<Path> files) {}

  /** A map with a map at {@code vars}, or with nothing but {@code file}, is of the older form. */
  static boolean older(Mapping map) {
    return map.entry("vars").filter(e -> e.value() instanceof Mapping).isPresent()
        || (map.entries().size() == 1 && map.entry("file").isPresent());
  }

  /**
   * Two values of {@code env}: the files of both in order, the variables of both, the second wins.
   */
  static SourceValue merge(SourceValue first, SourceValue second) {
    if (!(first instanceof Mapping base) || !(second instanceof Mapping over)) {
      return second;
    }
    List<SourceValue> files =
        Stream.of(base, over)
            .filter(EnvironmentKeys::older)
            .flatMap(m -> m.entry("file").stream())
            .flatMap(e ->
                e.value() instanceof Sequence list ? list.items().stream() : Stream.of(e.value()))
            .toList();
    Map<String, Entry> variables = new LinkedHashMap<>();
    List<Entry> rest = new ArrayList<>();
    for (Mapping map : List.of(base, over)) {
      boolean older = older(map);
      SourceValue vars =
          older
              ? map.entry("vars").map(Entry::value).orElse(new Mapping(map.at(), List.of()))
              : map;
      if (vars instanceof Mapping plain) {
        plain.entries().forEach(e -> variables.put(e.key(), e));
      }
      if (older) {
        map.entries().stream()
            .filter(e -> !e.key().equals("vars") && !e.key().equals("file"))
            .forEach(rest::add);
      }
    }
    List<Entry> entries = new ArrayList<>(rest);
    if (!files.isEmpty()) {
      entries.add(
          new Entry("file", files.getFirst().at(), new Sequence(files.getFirst().at(), files)));
    }
    entries.add(
        new Entry("vars", over.at(), new Mapping(over.at(), List.copyOf(variables.values()))));
    return new Mapping(over.at(), entries);
  }
}
