package pinfold.manifest;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import pinfold.contract.Code;
import pinfold.contract.Json;
import pinfold.manifest.SourceValue.Entry;
import pinfold.manifest.SourceValue.Mapping;

/**
 * A manifest of one project as JSON in which nothing is left to resolve: what the command line
 * sends, what is stored as intent. It is itself a valid manifest; where it was read from and the
 * place of each value stand below {@code x-pinfold}. Reading it trusts nothing.
 *
 * <p>A whole manifest leaves out what the defaults say: of some thirty keys of a service a person
 * writes five, and to write, send and read the others took most of a start of many services. A
 * service by itself, which is what a supervisor keeps, has them all.
 */
public final class Canonical {
  private static final String OWN = "x-pinfold";
  private static final String WHERE = "<canonical>";

  /** Keys that the defaults of others, or the file's place, depend on. */
  private static final Set<String> OF_ITS_OWN = Set.of("command", "restart_policy", "working_dir");

  private Canonical() {}

  /**
   * The canonical form.
   *
   * @param positions as {@link Parsed#positions} has them; may be empty
   */
  public static Json.Obj json(Manifest manifest, Map<String, Position> positions) {
    Json.Obj services = new Json.Obj(services(manifest));
    return Json.object("version", Json.of(1), "project", Json.of(manifest.project().text()))
        .with("services", services)
        .with(
            OWN,
            Json.object(
                "file", Json.of(manifest.file().toString()), "positions", positions(positions)));
  }

  /** The canonical form of what was read. */
  public static Json.Obj json(Manifest manifest) {
    return json(manifest, Map.of());
  }

  private static Map<String, Json> services(Manifest manifest) {
    Map<RestartPolicy, Json.Obj> usual = new EnumMap<>(RestartPolicy.class);
    Map<String, Json> all = new LinkedHashMap<>();
    manifest
        .services()
        .forEach((name, service) ->
            all.put(
                name.text(),
                without(
                    ServiceJson.of(service),
                    usual.computeIfAbsent(service.restartPolicy(), Canonical::usual))));
    return all;
  }

  /** Every default that goes with a restart policy: some depend on it. */
  private static Json.Obj usual(RestartPolicy policy) {
    ServiceName name = new ServiceName("usual");
    Json.Obj keys =
        Json.object("command", Json.of("usual"), "restart_policy", Json.of(policy.word()));
    return service(name, keys, Path.of("/"))
        .manifest()
        .flatMap(manifest -> manifest.service(name))
        .map(ServiceJson::of)
        .orElseThrow();
  }

  private static Json.Obj without(Json.Obj service, Json.Obj usual) {
    Map<String, Json> left = new LinkedHashMap<>();
    service
        .fields()
        .forEach((key, value) -> {
          if (OF_ITS_OWN.contains(key) || !value.equals(usual.fields().get(key))) {
            left.put(key, value);
          }
        });
    return new Json.Obj(left);
  }

  /** All keys of a service with every default written out, as {@code inspect} shows them. */
  public static Json.Obj json(Service service) {
    return ServiceJson.of(service);
  }

  private static Json.Obj positions(Map<String, Position> positions) {
    List<String> files =
        positions.values().stream().map(Position::file).distinct().sorted().toList();
    Map<String, Json> at = new LinkedHashMap<>();
    positions.entrySet().stream()
        .filter(e -> e.getKey().startsWith("/services/"))
        .sorted(Map.Entry.comparingByKey())
        .forEach(e -> {
          Position p = e.getValue();
          at.put(
              e.getKey(),
              Json.of(
                  files.indexOf(p.file()) + ":" + p.line() + ":" + p.column() + ":" + p.width()));
        });
    return Json.object("files", Json.strings(files), "at", new Json.Obj(at));
  }

  /**
   * Reads what {@link #json} wrote, or what somebody else did: never throws for what the tree
   * holds.
   */
  public static Parsed read(Json.Obj json) {
    Problems problems = new Problems();
    Map<String, Position> positions = positions(json);
    Optional<Path> file = file(json, problems);
    SourceValue tree = tree(json, "", new Position(WHERE, 1, 1, 1), positions);
    refuse(tree, problems);
    return file.isEmpty()
        ? new Parsed(List.of(), problems.sorted(), Sources.NONE)
        : bind(tree, file.get(), problems);
  }

  /**
   * Reads the keys of one service that no manifest has.
   *
   * @param keys as in a manifest; paths are absolute
   * @param folder absolute; where it runs unless the keys say otherwise
   */
  public static Parsed service(ServiceName name, Json.Obj keys, Path folder) {
    Json.Obj json = Json.object("services", Json.object(name.text(), keys));
    return bind(
        tree(json, "", new Position("<service>", 1, 1, 1), Map.of()),
        folder.resolve("pinfold.yaml"),
        new Problems());
  }

  private static Parsed bind(SourceValue tree, Path file, Problems problems) {
    Reading reading = new Reading(problems, Optional.empty(), Optional.of(file));
    List<Parsed.Project> projects = new Binder(reading).bind(tree, file);
    return new Parsed(
        problems.count() == 0 ? projects : List.of(), problems.sorted(), Sources.NONE);
  }

