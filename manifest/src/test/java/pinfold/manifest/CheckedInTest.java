package pinfold.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Files of the repository that this room makes or must be able to read. With {@code
 * -Dpinfold.write=true} what is made is written instead of compared.
 */
class CheckedInTest {
  private static final Path ROOT =
      Path.of(System.getProperty("pinfold.root", "..")).toAbsolutePath().normalize();

  @Test
  void theReferenceIsUpToDate() throws IOException {
    same(ROOT.resolve("docs/manifest.md"), Reference.markdown());
  }

  @Test
  void theSchemaIsUpToDate() throws IOException {
    same(ROOT.resolve("schema/v1.json"), JsonSchema.text());
  }

  private static void same(Path file, String made) throws IOException {
    if (Boolean.getBoolean("pinfold.write")) {
      Files.createDirectories(file.resolveSibling("."));
      Files.writeString(file, made);
    }
    assertThat(file).as("write it with -Dpinfold.write=true").hasContent(made.stripTrailing());
  }

  @TestFactory
  Stream<DynamicTest> theExamplesAreManifests() throws IOException {
    Path examples = ROOT.resolve("examples");
    if (!Files.isDirectory(examples)) {
      return Stream.of(
          DynamicTest.dynamicTest("no examples", () -> assertThat(examples).doesNotExist()));
    }
    try (Stream<Path> found = Files.walk(examples)) {
      List<Path> manifests = found.filter(f -> f.endsWith("pinfold.yaml")).toList();
      return manifests.stream()
          .map(
              file -> DynamicTest.dynamicTest(ROOT.relativize(file).toString(), () -> valid(file)));
    }
  }

  private static void valid(Path file) {
    FileSource disk = (path, most) -> new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
    Surroundings around =
        new Surroundings(
            Map.of("PINFOLD_JAVA_HOME", "/opt/jdk", "HOME", "/home/ann", "USER", "ann"),
            Optional.of(Path.of("/home/ann")));
    Parsed parsed = ManifestReader.read(disk, file, around);
    assertThat(parsed.render()).isEmpty();
    assertThat(
            Canonical.read(Canonical.json(parsed.manifest().orElseThrow(), parsed.positions()))
                .manifest())
        .isEqualTo(parsed.manifest());
  }
}
