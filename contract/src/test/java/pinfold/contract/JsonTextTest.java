package pinfold.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {
  @Property(tries = 300)
  void whatIsWrittenIsReadAgain(@ForAll("values") Json json) {
    assertThat(JsonText.read(JsonText.write(json))).isEqualTo(json);
    assertThat(JsonText.read(JsonText.pretty(json))).isEqualTo(json);
    assertThat(JsonText.read(JsonText.bytes(json))).isEqualTo(json);
  }

  @Property(tries = 300)
  void anyBytesAreAValueOrAFailure(@ForAll byte[] bytes) {
    try {
      JsonText.read(bytes);
    } catch (PinfoldException e) {
      assertThat(e.failure().code()).isEqualTo(Code.BAD_MESSAGE.id());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "[1,]",
        "{\"a\":1,}",
        "{\"a\":1 \"b\":2}",
        "01",
        "NaN",
        "1e999",
        "'a'",
        "\"\t\"",
        "// c\n1",
        "1 2",
        "{\"a\":1,\"a\":2}",
        "9223372036854775808",
        "\"\\ud800x",
        "tru"
      })
  void whatIsNotStrictJsonIsRefused(String text) {
    assertThatThrownBy(() -> JsonText.read(text))
        .isInstanceOf(PinfoldException.class)
        .hasMessageStartingWith("PF5006: not JSON");
  }

  @Test
  void depthIsBounded() {
    assertThatThrownBy(() -> JsonText.read("[".repeat(200) + "]".repeat(200)))
        .isInstanceOfSatisfying(
            PinfoldException.class,
            e -> assertThat(e.failure().code()).isEqualTo(Code.MESSAGE_TOO_LARGE.id()));
  }

  @Test
  void sizeIsBounded() {
    byte[] large = ("\"" + "a".repeat(JsonText.MAX_BYTES) + "\"").getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> JsonText.read(large))
        .isInstanceOfSatisfying(
            PinfoldException.class,
            e -> assertThat(e.failure().code()).isEqualTo(Code.MESSAGE_TOO_LARGE.id()));
  }

  @Test
  void controlCharactersAreEscaped() {
    assertThat(JsonText.write(Json.of("\u0000\u001b[2J\u007f\"\\\n\ud800")))
        .isEqualTo("\"\\u0000\\u001b[2J\\u007f\\\"\\\\\\n\\ud800\"");
  }

  @Test
  void prettyIsIndented() {
    assertThat(JsonText.pretty(JsonText.read("{\"a\":[1,{}],\"b\":[]}")))
        .isEqualTo("{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}");
  }

  @Provide
  Arbitrary<Json> values() {
    return values(3);
  }

  private static Arbitrary<Json> values(int depth) {
    Arbitrary<Json> leaf =
        Arbitraries.oneOf(
            Arbitraries.strings()
                .map(s -> new String(s.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                .map(Json::of),
            Arbitraries.longs().map(Json::of),
            Arbitraries.doubles().map(Json::of),
            Arbitraries.of(true, false).map(Json::of),
            Arbitraries.just(Json.Null.NULL));
    if (depth == 0) {
      return leaf;
    }
    Arbitrary<Json> inner = values(depth - 1);
    return Arbitraries.oneOf(
        leaf,
        inner.list().ofMaxSize(4).map(Json::array),
        Arbitraries.maps(Arbitraries.strings().alpha().ofMaxLength(5), inner)
            .ofMaxSize(4)
            .map(Json.Obj::new));
  }
}
