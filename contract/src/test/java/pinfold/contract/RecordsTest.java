package pinfold.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordsTest {
  static final Instant T = Instant.parse("2026-11-21T10:00:00.123456789Z");

  @Test
  void statusIsWrittenAsTheCommandLineDocumentsIt() {
    Reply.Status status =
        new Reply.Status(
            1,
            Optional.of(new SupervisorStatus(10, 9, T, "0.1.0", Optional.empty())),
            List.of(
                new ServiceStatus(
                    "shop",
                    "api",
                    "process",
                    Wanted.UP,
                    State.RUNNING,
                    Optional.of(Health.NOT_READY),
                    Optional.empty(),
                    Optional.of(Instant.parse("2026-11-21T10:00:00Z")),
                    2,
                    List.of(
                        new InstanceStatus(
                            1,
                            Optional.of("i"),
                            Optional.of(77),
                            State.RUNNING,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.of(ExitStatus.ofCode(3)),
                            Optional.of(4096L),
                            Optional.of(0.25),
                            List.of("8080"))))));
    Json.Obj json = Records.write(status);
    assertThat(JsonText.write(json))
        .isEqualTo(
            "{\"version\":1,\"supervisor\":{\"pid\":10,\"keeper_pid\":9,"
                + "\"since\":\"2026-11-21T10:00:00.123456789Z\",\"release\":\"0.1.0\",\"bug\":null},\"services\":["
                + "{\"project\":\"shop\",\"name\":\"api\",\"runtime\":\"process\",\"wanted\":\"up\","
                + "\"state\":\"running\",\"health\":\"not-ready\",\"reason\":null,"
                + "\"since\":\"2026-11-21T10:00:00Z\",\"restarts\":2,\"instances\":[{\"slot\":1,\"id\":\"i\","
                + "\"pid\":77,\"state\":\"running\",\"health\":null,\"since\":null,"
                + "\"exit\":{\"code\":3,\"signal\":null},\"memory_bytes\":4096,\"cpu_seconds\":0.25,"
                + "\"ports\":[\"8080\"]}]}]}");
    assertThat(Records.read(Reply.Status.class, json, Records.Unknown.REFUSE)).isEqualTo(status);
  }

  @Test
  void whatIsLeftOutIsEmptyOrFalse() {
    Json.Obj json = (Json.Obj) JsonText.read("{\"target\":{}}");
    assertThat(Records.read(Call.Stop.class, json, Records.Unknown.REFUSE))
        .isEqualTo(new Call.Stop(Target.of(), Optional.empty(), false, Optional.empty()));
  }

  @Test
  void durationsAreSeconds() {
    Call.Stop stop =
        new Call.Stop(
            Target.of("a"),
            Optional.of(Duration.ofMillis(250)),
            true,
            Optional.of(Duration.ofMinutes(2)));
    Json.Obj json = Records.write(stop);
    assertThat(JsonText.write(json))
        .contains("\"stop_timeout\":0.25,\"no_wait\":true,\"timeout\":120");
    assertThat(Records.read(Call.Stop.class, json, Records.Unknown.REFUSE)).isEqualTo(stop);
  }

  @Test
  void mapsKeepTheirOrder() {
    Call.Run run =
        new Call.Run(
            Optional.empty(), Json.Obj.EMPTY, false, false, Optional.empty(), Map.of("A", "1"));
    assertThat(Records.read(Call.Run.class, Records.write(run), Records.Unknown.REFUSE))
        .isEqualTo(run);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"target\":{},\"signall\":1,\"signal\":\"HUP\"}|signall|parameter \"signall\" is not known",
        "{\"target\":{}}|signal|parameter \"signal\" is missing",
        "{\"target\":{\"names\":[\"a\",1]},\"signal\":\"HUP\"}|target.names[1]"
            + "|parameter \"target.names[1]\" has the wrong type, String is needed",
        "{\"target\":[],\"signal\":\"HUP\"}|target|parameter \"target\" has the wrong type, Target is needed",
        "{\"target\":{\"all\":\"yes\"},\"signal\":\"HUP\"}|target.all"
            + "|parameter \"target.all\" has the wrong type, boolean is needed",
      })
  void aWrongParameterIsNamed(String json, String parameter, String message) {
    assertThatThrownBy(() ->
            Records.read(Call.Kill.class, (Json.Obj) JsonText.read(json), Records.Unknown.REFUSE))
        .isInstanceOfSatisfying(
            PinfoldException.class,
            e -> {
              assertThat(e.failure().message()).isEqualTo(message);
              assertThat(e.failure().detail().get("parameter")).contains(Json.of(parameter));
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "1e300", "\"5s\"", "1000000001"})
  void durationsAreBounded(String value) {
    Json.Obj json = (Json.Obj) JsonText.read("{\"target\":{},\"timeout\":" + value + "}");
    assertThatThrownBy(() -> Records.read(Call.Start.class, json, Records.Unknown.REFUSE))
        .isInstanceOf(PinfoldException.class)
        .hasMessageContaining("timeout");
  }

  @Test
  void aRefusingConstructorIsAnInvalidParameter() {
    Json.Obj json = (Json.Obj) JsonText.read("{\"rows\":0,\"columns\":80}");
    assertThatThrownBy(() -> Records.read(WindowSize.class, json, Records.Unknown.REFUSE))
        .hasMessageContaining("no terminal has 0 rows and 80 columns");
  }

  @Test
  void aNewerReplyIsUnderstood() {
    Json.Obj json = (Json.Obj) JsonText.read("{\"changes\":[],\"later\":{}}");
    assertThat(Records.read(Reply.Differences.class, json, Records.Unknown.IGNORE))
        .isEqualTo(new Reply.Differences(List.of()));
  }

  @Property(tries = 500)
  void timesAreThoseOfTheJdk(
      @ForAll @LongRange(min = -62_135_596_800L, max = 253_402_300_799L) long seconds,
      @ForAll @LongRange(min = 0, max = 999_999_999) long nanos) {
    Instant time = Instant.ofEpochSecond(seconds, nanos);
    assertThat(Instant.parse(Times.text(time))).isEqualTo(time);
    assertThat(Times.parse(Times.text(time))).contains(time);
    assertThat(Times.parse(time.toString())).contains(time);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2026-11-21",
        "2026-02-30T00:00:00Z",
        "2026-11-21T24:00:00Z",
        "2026-11-21T10:00:00.Z",
        "2026-11-21T10:00:00+00:00",
        "2026-11-21T10:00:00.1234567890Z",
        "２026-11-21T10:00:00Z"
      })
  void whatIsNoTimeIsNoTime(String text) {
    assertThat(Times.parse(text)).isEmpty();
  }
}
