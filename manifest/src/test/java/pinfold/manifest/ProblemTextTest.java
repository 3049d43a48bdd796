package pinfold.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static pinfold.manifest.Texts.problems;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import pinfold.contract.Code;

/**
 * Each kind of mistake with the exact text that a user gets: the file {@code problems.txt} holds
 * pairs.
 */
class ProblemTextTest {
  private static final String BEGIN = "=== ";
  private static final String SHOWN = "--- shown\n";

  record Case(String name, String manifest, String shown) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Case> cases() {
    List<Case> all = new ArrayList<>();
    for (String part : Resources.text("problems.txt").split("(?m)^" + BEGIN, -1)) {
      if (!part.isBlank()) {
        int line = part.indexOf('\n');
        int shown = part.indexOf(SHOWN);
        all.add(
            new Case(
                part.substring(0, line),
                part.substring(line + 1, shown),
                part.substring(shown + SHOWN.length()).stripTrailing() + "\n"));
      }
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isShownExactlySo(Case one) {
    assertThat(problems(one.manifest)).isEqualTo(one.shown);
  }

  @Test
  void everyCodeThatAManifestAloneCanHaveIsShown() {
    Set<String> shown = new TreeSet<>();
    Pattern.compile("error\\[(PF\\d{4})]")
        .matcher(Resources.text("problems.txt"))
        .results()
        .forEach(m -> shown.add(m.group(1)));
    // These need other files or a whole file's size; IncludeTest, EnvFileTest, HostileTest and
    // GraphTest have them.
    Set<String> elsewhere =
        Set.of(
            "PF1100", "PF1101", "PF1102", "PF1113", "PF1114", "PF1115", "PF1116", "PF1121",
            "PF1124");
    Set<String> expected = new TreeSet<>();
    for (Code code : Code.values()) {
      if (code.id().startsWith("PF11") && !elsewhere.contains(code.id())) {
        expected.add(code.id());
      }
    }
    assertThat(shown).containsAll(expected);
  }
}
