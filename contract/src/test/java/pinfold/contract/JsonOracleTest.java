package pinfold.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Our reader held against Jackson: the same texts are taken, with the same values. */
class JsonOracleTest {
  private static final JsonFactory JACKSON = new JsonFactory();

  @Property(tries = 3000)
  void damagedDocumentsAreReadAlike(@ForAll("damaged") String text) {
    assertThat(ours(text)).as(text).isEqualTo(theirs(text));
  }

  @Property(tries = 2000)
  void numbersAreReadAlike(@ForAll("numbers") String text) {
    assertThat(ours(text)).as(text).isEqualTo(theirs(text));
  }

  @Property(tries = 2000)
  void stringsAreReadAlike(@ForAll("strings") String text) {
    assertThat(ours(text)).as(text).isEqualTo(theirs(text));
  }

  /** An overlong form, half a pair, beyond Unicode, cut off, alone, a mark of byte order. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "22c08022",
        "22e0808022",
        "22eda08022",
        "22f490808022",
        "22c3",
        "22c322",
        "22a922",
        "22f0808080 22",
        "efbbbf31",
        "22fe22"
      })
  void whatIsNotUtf8IsRefused(String hex) {
    byte[] text = HexFormat.of().parseHex(hex.replace(" ", ""));
    assertThatThrownBy(() -> JsonText.read(text)).hasMessageStartingWith("PF5006: not JSON");
  }

  @Test
  void aPartOfAnArrayIsReadAlone() {
    byte[] text = "[1]{\"a\":\"b\"}[2]".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    assertThat(JsonText.read(text, 3, 9)).isEqualTo(Json.object("a", Json.of("b")));
  }

  @Test
  void theFailureNamesTheByte() {
    assertThatThrownBy(() -> JsonText.read("{\"a\": nul}"))
        .hasMessage("PF5006: not JSON at byte 9: null is not complete");
  }

  @ParameterizedTest
  @ValueSource(strings = {"name", "number", "tokens"})
  void eachSizeIsBounded(String what) {
    String text =
        switch (what) {
          case "name" -> "{\"" + "n".repeat(JsonText.MAX_NAME + 1) + "\":1}";
          case "number" -> "1".repeat(101);
          default -> "[" + "1,".repeat(JsonText.MAX_TOKENS) + "1]";
        };
    assertThatThrownBy(() -> JsonText.read(text))
        .isInstanceOfSatisfying(
            PinfoldException.class,
            e -> assertThat(e.failure().code()).isEqualTo(Code.MESSAGE_TOO_LARGE.id()));
  }

  private static Optional<Json> ours(String text) {
    try {
      return Optional.of(JsonText.read(text));
    } catch (PinfoldException e) {
      assertThat(e.failure().code()).isEqualTo(Code.BAD_MESSAGE.id());
      return Optional.empty();
    }
  }

  private static Optional<Json> theirs(String text) {
    try (JsonParser parser = JACKSON.createParser(ObjectReadContext.empty(), text)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        return Optional.empty();
      }
      Json value = value(parser, first);
      return parser.nextToken() == null ? Optional.of(value) : Optional.empty();
    } catch (JacksonException | IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static Json value(JsonParser parser, JsonToken token) {
    return switch (token) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> {
        List<Json> items = new ArrayList<>();
        for (JsonToken next = parser.nextToken();
            next != JsonToken.END_ARRAY;
            next = parser.nextToken()) {
          items.add(value(parser, next));
        }
        yield new Json.Arr(items);
      }
      case VALUE_STRING -> Json.of(parser.getString());
      case VALUE_NUMBER_INT -> Json.of(parser.getLongValue());
      case VALUE_NUMBER_FLOAT -> Json.of(parser.getDoubleValue());
      case VALUE_TRUE -> Json.of(true);
      case VALUE_FALSE -> Json.of(false);
      case VALUE_NULL -> Json.Null.NULL;
      case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
          throw new IllegalArgumentException("unexpected " + token);
    };
  }

  private static Json object(JsonParser parser) {
    Map<String, Json> fields = new LinkedHashMap<>();
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      if (fields.put(name, value(parser, parser.nextToken())) != null) {
        throw new IllegalArgumentException("twice");
      }
    }
    return new Json.Obj(fields);
  }

  @Provide
  Arbitrary<String> damaged() {
    Arbitrary<String> whole =
        Arbitraries.of(
            "{\"a\":[1,-2.5e3,true,false,null],\"b\":{\"c\":\"d\\n\\u00e9é\"},\"e\":[]}",
            "[[],{},[{\"a\":{}}],\"\",0,0.0,\"\\\\\\\"\"]",
            " { \"x\" : 1 , \"y\" : [ 2 , 3 ] } ",
            "\"text\"",
            "-12.75E-2");
    Arbitrary<String> piece =
        Arbitraries.of(
            "",
            "",
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\\",
            "\\u12",
            "0",
            "1",
            "-",
            "+",
            ".",
            "e",
            "E",
            " ",
            "\t",
            "\n",
            "\u0000",
            "\u001f",
            "\u007f",
            "é",
            "😀",
            "t",
            "null",
            "true",
            "\"a\":1,",
            "//",
            "/**/",
            "'",
            "NaN");
    return Combinators.combine(
            whole,
            Arbitraries.integers().between(0, 1000),
            Arbitraries.integers().between(0, 3),
            piece)
        .as((text, at, cut, put) -> {
          int from = at % (text.length() + 1);
          int to = Math.min(text.length(), from + cut);
          return text.substring(0, from) + put + text.substring(to);
        });
  }

  @Provide
  Arbitrary<String> numbers() {
    return Arbitraries.strings().withChars("0123456789019.-+eE").ofMinLength(1).ofMaxLength(24);
  }

  @Provide
  Arbitrary<String> strings() {
    return Arbitraries.strings()
        .withChars("\"\\/bfnrtu0dD8aFéß€\u0001 x")
        .ofMaxLength(12)
        .map(text -> "\"😀" + text + "\"");
  }
}
