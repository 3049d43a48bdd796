package pinfold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParsingTest {
  static final List<String> NAMES = Verbs.NAMES;

  private final Harness harness = new Harness();

  @AfterEach
  void clean() throws Exception {
    harness.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "status|status|[]|[]|",
        "--json status api|status|[--json]|[api]|",
        "-qv status|status|[--quiet, --verbose]|[]|",
        "-f a.yaml status|status|[--file=a.yaml]|[]|",
        "-fa.yaml status|status|[--file=a.yaml]|[]|",
        "--file=a.yaml --timeout 5s up api|up|[--file=a.yaml, --timeout=5s]|[api]|",
        "-f x logs -f|logs|[--file=x]|[-f]|",
        "exec api -- ls -l|exec|[]|[api]|[ls, -l]",
        "exec api -- sh -c -- x|exec|[]|[api]|[sh, -c, --, x]",
        "-V|version|[]|[]|",
      })
  void theLineIsCutAtTheVerb(
      String line, String verb, String options, String arguments, String command) {
    Words words = Words.of(List.of(line.split(" ")));
    assertThat(words.verb()).contains(verb);
    assertThat(words.options()).hasToString(options);
    assertThat(words.arguments()).hasToString(arguments);
    assertThat(words.command().map(Object::toString))
        .isEqualTo(java.util.Optional.ofNullable(command));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "statsu|error[PF1001]: no verb \"statsu\"",
        "--nope status|error[PF1001]: no option --nope before a verb",
        "--json=1 status|error[PF1001]: option --json takes no value",
        "-f|error[PF1001]: option -f needs a FILE",
        "status --nope|error[PF1001]: unknown option: '--nope'",
        "start|error[PF1001]: \"pinfold start\" needs a SERVICE",
        "kill api -s|error[PF1001]: missing required parameter for option '--signal' (SIGNAL)",
        "status -- ls|error[PF1001]: \"pinfold status\" takes no command after --",
        "exec api|error[PF1001]: a command is missing: pinfold exec … -- COMMAND",
        "exec api -e 1=2 -e x -- ls|error[PF1001]: -e takes NAME=VALUE, not \"x\"",
        "wait api --for tea|error[PF1001]: --for takes ready, stopped or completed, not \"tea\"",
        "ops show|error[PF1001]: ops show needs an id",
        "ops rm 1|error[PF1001]: ops takes ls, show or cancel, not \"rm\"",
        "down --supervisor api|error[PF1001]: --supervisor ends everything; it takes no service",
      })
  void wrongUseIs64AndSaysWhat(String line, String message) {
    Harness.Result result = harness.run(line.split(" "));
    assertThat(result.err().lines().findFirst()).contains(message);
    assertThat(result.code()).isEqualTo(64);
    assertThat(result.out()).isEmpty();
  }

  @Test
  void aTypingErrorIsAnsweredWithTheVerb() {
    assertThat(harness.run("statsu").err()).contains("  try: pinfold status\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"start api", "status"})
  void aWrongDurationIsNamed(String line) {
    Harness.Result result = harness.run((line + " --timeout soon").split(" "));
    assertThat(result.code()).isEqualTo(64);
    assertThat(result.err()).startsWith("error[PF1009]: option --timeout: \"soon\" is no duration");
  }

  @Test
  void errorsAreJsonOnStandardOutputWhenAsked() {
    Harness.Result result = harness.run("start", "--json");
    assertThat(result.code()).isEqualTo(64);
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .isEqualTo(
            "{\"error\":{\"code\":\"PF1001\",\"message\":\"\\\"pinfold start\\\" needs a SERVICE\","
                + "\"detail\":{},\"try\":[\"pinfold start --help\"]}}\n");
  }

  @ParameterizedTest
  @FieldSource("NAMES")
  void everyVerbHelpsWithTwoExamplesAndAllGlobals(String verb) {
    Harness.Result result = harness.run(verb, "--help");
    assertThat(result.code()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).contains("pinfold " + verb).contains("Examples:");
    assertThat(result.out().split("Examples:", 2)[1].strip().lines()).hasSize(2);
    assertThat(result.out()).contains("--project=NAME", "--json", "--no-color", "--file=FILE");
    assertThat(harness.run("help", verb)).isEqualTo(result);
    assertThat(harness.run("-h", verb).out()).isEqualTo(result.out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "help"})
  void helpListsEveryVerb(String word) {
    Harness.Result result = harness.run(word);
    assertThat(result.code()).isZero();
    for (String verb : Verbs.NAMES) {
      assertThat(result.out()).contains("\n  " + verb + " ");
    }
  }

  @Test
  void withoutWordsTheHelpIsTalk() {
    Harness.Result result = harness.run();
    assertThat(result.code()).isEqualTo(64);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains("Usage:");
  }

  @Test
  void onlyTheChosenVerbIsLoaded() throws Exception {
    Recording loader = new Recording();
    var find =
        Class.forName("pinfold.cli.Verbs", true, loader).getDeclaredMethod("find", String.class);
    find.setAccessible(true);
    assertThat(find.invoke(null, "status").toString()).contains("StatusVerb");
    assertThat(
            loader.loaded.stream().filter(name -> name.endsWith("Verb") && !name.endsWith(".Verb")))
        .containsExactly("pinfold.cli.StatusVerb");
  }

  /** Loads this room's classes anew and writes down which. */
  private static final class Recording extends ClassLoader {
    final List<String> loaded = new java.util.concurrent.CopyOnWriteArrayList<>();

    Recording() {
      super(ParsingTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith("pinfold.cli.")) {
        return super.loadClass(name, resolve);
      }
      Class<?> known = findLoadedClass(name);
      if (known != null) {
        return known;
      }
      loaded.add(name);
      try (var in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] bytes = java.util.Objects.requireNonNull(in, name).readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (java.io.IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
