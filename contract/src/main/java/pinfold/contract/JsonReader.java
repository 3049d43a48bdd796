package pinfold.contract;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/**
 * JSON text to {@link Json}: strict RFC 8259, no duplicate names, bounded in size, depth and number
 * of values.
 */
final class JsonReader {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(JsonText.MAX_DEPTH)
                  .maxDocumentLength(JsonText.MAX_BYTES)
                  .maxStringLength(JsonText.MAX_BYTES)
                  .maxNameLength(JsonText.MAX_NAME)
                  .maxNumberLength(100)
                  .maxTokenCount(JsonText.MAX_TOKENS)
                  .build())
          .build();

  private JsonReader() {}

  static Json read(byte[] text, int offset, int length) {
    if (length > JsonText.MAX_BYTES) {
      throw PinfoldException.of(
          Code.MESSAGE_TOO_LARGE,
          "JSON of " + length + " bytes; at most " + JsonText.MAX_BYTES + " are read");
    }
    try (JsonParser parser =
        FACTORY.createParser(ObjectReadContext.empty(), text, offset, length)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw bad("there is no value", parser);
      }
      Json value = value(parser, first);
      if (parser.nextToken() != null) {
        throw bad("something follows the value", parser);
      }
      return value;
    } catch (StreamConstraintsException e) {
      throw new PinfoldException(
          Failure.of(Code.MESSAGE_TOO_LARGE, "JSON: " + e.getOriginalMessage()), e);
    } catch (JacksonException e) {
      String where = e.getLocation() == null ? "" : " at byte " + e.getLocation().getByteOffset();
      throw new PinfoldException(
          Failure.of(Code.BAD_MESSAGE, "not JSON" + where + ": " + e.getOriginalMessage()), e);
    }
  }

  static Json read(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return read(bytes, 0, bytes.length);
  }

  private static Json value(JsonParser parser, JsonToken token) {
    return switch (token) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> new Json.Str(parser.getString());
      case VALUE_NUMBER_INT -> new Json.Int(parser.getLongValue());
      case VALUE_NUMBER_FLOAT -> real(parser);
      case VALUE_TRUE -> new Json.Bool(true);
      case VALUE_FALSE -> new Json.Bool(false);
      case VALUE_NULL -> Json.Null.NULL;
      case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
          throw bad("unexpected " + token, parser);
    };
  }

  private static Json object(JsonParser parser) {
    Map<String, Json> fields = new LinkedHashMap<>();
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      if (fields.put(name, value(parser, parser.nextToken())) != null) {
        throw bad("the name \"" + name + "\" is there twice", parser);
      }
    }
    return new Json.Obj(fields);
  }

  private static Json array(JsonParser parser) {
    List<Json> items = new ArrayList<>();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      items.add(value(parser, token));
    }
    return new Json.Arr(items);
  }

  private static Json real(JsonParser parser) {
    double value = parser.getDoubleValue();
    if (!Double.isFinite(value)) {
      throw bad("a number is too large", parser);
    }
    return new Json.Real(value);
  }

  private static PinfoldException bad(String what, JsonParser parser) {
    return PinfoldException.of(
        Code.BAD_MESSAGE,
        "not JSON at byte " + parser.currentLocation().getByteOffset() + ": " + what);
  }
}
