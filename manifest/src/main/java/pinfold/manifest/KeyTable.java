package pinfold.manifest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import pinfold.contract.Code;

/**
 * The one table of keys. Everything that knows what can be written comes from here: the reader, the
 * JSON Schema, the reference, the suggestions.
 */
final class KeyTable {
  /**
   * What the whole file says, before dependencies are resolved.
   *
   * @param services of the file's one project
   * @param projects the services of each of several projects
   */
  record Draft(
      Optional<ProjectName> project,
      Map<String, ServiceKeys.Draft> services,
      Map<String, Map<String, ServiceKeys.Draft>> projects) {}

  static final Key<String> VERSION =
      Key.of(
              "version",
              new Shape.One<>(
                  "1",
                  Shapes.orVariable(
                      pinfold.contract.Json.object(
                          "enum",
                          pinfold.contract.Json.array(
                              List.of(
                                  pinfold.contract.Json.of(1), pinfold.contract.Json.of("1"))))),
                  (s, in) -> {
                    if (!s.text().equals("1")) {
                      throw new Refusal(
                          Code.UNSUPPORTED_VERSION,
                          "is not a version of Pinfold's manifest",
                          "Pinfold's only version is 1; the key may be left out");
                    }
                    return s.text();
                  }),
              "The version of the manifest's language; 1 is the only one.")
          .or("1");
  static final Key<String> PROJECT =
      Key.of(
              "project",
              Shapes.name("a project", ProjectName.PATTERN),
              "The project's name. Without it, the name of the manifest's folder.")
          .alias("name");
  static final Key<List<java.nio.file.Path>> INCLUDE =
      Key.of(
              "include",
              Shapes.oneOrMany(Shapes.PATH),
              "Files that add services, relative to the one that names them.")
          .alias("includes");
  static final Key<Boolean> DEFAULTS =
      Key.of(
          "defaults",
          new Shape.Keys<>("defaults", ServiceKeys.SHARED, List.of(), f -> Optional.of(true)),
          "Merged into every service: `env`, `logs`, `limits` and `hooks` key by key, all others only where the service has none.");
  static final Key<Map<String, ServiceKeys.Draft>> SERVICES =
      Key.of(
          "services",
          new Shape.Named<>(
              "a service",
              "^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$",
              ServiceName::valid,
              ServiceKeys.SHAPE),
          "The services, by name.");

  static final Key<Map<String, Map<String, ServiceKeys.Draft>>> PROJECTS =
      Key.of(
          "projects",
          new Shape.Named<>(
              "a project",
              "^" + ProjectName.PATTERN + "$",
              ProjectName::valid,
              new Shape.Keys<>(
                  "project",
                  List.of(
                      INCLUDE.again(),
                      DEFAULTS.again().alias("env", "env_file", "logs"),
                      SERVICES.again()),
                  List.of(),
                  f -> Optional.of(f.own(SERVICES).orElse(Map.of())))),
          "Several projects in one file, by name, instead of `project`, `include` and `services`. Each is a project of its own; services depend on services of their project only.");

  static final Shape.Keys<Draft> MANIFEST =
      new Shape.Keys<>(
          "manifest",
          List.of(VERSION, PROJECT, INCLUDE, DEFAULTS, SERVICES, PROJECTS),
          List.of(),
          f ->
              Optional.of(
                  new Draft(
                      f.own(PROJECT).map(ProjectName::new),
                      f.own(SERVICES).orElse(Map.of()),
                      f.own(PROJECTS).orElse(Map.of()))));

  private KeyTable() {}

  /** Every map with known keys, by name, the outermost first. */
  static Map<String, Shape.Keys<?>> tables() {
    Map<String, Shape.Keys<?>> all = new LinkedHashMap<>();
    collect(MANIFEST, all);
    return all;
  }

  private static void collect(Shape<?> shape, Map<String, Shape.Keys<?>> all) {
    switch (shape) {
      case Shape.One<?> one -> {}
      case Shape.Many<?> many -> collect(many.element(), all);
      case Shape.Named<?> named -> collect(named.element(), all);
      case Shape.As<?, ?> as -> collect(as.inner(), all);
      case Shape.Again<?> again -> collect(again.inner(), all);
      case Shape.Either<?> either -> {
        List<Shape<?>> inner = new ArrayList<>(either.scalars());
        inner.addAll(either.lists());
        inner.addAll(either.maps());
        inner.forEach(s -> collect(s, all));
      }
      case Shape.Keys<?> keys -> {
        if (all.putIfAbsent(keys.name(), keys) == null) {
          keys.keys().forEach(key -> collect(key.shape(), all));
        }
      }
      case Shape.Union<?> union -> union.forms().forEach(form -> collect(form, all));
    }
  }
}
