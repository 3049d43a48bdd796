package pinfold.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import pinfold.contract.PinfoldException;

class TimeBoundTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-21T10:30:00Z"), ZoneId.of("Europe/Berlin"));

  @ParameterizedTest
  @CsvSource({
    "10m, 2026-11-21T10:20:00Z",
    "1h30m, 2026-11-21T09:00:00Z",
    "90s, 2026-11-21T10:28:30Z",
    "250ms, 2026-11-21T10:29:59.750Z",
    "2d, 2026-11-19T10:30:00Z",
    "1w, 2026-11-14T10:30:00Z",
    "999999999w, 1970-01-01T00:00:00Z",
    "now, 2026-11-21T10:30:00Z",
    "today, 2026-11-20T23:00:00Z",
    "Yesterday, 2026-11-19T23:00:00Z",
    "2026-11-20, 2026-11-19T23:00:00Z",
    "2026-11-21T10:00, 2026-11-21T09:00:00Z",
    "2026-11-21 10:00:05.5, 2026-11-21T09:00:05.500Z",
    "2026-11-21T10:00:00Z, 2026-11-21T10:00:00Z",
    "2026-11-21T10:00:00+05:30, 2026-11-21T04:30:00Z",
    "10:00, 2026-11-21T09:00:00Z",
    "@1700000000, 2023-11-14T22:13:20Z",
    // Skipped in spring: moved on by the gap. Twice in autumn: the earlier.
    "2026-03-29T02:30, 2026-03-29T01:30:00Z",
    "2026-10-25T02:30, 2026-10-25T00:30:00Z",
  })
  void whatPeopleWriteIsUnderstood(String text, Instant expected) {
    assertThat(TimeBound.parse(text, CLOCK)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "soon",
        "10",
        "10 minutes",
        "-5m",
        "5m3",
        "2026-13-01",
        "2026-02-30",
        "25:00",
        "@x",
        "@",
        "@99999999999999999999",
        "1969-12-31",
        "9999-01-01",
        "9999999999s"
      })
  void theRestIsRefused(String text) {
    assertThatThrownBy(() -> TimeBound.parse(text, CLOCK))
        .hasMessage("PF1009: \"" + text + "\" is not a time");
  }

  @Property(tries = 300)
  void nothingElseIsThrown(@ForAll String text) {
    try {
      assertThat(TimeBound.nanos(TimeBound.parse(text, CLOCK))).isNotNegative();
    } catch (PinfoldException e) {
      assertThat(e.failure().message()).endsWith("is not a time");
    }
  }

  @Test
  void nanosecondsAreExact() {
    assertThat(TimeBound.nanos(Instant.ofEpochSecond(3, 7))).isEqualTo(3_000_000_007L);
  }
}
