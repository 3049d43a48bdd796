package pinfold.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CodeTest {
  @ParameterizedTest
  @EnumSource(Code.class)
  void everyCodeIsExplained(Code code) {
    assertThat(code.id()).matches("PF(1[0-3]|20|30|40|50)\\d\\d");
    Explanation explanation = Explanation.of(code).orElseThrow();
    assertThat(explanation.text()).hasSizeGreaterThan(45).doesNotContain("##");
    assertThat(explanation.steps()).isNotEmpty();
    assertThat(Code.of(code.id().toLowerCase(java.util.Locale.ROOT))).contains(code);
  }

  @Test
  void idsAreUniqueAndInOrder() {
    assertThat(Arrays.stream(Code.values()).map(Code::id)).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void nothingIsExplainedThatDoesNotExist() {
    Pattern heading = Pattern.compile("^## (\\S+)$", Pattern.MULTILINE);
    assertThat(heading.matcher(Interfaces.resource("codes.md")).results().map(m -> m.group(1)))
        .containsExactlyElementsOf(Arrays.stream(Code.values()).map(Code::id).toList());
  }

  @Test
  void aFailureOfANewerReleaseKeepsItsCode() {
    Failure failure =
        Failure.from(
            (Json.Obj) JsonText.read("{\"code\":\"PF9999\",\"message\":\"m\",\"later\":1}"));
    assertThat(failure.code()).isEqualTo("PF9999");
    assertThat(failure.exit()).isEqualTo(Exit.FAILED);
    assertThat(failure.tries()).isEmpty();
  }

  @Test
  void aFailureComesBackFromItsJson() {
    Failure failure =
        Failure.of(Code.EXITED_EARLY, "service \"api\" exited with 1 before it was ready")
            .with("errno", "ENOENT")
            .withLines(java.util.List.of("a", "b"))
            .tryNext("pinfold logs api");
    assertThat(Failure.from(failure.json())).isEqualTo(failure);
    assertThat(JsonText.write(failure.json()))
        .isEqualTo(
            "{\"code\":\"PF1203\",\"message\":\"service \\\"api\\\" exited with 1 before it was ready\","
                + "\"detail\":{\"errno\":\"ENOENT\",\"lines\":[\"a\",\"b\"]},\"try\":[\"pinfold logs api\"]}");
  }
}
