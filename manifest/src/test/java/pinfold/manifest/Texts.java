package pinfold.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Manifests for the tests of this room: everything lives in {@code /srv/shop}. */
final class Texts {
  static final Path FILE = Path.of("/srv/shop/pinfold.yaml");
  static final Surroundings AROUND =
      new Surroundings(
          Map.of("PORT", "8080", "EMPTY", "", "PINFOLD_JAVA_HOME", "/opt/jdk"),
          Optional.of(Path.of("/home/ann")));

  private Texts() {}

  static Parsed read(String text) {
    return ManifestReader.read(FILE, text, AROUND).from(Path.of("/srv/shop"));
  }

  static Manifest valid(String text) {
    Parsed parsed = read(text);
    assertThat(parsed.render()).isEmpty();
    return parsed.manifest().orElseThrow();
  }

  /** The service {@code api} with these keys, each on a line of its own, and a command. */
  static Service api(String... keys) {
    return service("api", valid(apiText(keys)));
  }

  static String apiText(String... keys) {
    return "services:\n  api:\n    command: ./api\n"
        + "    "
        + String.join("\n    ", keys)
        + "\n  db: {command: db, ready: {notify: true}}\n  job: {command: job}\n";
  }

  static Service service(String name, Manifest manifest) {
    return manifest.service(new ServiceName(name)).orElseThrow();
  }

  static String problems(String text) {
    Parsed parsed = read(text);
    assertThat(parsed.manifest()).isEmpty();
    return parsed.render();
  }
}
