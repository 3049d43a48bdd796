package pinfold.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StderrLoggerTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final StderrLogger log =
      new StderrLogger(
          "supervisor", Level.INFO, new PrintStream(bytes, true, StandardCharsets.UTF_8));

  private String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aLineHasTimeLevelLoggerAndMessage() {
    log.log(Level.WARNING, "unit {0} is odd", "api");
    assertThat(text())
        .matches("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z WARNING supervisor: unit api is odd\n");
  }

  @Test
  void furtherLinesAndCausesAreIndented() {
    log.log(
        Level.ERROR,
        "two\nlines",
        new IllegalStateException("a\nb", new RuntimeException("inner")));
    assertThat(text().lines().skip(1)).isNotEmpty().allMatch(line -> line.startsWith("  "));
    assertThat(text()).contains("caused by java.lang.RuntimeException: inner");
  }

  @Test
  void whatIsBelowTheLevelIsNotWritten() {
    log.log(Level.DEBUG, "quiet");
    log.log(Level.OFF, "off");
    assertThat(text()).isEmpty();
  }

  @Test
  void unknownLevelNamesMeanInfo() {
    assertThat(StderrLogger.level("debug")).isEqualTo(Level.DEBUG);
    assertThat(StderrLogger.level("loud")).isEqualTo(Level.INFO);
    assertThat(StderrLogger.level(null)).isEqualTo(Level.INFO);
  }
}
