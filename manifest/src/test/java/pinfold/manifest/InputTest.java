package pinfold.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pinfold.contract.Exit;

/** Variables, {@code .env} files, includes. */
class InputTest {
  private static final Path DIR = Path.of("/srv/shop");

  private static Parsed files(Map<String, String> texts) {
    Map<Path, String> all = new HashMap<>();
    texts.forEach((name, text) -> all.put(DIR.resolve(name), text));
    return ManifestReader.read(FileSource.of(all), DIR.resolve("pinfold.yaml"), Texts.AROUND)
        .from(DIR);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "${PORT};8080",
        "a${PORT}b${PORT};a8080b8080",
        "${NONE:-d};d",
        "${NONE:-};",
        "${EMPTY:-d};d",
        "${EMPTY};",
        "$PORT;$PORT",
        "$$;$",
        "$${PORT};${PORT}",
        "$;$",
        "${;${",
        "${PORT;${PORT",
        "${1};${1}",
        "${PORT%x};${PORT%x}",
        "${PORT:=x};${PORT:=x}",
        "${NONE:-${PORT}};8080",
        "${NONE:-a${NONE:-b}c};abc",
        "$(date);$(date)",
        "${PINFOLD_JAVA_HOME}/bin/java;/opt/jdk/bin/java",
        "${NONE:-$$x};$x",
        "${PORT:?needed};8080",
        "$$$$;$$"
      })
  void variables(String text, String expected) {
    Manifest manifest = Texts.valid("services: {a: {command: x, env: {V: '" + text + "'}}}");
    assertThat(Texts.service("a", manifest).environment().variables())
        .containsEntry("V", expected == null ? "" : expected);
  }

  @Test
  void theFileBesideComesFirstAndKeysStayAsTheyAre() {
    Parsed parsed =
        files(
            Map.of(
                "pinfold.yaml",
                "services:\n  a: # ${COMMENT}\n    command: run ${PORT}\n    env: {'${PORT}': x}\n",
                ".env",
                "PORT=9"));
    Service service = Texts.service("a", parsed.manifest().orElseThrow());
    assertThat(service.command()).isEqualTo(new Command.Shell("run 9"));
    assertThat(service.environment().variables()).containsOnlyKeys("${PORT}");
  }

  @Test
  void aVariablesValueIsNotExpandedAgain() {
    Parsed parsed =
        files(Map.of("pinfold.yaml", "services: {a: {command: '${A}'}}", ".env", "A='${PORT} $$'"));
    assertThat(Texts.service("a", parsed.manifest().orElseThrow()).command())
        .isEqualTo(new Command.Shell("${PORT} $$"));
  }

  @Test
  void everyPlaceOfAMissingVariableIsSaid() {
    Parsed parsed =
        files(Map.of("pinfold.yaml", "services: {a: {command: 'x ${ONE} ${TWO:?because}'}}"));
    assertThat(parsed.problems())
        .extracting(p -> p.at().column() + " " + p.what())
        .containsExactly(
            "28 the variable ONE has no value", "35 the variable TWO has no value: because");
    assertThat(parsed.exit()).isEqualTo(Exit.INVALID);
  }

  @Test
  void theSyntaxOfAFileOfVariables() {
    String text =
        """
        # comment
        A=plain value   # comment
          export B = b\t
        C='single $x \\n # "kept"'
        D="double \\n \\"q\\" \\\\ \\$ \\x" # comment
        E=
        F="two
        lines"
        G=a#b
        H=~/x
        I='~/x'
        J="~"
        A=again
        K= # nothing
        """;
    EnvFile file = EnvFile.parse(DIR.resolve(".env"), text, Optional.of(Path.of("/home/ann")));
    assertThat(file.problems()).isEmpty();
    assertThat(file.variables())
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry("A", "again"),
                Map.entry("B", "b"),
                Map.entry("C", "single $x \\n # \"kept\""),
                Map.entry("D", "double \n \"q\" \\ $ \\x"),
                Map.entry("E", ""),
                Map.entry("F", "two\nlines"),
                Map.entry("G", "a#b"),
                Map.entry("H", "/home/ann/x"),
                Map.entry("I", "~/x"),
                Map.entry("J", "/home/ann"),
                Map.entry("K", "")));
    assertThat(EnvFile.parse(DIR, "A=1\r\nB=\"x\r\ny\"\r\n", Optional.empty()).variables())
        .isEqualTo(Map.of("A", "1", "B", "x\ny"));
  }

  @Test
  void badLinesAreAllSaidAndNoValueIsShown() {
    String text = "A=ok\nnonsense secret\n1X=secret\nB='x' secret\nC=\"secret\nD=1\n";
    Parsed parsed = files(Map.of("pinfold.yaml", "services: {a: {command: x}}", ".env", text));
    assertThat(parsed.problems())
        .extracting(
            p -> p.code().id() + " " + p.at().line() + ":" + p.at().column() + " " + p.what())
        .containsExactly(
            "PF1121 2:1 this line is not NAME=VALUE",
            "PF1121 3:1 this line is not NAME=VALUE",
            "PF1121 4:1 text follows the closing quote",
            "PF1121 5:3 the quote is never closed");
    assertThat(parsed.render()).doesNotContain("secret").contains("  --> .env:2:1");
  }

  @Property
  void noFileOfVariablesMakesItThrow(@ForAll String text) {
    EnvFile.parse(DIR, text, Optional.empty());
  }

  @Test
  void includesAddServicesOfTheirOwnFolder() {
    Parsed parsed =
        files(
            Map.of(
                "pinfold.yaml",
                    "include: [sub/a.yaml, sub/b.yaml]\nproject: p\nservices: {main: {command: x, depends_on: [a]}}",
                "sub/a.yaml",
                    "include: b.yaml\nservices: {a: {command: '${WHO}', env_file: a.env}}",
                "sub/b.yaml", "services: {b: {command: y, working_dir: w}}",
                "sub/.env", "WHO=sub"));
    assertThat(parsed.render()).isEmpty();
    Manifest manifest = parsed.manifest().orElseThrow();
    assertThat(manifest.services().keySet())
        .extracting(ServiceName::text)
        .containsExactly("main", "a", "b");
    assertThat(Texts.service("a", manifest).workingDir()).isEqualTo(Path.of("/srv/shop/sub"));
    assertThat(Texts.service("a", manifest).command()).isEqualTo(new Command.Shell("sub"));
    assertThat(Texts.service("a", manifest).environment().files())
        .containsExactly(Path.of("/srv/shop/sub/a.env"));
    assertThat(Texts.service("b", manifest).workingDir()).isEqualTo(Path.of("/srv/shop/sub/w"));
  }

  @Test
  void theSameNameTwiceShowsBothPlaces() {
    Parsed parsed =
        files(
            Map.of(
                "pinfold.yaml",
                "include: more.yaml\nservices:\n  api: {command: x}\n",
                "more.yaml",
                "services:\n  api: {command: y}\n"));
    assertThat(parsed.render())
        .isEqualTo(
            """
            error[PF1116]: the service "api" is declared twice
              --> more.yaml:2:3
               |
             2 |   api: {command: y}
               |   ^^^
              = it was first declared here
              --> pinfold.yaml:3:3
               |
             3 |   api: {command: x}
               |   ^^^
            help: give one of them another name; an include only adds services
            """);
  }

  @Test
  void includesThatCannotBe() {
    Parsed circle =
        files(
            Map.of(
                "pinfold.yaml",
                "include: a.yaml\nservices: {s: {command: x}}",
                "a.yaml",
                "include: pinfold.yaml"));
    assertThat(circle.problems())
        .extracting(p -> p.code().id() + " " + p.what())
        .containsExactly("PF1115 files include each other: pinfold.yaml -> a.yaml -> pinfold.yaml");
    Parsed missing =
        files(Map.of("pinfold.yaml", "include: none.yaml\nservices: {s: {command: x}}"));
    assertThat(missing.problems())
        .extracting(p -> p.code().id() + " " + p.at().column() + " " + p.what())
        .containsExactly("PF1114 10 the included file does not exist: /srv/shop/none.yaml");
    Parsed more =
        files(
            Map.of(
                "pinfold.yaml",
                "include: a.yaml\nservices: {s: {command: x}}",
                "a.yaml",
                "project: p\ndefaults: {}\nversion: 2\nservices: [x]\nx-a: 1\n"));
    assertThat(more.problems())
        .extracting(p -> p.code().id() + " " + p.at().line())
        .containsExactly("PF1103 1", "PF1103 2", "PF1123 3", "PF1106 4");
    assertThat(
            files(
                    Map.of(
                        "pinfold.yaml",
                        "include: a.yaml\nservices: {s: {command: x}}",
                        "a.yaml",
                        "[x]"))
                .problems())
        .extracting(p -> p.code().id())
        .containsExactly("PF1106");
    assertThat(
            files(Map.of("pinfold.yaml", "include: {a: b}\nservices: {s: {command: x}}"))
                .problems())
        .extracting(p -> p.code().id())
        .containsExactly("PF1106");
  }

  @Test
  void aProjectIncludesForItself() {
    String more = "services: {extra: {command: ./extra}}";
    Parsed parsed =
        files(
            Map.of(
                "pinfold.yaml",
                "projects:\n  shop: {include: more.yaml}\n  blog: {include: [more.yaml, other.yaml]}\n",
                "more.yaml",
                more,
                "other.yaml",
                "services: {extra: {command: x}, last: {command: x}}"));
    assertThat(parsed.problems())
        .extracting(p -> p.code().id() + " " + p.what())
        .containsExactly("PF1116 the service \"extra\" is declared twice");
    Parsed both =
        files(
            Map.of(
                "pinfold.yaml",
                "projects: {shop: {include: more.yaml}, blog: {include: more.yaml}}",
                "more.yaml",
                more));
    assertThat(both.render()).isEmpty();
    assertThat(both.projects())
        .allSatisfy(
            p -> assertThat(p.manifest().services()).containsOnlyKeys(new ServiceName("extra")));
    assertThat(
            files(
                    Map.of(
                        "pinfold.yaml",
                        "include: more.yaml\nservices: {a: {command: x}}",
                        "more.yaml",
                        "projects: {shop: {services: {b: {command: x}}}}"))
                .problems())
        .extracting(p -> p.code().id())
        .containsExactly("PF1103");
  }

  @Test
  void includesAreBounded() {
    Map<String, String> deep = new HashMap<>();
    deep.put("pinfold.yaml", "include: f0.yaml\nservices: {s: {command: x}}");
    for (int i = 0; i < 30; i++) {
      deep.put("f" + i + ".yaml", "include: f" + (i + 1) + ".yaml");
    }
    assertThat(files(deep).problems())
        .extracting(p -> p.code().id() + " " + p.what())
        .containsExactly("PF1113 includes are nested more than 10 deep");
    Map<String, String> wide = new HashMap<>();
    StringBuilder include = new StringBuilder("services: {s: {command: x}}\ninclude:\n");
    for (int i = 0; i < 120; i++) {
      include.append("- f").append(i).append(".yaml\n");
      wide.put("f" + i + ".yaml", "version: 1");
    }
    wide.put("pinfold.yaml", include.toString());
    assertThat(files(wide).problems())
        .isNotEmpty()
        .allSatisfy(p -> assertThat(p.what()).isEqualTo("more than 100 files are included"));
  }

  @Test
  void aManifestThatCannotBeRead() {
    assertThat(files(Map.of()).render())
        .isEqualTo(
            "error[PF1102]: the manifest does not exist: /srv/shop/pinfold.yaml\n  --> pinfold.yaml:1:1\n");
    FileSource broken =
        (file, most) -> {
          throw new IOException("Permission denied");
        };
    Parsed parsed = ManifestReader.read(broken, DIR.resolve("pinfold.yaml"), Surroundings.NONE);
    assertThat(parsed.render())
        .isEqualTo(
            "error[PF1102]: the manifest cannot be read: /srv/shop/pinfold.yaml\n  --> /srv/shop/pinfold.yaml:1:1\n  = Permission denied\n");
  }
}