  private static Optional<Path> file(Json.Obj json, Problems problems) {
    try {
      if (json.get(OWN).orElse(Json.Obj.EMPTY) instanceof Json.Obj own
          && own.get("file").orElse(Json.Null.NULL) instanceof Json.Str(String text)
          && Path.of(text).isAbsolute()) {
        return Optional.of(Path.of(text).normalize());
      }
    } catch (InvalidPathException e) {
      problems.add(
          Problem.of(
                  Code.BAD_VALUE,
                  new Position(WHERE, 1, 1, 1),
                  "the canonical manifest names an impossible file")
              .why(String.valueOf(e.getReason())));
      return Optional.empty();
    }
    problems.add(
        Problem.of(
                Code.BAD_VALUE,
                new Position(WHERE, 1, 1, 1),
                "the canonical manifest does not say which file it is")
            .why("it takes an absolute path at x-pinfold.file"));
    return Optional.empty();
  }

  /** What only a person's file may have: here it would be accepted and ignored. */
  private static void refuse(SourceValue tree, Problems problems) {
    if (tree instanceof Mapping root) {
      for (String key : List.of("include", "defaults", "projects")) {
        root.entry(key)
            .ifPresent(e ->
                problems.add(
                    Problem.of(
                        Code.UNKNOWN_KEY, e.at(), "a canonical manifest has no \"" + key + "\"")));
      }
    }
  }

  private static Map<String, Position> positions(Json.Obj json) {
    Map<String, Position> found = new HashMap<>();
    if (json.get(OWN).orElse(Json.Obj.EMPTY) instanceof Json.Obj own
        && own.get("positions").orElse(Json.Obj.EMPTY) instanceof Json.Obj positions
        && positions.get("files").orElse(Json.Arr.EMPTY) instanceof Json.Arr(List<Json> files)
        && positions.get("at").orElse(Json.Obj.EMPTY) instanceof Json.Obj(Map<String, Json> at)) {
      at.forEach((pointer, place) -> position(files, place).ifPresent(p -> found.put(pointer, p)));
    }
    return found;
  }

  /** From the text {@code file:line:column:width}, the file by its number. */
  private static Optional<Position> position(List<Json> files, Json place) {
    if (!(place instanceof Json.Str(String text)) || text.length() > 50) {
      return Optional.empty();
    }
    int[] v = new int[4];
    int from = 0;
    for (int i = 0; i < v.length; i++) {
      int colon = text.indexOf(':', from);
      int to = i < v.length - 1 ? colon : text.length();
      v[i] = to < from || (i == v.length - 1 && colon >= 0) ? -1 : number(text, from, to);
      if (v[i] < 0) {
        return Optional.empty();
      }
      from = to + 1;
    }
    boolean usable = v[0] < files.size() && v[1] > 0 && v[2] > 0 && v[3] > 0;
    return usable && files.get(v[0]) instanceof Json.Str(String file)
        ? Optional.of(new Position(file, v[1], v[2], v[3]))
        : Optional.empty();
  }

  /** -1 for what is no number of at most nine digits. */
  private static int number(String text, int from, int to) {
    if (to == from || to - from > 9) {
      return -1;
    }
    int value = 0;
    for (int i = from; i < to; i++) {
      char digit = text.charAt(i);
      if (digit < '0' || digit > '9') {
        return -1;
      }
      value = 10 * value + digit - '0';
    }
    return value;
  }

  private static SourceValue tree(
      Json json, String pointer, Position above, Map<String, Position> positions) {
    Position at = positions.getOrDefault(pointer, above);
    return switch (json) {
      case Json.Obj(Map<String, Json> fields) -> {
        List<Entry> entries = new ArrayList<>();
        fields.forEach((key, value) -> {
          String member = Pointers.child(pointer, key);
          if (!(pointer.isEmpty() && key.equals(OWN))) {
            entries.add(
                new Entry(
                    key, positions.getOrDefault(member, at), tree(value, member, at, positions)));
          }
        });
        yield new Mapping(at, entries);
      }
      case Json.Arr(List<Json> items) -> {
        List<SourceValue> all = new ArrayList<>();
        for (Json item : items) {
          all.add(tree(item, Pointers.child(pointer, Integer.toString(all.size())), at, positions));
        }
        yield new SourceValue.Sequence(at, all);
      }
      case Json.Str(String text) -> new SourceValue.Scalar(at, text, SourceValue.Kind.STRING);
      case Json.Int(long number) ->
          new SourceValue.Scalar(at, Long.toString(number), SourceValue.Kind.INT);
      case Json.Real(double number) ->
          new SourceValue.Scalar(
              at,
              new java.math.BigDecimal(Double.toString(number)).toPlainString(),
              SourceValue.Kind.FLOAT);
      case Json.Bool(boolean truth) ->
          new SourceValue.Scalar(at, Boolean.toString(truth), SourceValue.Kind.BOOL);
      case Json.Null n -> new SourceValue.Scalar(at, "null", SourceValue.Kind.NULL);
    };
  }
}
