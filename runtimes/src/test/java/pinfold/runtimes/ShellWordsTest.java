package pinfold.runtimes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShellWordsTest {
  @Test
  void aLineOfPlainWordsNeedsNoShell() {
    assertThat(ShellWords.of("  ./api --port 8080\t-v a=b ").orElseThrow())
        .isEqualTo(List.of("./api", "--port", "8080", "-v", "a=b"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a | b", "a && b", "a; b", "a & b", "a > f", "a < f", "echo hi", "cd /tmp", "A=b c", "a $B",
        "a `b`", "a 'b'", "a \"b\"", "a\\b", "a *", "a ?", "a [b]", "a {b,c}", "~/a", "a #b", "! a",
        "a\nb", "(a)", "true", "exec a", "a ^b", "é"
      })
  void whateverAShellWouldTouchGoesToTheShell(String line) {
    assertThat(ShellWords.of(line)).isEmpty();
  }
}
