package pinfold.cli;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import pinfold.contract.Json;
import pinfold.contract.JsonText;
import pinfold.contract.PinfoldException;

/**
 * A first manifest from what a folder holds: a Procfile, the start command of a known build tool,
 * or a sample.
 */
final class FirstManifest {
  private static final Pattern PROCESS = Pattern.compile("([A-Za-z0-9_-]+):\\s*(\\S.*)");
  private static final int LARGEST = 1 << 20;

  /** A service of the manifest to be. */
  record Found(String command, String why) {}

  private FirstManifest() {}

  /** The text of the manifest. */
  static String of(Path folder) throws IOException {
    Map<String, Found> services = services(folder);
    StringBuilder out = new StringBuilder();
    out.append("# Services of this folder. Check it: pinfold validate. Start it: pinfold up.\n");
    out.append("# yaml-language-server schema: pinfold schema > pinfold.schema.json\n");
    out.append("version: 1\nproject: ").append(project(folder)).append("\n\nservices:\n");
    if (services.isEmpty()) {
      services.put(
          "hello",
          new Found("while :; do echo hello; sleep 10; done", "a sample; put your own here"));
    }
    services.forEach((name, found) -> {
      out.append("  ").append(name).append(":   # ").append(found.why()).append('\n');
      out.append("    command: ")
          .append(JsonText.write(Json.of(found.command().replace("$", "$$"))))
          .append('\n');
      out.append("    restart_policy: always\n");
    });
    if (Files.isRegularFile(folder.resolve(".env"))) {
      out.append("    # env_file: [.env]   # read at every start and never stored\n");
    }
    out.append(
        "    # ready: {http: \"http://127.0.0.1:8080/health\"}   # or tcp, exec, log, notify\n");
    out.append(
        "    # depends_on: [other]                               # waits until it is ready\n");
    return out.toString();
  }

  private static Map<String, Found> services(Path folder) throws IOException {
    Map<String, Found> services = new LinkedHashMap<>();
    for (String line : lines(folder.resolve("Procfile"))) {
      Matcher process = PROCESS.matcher(line.strip());
      if (process.matches()) {
        services.put(name(process.group(1)), new Found(process.group(2), "from Procfile"));
      }
    }
    if (services.isEmpty()) {
      known(folder).ifPresent(found -> services.put("app", found));
    }
    if (services.isEmpty()) {
      for (Path script : scripts(folder)) {
        String file = script.getFileName().toString();
        services.put(
            name(file.replaceFirst("\\.[a-z]+$", "")),
            new Found("./" + file, "an executable of this folder"));
      }
    }
    return services;
  }

  private static Optional<Found> known(Path folder) throws IOException {
    if (Files.isRegularFile(folder.resolve("package.json"))
        && hasStartScript(folder.resolve("package.json"))) {
      return Optional.of(new Found("npm start", "from package.json"));
    }
    if (Files.isRegularFile(folder.resolve("manage.py"))) {
      return Optional.of(new Found("python3 manage.py runserver", "from manage.py"));
    }
    if (Files.isRegularFile(folder.resolve("go.mod"))) {
      return Optional.of(new Found("go run .", "from go.mod"));
    }
    if (Files.isRegularFile(folder.resolve("Cargo.toml"))) {
      return Optional.of(new Found("cargo run --release", "from Cargo.toml"));
    }
    if (Files.isRegularFile(folder.resolve("Main.java"))) {
      return Optional.of(new Found("java Main.java", "from Main.java"));
    }
    return Optional.empty();
  }

  private static boolean hasStartScript(Path file) throws IOException {
    try {
      return JsonText.read(String.join("\n", lines(file))) instanceof Json.Obj root
          && root.get("scripts").orElse(Json.Null.NULL) instanceof Json.Obj scripts
          && scripts.get("start").isPresent();
    } catch (PinfoldException _) {
      return false; // not JSON: npm could not start it either
    }
  }

  private static List<Path> scripts(Path folder) throws IOException {
    List<Path> scripts = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.{sh,py,rb,pl}")) {
      for (Path file : files) {
        if (Files.isRegularFile(file) && Files.isExecutable(file) && scripts.size() < 10) {
          scripts.add(file);
        }
      }
    }
    scripts.sort(null);
    return scripts;
  }

  private static List<String> lines(Path file) throws IOException {
    if (!Files.isRegularFile(file) || Files.size(file) > LARGEST) {
      return List.of();
    }
    try {
      return Files.readAllLines(file);
    } catch (MalformedInputException _) {
      return List.of(); // no text
    }
  }

  private static String project(Path folder) {
    Path name = folder.getFileName();
    return name == null ? "project" : name(name.toString());
  }

  /** As names of projects and services may be. */
  private static String name(String text) {
    String name =
        text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]+", "-").replaceAll("^[^a-z]+|-+$", "");
    return name.isEmpty() ? "app" : name.substring(0, Math.min(name.length(), 40));
  }
}
