package pinfold.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {
  @ParameterizedTest
  @CsvSource({
    "250ms,250",
    "5s,5000",
    "2m,120000",
    "1h30m,5400000",
    "14d,1209600000",
    "0,0",
    "7,7000",
    "0s,0",
    "1d1h1m1s1ms,90061001",
    "1m500ms,60500",
    "36500d,3153600000000"
  })
  void durations(String text, long millis) {
    assertThat(Durations.parse(text)).contains(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "s",
        "-1s",
        "1.5s",
        "5 s",
        "1m1h",
        "1s1s",
        "5sec",
        "1e3",
        "+1",
        "36501d",
        "9999999999999d",
        "9999999999999",
        "99999999999999999999",
        "1w",
        "０s",
        "NaN"
      })
  void noDurations(String text) {
    assertThat(Durations.parse(text)).isEmpty();
  }

  @Property
  void aDurationIsReadBack(@ForAll @LongRange(max = 3_153_600_000_000L) long millis) {
    assertThat(Durations.parse(Durations.text(Duration.ofMillis(millis))))
        .contains(Duration.ofMillis(millis));
  }

  @Test
  void finerThanAMillisecondIsRoundedUp() {
    assertThat(Durations.text(Duration.ofNanos(1))).isEqualTo("1ms");
    assertThat(Durations.text(Duration.ofMillis(90_500))).isEqualTo("1m30s500ms");
  }

  @ParameterizedTest
  @CsvSource({
    "512M,536870912",
    "2G,2147483648",
    "1k,1024",
    "1KiB,1024",
    "1KB,1000",
    "3MB,3000000",
    "2 GB,2000000000",
    "4096,4096",
    "7B,7",
    "1T,1099511627776",
    "0,0",
    "9223372036854775807,9223372036854775807"
  })
  void sizes(String text, long bytes) {
    assertThat(Sizes.parse(text)).contains(new Size(bytes));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "M",
        "-1",
        "1.5G",
        "1P",
        "10Q",
        "1iB",
        "9223372036854775808",
        "9007199254740992K",
        "99999999999999999999",
        "1 M B"
      })
  void noSizes(String text) {
    assertThat(Sizes.parse(text)).isEmpty();
  }

  @Property
  void aSizeIsReadBack(@ForAll @LongRange(max = Long.MAX_VALUE) long bytes) {
    assertThat(Sizes.parse(Sizes.text(new Size(bytes)))).contains(new Size(bytes));
  }

  @Property
  void noTextMakesThemThrow(@ForAll String text) {
    Durations.parse(text);
    Sizes.parse(text);
    Signal.parse(text);
    Nearest.of(text, java.util.List.of("command", "env"));
  }

  @ParameterizedTest
  @CsvSource({
    "TERM,15",
    "SIGTERM,15",
    "sighup,1",
    "9,9",
    "RTMIN,34",
    "RTMIN+3,37",
    "SIGRTMAX,64",
    "RTMAX-30,34",
    "SYS,31"
  })
  void signals(String text, int number) {
    assertThat(Signal.parse(text)).contains(new Signal(number));
    assertThat(Signal.parse(new Signal(number).name())).contains(new Signal(number));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "0", "32", "33", "65", "RTMIN+31", "RTMAX-31", "FOO", "-1", "SIG", "999"})
  void noSignals(String text) {
    assertThat(Signal.parse(text)).isEmpty();
  }

  @Test
  void thereIsNoSignalThirtyTwo() {
    assertThatThrownBy(() -> new Signal(32)).hasMessage("no such signal: 32");
  }

  @Test
  void successByCodeAndBySignal() {
    SuccessCodes codes = Texts.api("success_exit_codes: [0, 143, SIGINT]").success();
    assertThat(codes.code(0)).isTrue();
    assertThat(codes.code(143)).isTrue();
    assertThat(codes.code(1)).isFalse();
    assertThat(codes.signal(15)).isTrue();
    assertThat(codes.signal(2)).isTrue();
    assertThat(codes.signal(9)).isFalse();
    assertThat(codes.code(130)).isFalse();
  }

  @Test
  void backoffGrowsToItsMaximum() {
    assertThat(Backoff.DEFAULT.before(0)).isEqualTo(Duration.ofMillis(100));
    assertThat(Backoff.DEFAULT.before(3)).isEqualTo(Duration.ofMillis(800));
    assertThat(Backoff.DEFAULT.before(12)).isEqualTo(Duration.ofMinutes(5));
    assertThat(Backoff.DEFAULT.before(100_000)).isEqualTo(Duration.ofMinutes(5));
  }

  @ParameterizedTest
  @CsvSource({
    "comand,command",
    "Command,command",
    "env-file,env_file",
    "enviroment,''",
    "cmomand,command",
    "zzz,''",
    "restart_polcy,restart_policy"
  })
  void theNearestWord(String word, String near) {
    assertThat(
            Nearest.of(word, java.util.List.of("command", "env", "env_file", "restart_policy"))
                .orElse(""))
        .isEqualTo(near);
  }
}
