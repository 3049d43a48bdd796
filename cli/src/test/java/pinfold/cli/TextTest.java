package pinfold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-21T10:00:00Z"), ZoneId.of("Europe/Berlin"));

  @Test
  void nothingIsLeftThatATerminalObeys() {
    assertThat(Text.harmless("a\033]0;x\007b\u009b2J\u202ec\td\r"))
        .isEqualTo("a\\x1b]0;x\\x07b\\x9b2J\\u202ec\td\\x0d");
    assertThat(Text.line("a\nb\tc")).isEqualTo("a b c");
  }

  @Property(tries = 300)
  void harmlessTextHasNoControlCharacters(@ForAll String text) {
    assertThat(Text.harmless(text).chars().filter(c -> c != '\t' && Character.isISOControl(c)))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0,0",
    "1023,1023",
    "1024,1.0K",
    "1536,1.5K",
    "10240,10K",
    "1048576,1.0M",
    "12345678,12M",
    "1073741824,1.0G"
  })
  void sizesAreShort(long bytes, String text) {
    assertThat(Text.size(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0,0.00s",
    "0.004,0.00s",
    "0.126,0.13s",
    "0.999,1.00s",
    "1,1.0s",
    "12.34,12.3s",
    "59.94,59.9s",
    "61,1m"
  })
  void cpuTimesAreShort(double seconds, String text) {
    assertThat(Text.cpu(seconds)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "PT0.35S,350ms",
    "PT59S,59s",
    "PT61S,1m",
    "PT3600S,1h",
    "PT11400S,3h10m",
    "PT100H,4d4h",
    "PT-5S,0ms"
  })
  void agesAreShort(Duration age, String text) {
    assertThat(Text.age(age)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "250ms,PT0.25S",
    "5,PT5S",
    "5s,PT5S",
    "2m,PT2M",
    "1h30m,PT1H30M",
    "0.5s,PT0.5S",
    "2d,PT48H"
  })
  void durationsAreThoseOfManifests(String text, Duration duration) {
    assertThat(TimeWords.duration(text)).contains(duration);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "s", "5x", "-5s", "5 s", "1h30", "9999999999h", "1000000001"})
  void whatIsNoDurationIsNone(String text) {
    assertThat(TimeWords.duration(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "10m,2026-11-21T09:50:00Z",
    "today,2026-11-20T23:00:00Z",
    "yesterday,2026-11-19T23:00:00Z",
    "2026-11-21,2026-11-20T23:00:00Z",
    "2026-11-21T10:00,2026-11-21T09:00:00Z",
    "2026-11-21 10:00:05,2026-11-21T09:00:05Z",
    "10:30,2026-11-21T09:30:00Z",
    "2026-11-21T10:00:00.5Z,2026-11-21T10:00:00.5Z"
  })
  void timesAreThoseOfTheZone(String text, Instant time) {
    assertThat(TimeWords.time(text, CLOCK)).contains(time);
  }

  @Test
  void whatIsNoTimeIsNone() {
    assertThat(TimeWords.time("soon", CLOCK)).isEmpty();
  }

  @Test
  void wideCharactersTakeTwoColumns() {
    assertThat(Text.width("a世é")).isEqualTo(4);
    assertThat(Text.fitted("世世世", 5)).isEqualTo("世世…");
    assertThat(Text.fitted("short", 5)).isEqualTo("short");
  }

  @Test
  void emptyColumnsAreLeftOut() {
    Table table = new Table(List.of("A", "B", "N"), List.of(2));
    table.row("世", "", "1");
    table.row("xyz", "", "22");
    assertThat(table.render(Style.PLAIN)).isEqualTo("A     N\n世    1\nxyz  22\n");
    assertThat(table.render(Style.COLOURED)).startsWith("\033[1mA\033[0m     \033[1mN\033[0m\n");
  }

  @Test
  void ctrlPCtrlQLeaves() {
    DetachKeys keys = new DetachKeys(true);
    assertThat(keys.filter(new byte[] {'a', 0x10}, 2)).containsExactly('a');
    assertThat(keys.filter(new byte[] {'b', 0x10, 0x10, 0x11, 'z'}, 5))
        .containsExactly(0x10, 'b', 0x10);
    assertThat(keys.detached()).isTrue();
    assertThat(new DetachKeys(false).filter(new byte[] {0x10, 0x11}, 2))
        .containsExactly(0x10, 0x11);
  }
}
