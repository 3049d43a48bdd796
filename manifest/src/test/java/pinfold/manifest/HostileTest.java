package pinfold.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import pinfold.contract.Code;
import pinfold.contract.JsonText;

/** Whatever a file holds, the answer is a manifest or problems, soon. */
class HostileTest extends AnyManifest {
  private static List<Code> codes(String text) {
    return Texts.read(text).problems().stream().map(Problem::code).toList();
  }

  @Test
  @Timeout(60)
  void tenMegabytes() {
    Parsed parsed = Texts.read("services: {a: {command: x}} # " + "x".repeat(10_000_000));
    assertThat(parsed.problems())
        .singleElement()
        .satisfies(p -> {
          assertThat(p.code()).isEqualTo(Code.INPUT_TOO_LARGE);
          assertThat(p.what()).isEqualTo("the manifest is too large: it has 10000030 bytes");
        });
  }

  @Test
  @Timeout(60)
  void aBillionLaughs() {
    StringBuilder text =
        new StringBuilder("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
    for (int i = 1; i < 30; i++) {
      text.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(9) + "x"));
    }
    assertThat(codes(text + "services: {a: {command: *a29}}"))
        .containsExactly(Code.INPUT_TOO_LARGE);
  }

  @Test
  @Timeout(60)
  void aBillionMerges() {
    StringBuilder text = new StringBuilder("a0: &a0 {k0: {x: 1}}\n");
    for (int i = 1; i < 40; i++) {
      text.append(
          "a%d: &a%d {<<: [*a%d, *a%d], k%d: {<<: *a%d}}\n"
              .formatted(i, i, i - 1, i - 1, i, i - 1));
    }
    assertThat(codes(text.toString())).contains(Code.INPUT_TOO_LARGE);
  }

  @Test
  @Timeout(60)
  void aValueInsideItself() {
    assertThat(codes("services: &s {a: *s}")).containsExactly(Code.BAD_SYNTAX);
  }

  @Test
  @Timeout(60)
  void deepNesting() {
    assertThat(codes("a: " + "[".repeat(100_000))).containsExactly(Code.INPUT_TOO_LARGE);
    assertThat(codes("a: " + "{b: ".repeat(100_000))).containsExactly(Code.INPUT_TOO_LARGE);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 500; i++) {
      text.append(" ".repeat(i)).append("a:\n");
    }
    assertThat(codes(text.toString())).containsExactly(Code.INPUT_TOO_LARGE);
    assertThat(
            codes(
                "services: {a: {command: '" + "${A:-".repeat(50_000) + "}".repeat(50_000) + "'}}"))
        .doesNotContain(Code.BAD_SYNTAX);
    assertThat(
            codes(
                "services: {a: {command: x, ready: {log: '"
                    + "(".repeat(100_000)
                    + ")".repeat(100_000)
                    + "'}}}"))
        .doesNotContain(Code.BAD_SYNTAX);
  }

  @Test
  @Timeout(60)
  void manyServicesAndManyProblems() {
    StringBuilder many = new StringBuilder("services:\n");
    for (int i = 0; i < 20_001; i++) {
      many.append("  s").append(i).append(": {command: x}\n");
    }
    assertThat(codes(many.toString())).containsExactly(Code.INPUT_TOO_LARGE);
    assertThat(
            codes(
                many.toString()
                    .replace("command", "comand")
                    .substring(0, 400_000)
                    .replaceFirst("\\n[^\\n]*$", "\n")))
        .hasSize(200);
  }

  @Test
  @Timeout(60)
  void manyProjects() {
    StringBuilder many = new StringBuilder("projects:\n");
    for (int i = 0; i < 257; i++) {
      many.append("  p").append(i).append(": {services: {a: {command: x}}}\n");
    }
    assertThat(codes(many.toString())).containsExactly(Code.INPUT_TOO_LARGE);
    StringBuilder env = new StringBuilder("defaults:\n  env:\n");
    for (int i = 0; i < 10_000; i++) {
      env.append("    V").append(i).append(": x\n");
    }
    String projects = many.substring(0, many.indexOf("  p200:"));
    assertThat(codes(env + projects)).containsOnly(Code.INPUT_TOO_LARGE);
  }

  @Test
  @Timeout(60)
  void variablesThatGrow() {
    Surroundings around =
        new Surroundings(java.util.Map.of("BIG", "x".repeat(100_000)), java.util.Optional.empty());
    Parsed parsed =
        ManifestReader.read(
            Texts.FILE, "services: {a: {command: '" + "${BIG}".repeat(10_000) + "'}}", around);
    assertThat(parsed.problems()).extracting(Problem::code).containsExactly(Code.INPUT_TOO_LARGE);
  }

  /**
   * The same mistake reached twice is said once, and nothing goes on as if the second were right.
   */
  @Test
  @Timeout(60)
  void aSharedMistake() {
    assertThat(
            codes(
                "x-c: &c [[]]\nservices: {a: {command: *c}, b: {command: *c}, d: {<<: {command: *c}}}"))
        .containsExactly(Code.WRONG_SHAPE);
  }

  @Test
  @Timeout(60)
  void numbersOutOfAnyRange() {
    for (String value :
        List.of(
            "99999999999999999999",
            "-1",
            "0x7f",
            ".nan",
            ".inf",
            "1e999",
            "[]",
            "{}",
            "null",
            "''")) {
      for (Key<?> key : ServiceKeys.ALL) {
        assertThatCode(() ->
                Texts.read("services: {a: {command: x, " + key.name() + ": " + value + "}}")
                    .render())
            .doesNotThrowAnyException();
      }
    }
  }

  @Property(tries = 2000)
  void anyText(@ForAll String text) {
    answered(text);
  }

  @Property(tries = 1500)
  void anyTextOfYamlsOwnCharacters(@ForAll("yamlish") String text) {
    answered(text);
  }

  @Property(tries = 600)
  void mutatedManifests(@ForAll("mutants") String text) {
    answered(text);
  }

  private static void answered(String text) {
    Parsed parsed = Texts.read(text);
    assertThat(parsed.manifest().isPresent()).isEqualTo(parsed.problems().isEmpty());
    assertThat(parsed.render()).doesNotContainPattern("[\\x00-\\x08\\x0b-\\x1f\\x7f]");
  }

  @Provide
  Arbitrary<String> yamlish() {
    return Arbitraries.of(
            "services",
            "a",
            "command",
            "env",
            "ready",
            "- ",
            ": ",
            ":",
            "\n",
            "\n  ",
            "\n    ",
            "{",
            "}",
            "[",
            "]",
            ", ",
            "&a ",
            "*a",
            "<<: ",
            "!!str ",
            "!x ",
            "|\n",
            ">\n",
            "'",
            "\"",
            "#",
            "? ",
            "${A}",
            "$",
            "%",
            "---\n",
            "...\n",
            "\t",
            "~",
            "1",
            "5s",
            "true",
            "@",
            "`",
            "\\",
            "\u0000",
            "ä",
            "\uD834\uDD1E")
        .list()
        .ofMaxSize(40)
        .map(parts -> String.join("", parts));
  }

  @Provide
  Arbitrary<String> mutants() {
    return Arbitraries.longs()
        .map(seed -> {
          Random r = new Random(seed);
          StringBuilder text = new StringBuilder(JsonText.pretty(Canonical.json(manifest(r))));
          for (int i = 1 + r.nextInt(4); i > 0; i--) {
            int at = r.nextInt(text.length());
            switch (r.nextInt(4)) {
              case 0 -> text.setCharAt(at, (char) r.nextInt(0x3000));
              case 1 -> text.delete(at, Math.min(text.length(), at + r.nextInt(30)));
              case 2 ->
                  text.insert(at, text.substring(at, Math.min(text.length(), at + r.nextInt(60))));
              default ->
                  text.insert(
                      at,
                      List.of("[", "]", "{", "}", "\"", ",", "-", "0", "*a", "&a ", "${X}", "\n")
                          .get(r.nextInt(12)));
            }
          }
          return text.toString();
        });
  }
}
