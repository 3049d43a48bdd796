package pinfold.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LogPatternTest {
  @Test
  void aMatchAnywhereCounts() {
    LogPattern pattern = LogPattern.of("err(or)?");
    assertThat(pattern.find("some error here")).isTrue();
    assertThat(pattern.find("all is well")).isFalse();
    assertThat(pattern.find(new byte[] {(byte) 0xff, 'e', 'r', 'r'})).isTrue();
    assertThat(LogPattern.of("ü").find("grün".getBytes(StandardCharsets.UTF_8))).isTrue();
    assertThat(pattern.givenUp()).isZero();
  }

  @Test
  void aSearchThatWouldNeverEndIsGivenUp() {
    LogPattern explodes = LogPattern.of("(.*a){12}!");
    assertThat(explodes.find("a".repeat(60))).isFalse();
    assertThat(explodes.givenUp()).isEqualTo(1);
    LogPattern deep = LogPattern.of("^(a|b)*$");
    assertThat(deep.find("ab".repeat(500_000))).isFalse();
    assertThat(deep.givenUp()).isEqualTo(1);
    assertThat(LogPattern.of("xyz").find("a".repeat(LogQuery.MAX_PIECE) + "xyz")).isTrue();
  }

  @Test
  void aWrongPatternSaysWhere() {
    assertThatThrownBy(() -> LogPattern.of("a(b"))
        .hasMessage("PF4006: \"a(b\" is not a regular expression: Unclosed group at character 4");
  }
}
