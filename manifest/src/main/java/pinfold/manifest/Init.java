package pinfold.manifest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import pinfold.contract.Json;
import pinfold.contract.JsonText;
import pinfold.contract.PinfoldException;

/**
 * Proposes a first manifest from what a folder holds. What it writes is always valid; a guess that
 * cannot be made is not made.
 */
public final class Init {
  /** Names of files whose text {@link #propose} looks into; of others only the name matters. */
  public static final List<String> READ =
      List.of(
          "Procfile",
          "package.json",
          "pom.xml",
          "Makefile",
          "compose.yaml",
          "compose.yml",
          "docker-compose.yaml",
          "docker-compose.yml");

  private static final int MOST = 20;
  private static final Pattern PROCFILE = Pattern.compile("(?m)^([A-Za-z0-9_-]+):[ \\t]*(\\S.*)$");
  private static final Pattern SPECIAL =
      Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}\\p{Cn}\\u2028\\u2029]");
  private static final Pattern TARGET = Pattern.compile("(?m)^(run|start|serve|dev)[ \\t]*:(?!=)");

  /** A guess: where it comes from, what it is called, what it runs. */
  private record Guess(String because, String name, Command command) {}

  /**
   * Something in the folder.
   *
   * @param name without folder
   * @param executable whether it is a regular file that may be executed
   * @param text its contents, for the names of {@link #READ} and for {@code *.java}
   */
  public record Found(String name, boolean executable, Optional<String> text) {}

  private final List<Found> folder;
  private final List<Guess> guesses = new ArrayList<>();

  private Init(List<Found> folder) {
    this.folder = folder;
  }

  /**
   * The text of a manifest.
   *
   * @param project the folder's name
   * @param schema where editors find the schema, a path or URL
   */
  public static String propose(ProjectName project, List<Found> folder, String schema) {
    Init init = new Init(folder);
    init.look();
    return init.write(project, schema.replaceAll("\\p{Cntrl}", ""));
  }

  private void look() {
    text("Procfile")
        .ifPresent(text ->
            PROCFILE
                .matcher(text)
                .results()
                .forEach(m -> shell("Procfile", m.group(1), m.group(2).strip())));
    if (!guesses.isEmpty()) {
      return;
    }
    text("package.json").ifPresent(this::packageJson);
    text("pom.xml").ifPresent(this::pom);
    if (has("gradlew")) {
      argv("gradlew", "app", "./gradlew", "run");
    }
    if (has("manage.py")) {
      argv("manage.py", "web", "python3", "manage.py", "runserver");
    }
    python();
    if (has("go.mod")) {
      argv("go.mod", "app", "go", "run", ".");
    }
    if (has("Cargo.toml")) {
      argv("Cargo.toml", "app", "cargo", "run");
    }
    for (Found found : folder) {
      if (found.name().endsWith(".java")
          && found.text().filter(t -> t.matches("(?s).*\\bvoid\\s+main\\s*\\(.*")).isPresent()) {
        argv(
            found.name(),
            found.name().replaceFirst("\\.java$", "").toLowerCase(java.util.Locale.ROOT),
            "java",
            found.name());
      }
    }
    if (guesses.isEmpty()) {
      text("Makefile")
          .map(TARGET::matcher)
          .filter(Matcher::find)
          .ifPresent(m -> argv("Makefile", "app", "make", m.group(1)));
    }
    if (guesses.isEmpty()) {
      folder.stream()
          .filter(f -> f.executable() && !f.name().startsWith(".") && !f.name().equals("pinfold"))
          .forEach(
              f -> argv(f.name(), f.name().replaceFirst("\\.[A-Za-z]+$", ""), "./" + f.name()));
    }
  }

  private void packageJson(String text) {
    try {
      if (JsonText.read(text) instanceof Json.Obj root
          && root.get("scripts").orElse(Json.Obj.EMPTY) instanceof Json.Obj scripts) {
        for (String script : List.of("start", "serve", "dev")) {
          if (scripts.get(script).isPresent()) {
            argv("package.json", "web", "npm", "run", script);
            return;
          }
        }
      }
    } catch (PinfoldException e) {
      argv("package.json, which is not valid JSON", "web", "npm", "start");
    }
  }

  private void pom(String text) {
    if (text.contains("spring-boot-maven-plugin")) {
      argv("pom.xml", "app", "mvn", "-q", "spring-boot:run");
    } else if (text.contains("quarkus-maven-plugin")) {
      argv("pom.xml", "app", "mvn", "-q", "quarkus:dev");
    } else if (text.contains("exec-maven-plugin")) {
      argv("pom.xml", "app", "mvn", "-q", "compile", "exec:java");
    }
  }

  private void python() {
    for (String name : List.of("app.py", "main.py", "server.py", "worker.py")) {
      if (has(name) && !has("manage.py")) {
        argv(name, name.replace(".py", ""), "python3", name);
      }
    }
  }

  private boolean has(String name) {
    return folder.stream().anyMatch(f -> f.name().equals(name));
  }

  private Optional<String> text(String name) {
    return folder.stream().filter(f -> f.name().equals(name)).findFirst().flatMap(Found::text);
  }

  private void shell(String because, String name, String line) {
    if (plain(line) && !line.isBlank()) {
      guesses.add(new Guess(because, name, new Command.Shell(line)));
    }
  }

  private void argv(String because, String name, String... argv) {
    if (List.of(argv).stream().allMatch(Init::plain)) {
      guesses.add(new Guess(because, name, new Command.Argv(List.of(argv))));
    }
  }

  /**
   * Whether a text can stand in a YAML file as it is: no control characters, nothing that is not
   * Unicode.
   */
  private static boolean plain(String text) {
    return !SPECIAL.matcher(text).find();
  }

  private String write(ProjectName project, String schema) {
    StringBuilder out = new StringBuilder();
    out.append("# yaml-language-server: $schema=").append(schema).append('\n');
    out.append(
        "# Start with `pinfold up`, look with `pinfold status`, check with `pinfold validate`.\n\n");
    out.append("project: ").append(quoted(project.text())).append("\n\nservices:\n");
    Map<String, Guess> named = new LinkedHashMap<>();
    for (Guess guess : guesses.subList(0, Math.min(MOST, guesses.size()))) {
      named.putIfAbsent(free(guess.name(), named), guess);
    }
    named.forEach((name, guess) -> service(out, name, guess));
    if (named.isEmpty()) {
      out.append("  # Nothing here looks like a service; this one only shows the form.\n");
      out.append("  hello:\n    command: \"while sleep 5; do date; done\"\n");
    }
    containers(out);
    return out.toString();
  }

  private void service(StringBuilder out, String name, Guess guess) {
    out.append("  # from ").append(printable(guess.because())).append('\n');
    out.append("  ")
        .append(name)
        .append(":\n    command: ")
        .append(
            switch (guess.command()) {
              case Command.Shell(String line) -> quoted(line);
              case Command.Argv(List<String> argv) ->
                  "[" + String.join(", ", argv.stream().map(Init::quoted).toList()) + "]";
            });
    out.append('\n');
    if (has(".env")) {
      out.append("    env_file: .env\n");
    }
  }

  private void containers(StringBuilder out) {
    for (Found found : folder) {
      if (found.name().contains("compose") && found.text().isPresent()) {
        Problems ignored = new Problems(); // a broken compose file is not what is asked about
        Optional<SourceValue> tree = YamlReader.read(found.name(), found.text().get(), ignored);
        List<String> names =
            tree.stream()
                .flatMap(t ->
                    t instanceof SourceValue.Mapping m
                        ? m.entry("services").stream()
                        : java.util.stream.Stream.empty())
                .flatMap(e ->
                    e.value() instanceof SourceValue.Mapping m
                        ? m.entries().stream()
                        : java.util.stream.Stream.empty())
                .map(e -> printable(e.key()))
                .limit(MOST)
                .toList();
        if (!names.isEmpty()) {
          out.append("  # ")
              .append(printable(found.name()))
              .append(" also has these as containers, which this release does not run: ")
              .append(String.join(", ", names))
              .append('\n');
        }
      }
    }
  }

  /** A valid name near the wanted one that nothing else here has. */
  private static String free(String wanted, Map<String, Guess> taken) {
    String name = wanted.replaceAll("[^A-Za-z0-9_-]", "-").replaceAll("^[^A-Za-z0-9]+", "");
    name = name.isEmpty() ? "service" : name.substring(0, Math.min(50, name.length()));
    // Of YAML's words, these would not be names.
    name =
        name.matches("(?i)true|false|null|y|n|yes|no|on|off|[0-9_]+|0[xo].*|[0-9]+e[0-9]+")
            ? "service-" + name
            : name;
    String free = name;
    for (int i = 2; taken.containsKey(free); i++) {
      free = name + "-" + i;
    }
    return free;
  }

  /** A JSON string is a YAML string; what Pinfold would expand is kept for the shell. */
  private static String quoted(String text) {
    boolean special = text.contains("${") || text.contains("$$");
    return JsonText.write(Json.of(special ? text.replace("$", "$$") : text));
  }

  private static String printable(String text) {
    String clean = text.replaceAll("[^\\p{Print}]", "?");
    return clean.substring(0, Math.min(80, clean.length()));
  }
}
