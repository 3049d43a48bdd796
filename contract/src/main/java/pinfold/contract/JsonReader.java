package pinfold.contract;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON text to {@link Json}: strict RFC 8259 in UTF-8, no duplicate names, bounded in size, depth
 * and number of values. Not a library's, because what one prepares for numbers of any size before
 * the first byte is read took a tenth of a short command; the tests hold it against one. Used by
 * one thread, for one text.
 */
final class JsonReader {
  /** Longest number that is read, in characters. */
  private static final int MAX_NUMBER = 100;

  private final byte[] text;
  private final int begin;
  private final int end;
  private int at;
  private int depth;
  private int tokens;

  private JsonReader(byte[] text, int offset, int length) {
    this.text = text;
    this.begin = offset;
    this.end = offset + length;
    this.at = offset;
  }

  static Json read(byte[] text, int offset, int length) {
    if (length > JsonText.MAX_BYTES) {
      throw PinfoldException.of(
          Code.MESSAGE_TOO_LARGE,
          "JSON of " + length + " bytes; at most " + JsonText.MAX_BYTES + " are read");
    }
    JsonReader reader = new JsonReader(text, offset, length);
    Json value = reader.value();
    if (reader.peek() >= 0) {
      throw reader.bad("something follows the value");
    }
    return value;
  }

  static Json read(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return read(bytes, 0, bytes.length);
  }

  private Json value() {
    int first = peek();
    token();
    return switch (first) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> new Json.Str(string());
      case 't' -> literal("true", new Json.Bool(true));
      case 'f' -> literal("false", new Json.Bool(false));
      case 'n' -> literal("null", Json.Null.NULL);
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
      case -1 -> throw bad("a value is missing");
      default -> throw bad("no value begins with " + shown(first));
    };
  }

  private Json object() {
    enter();
    Map<String, Json> fields = new LinkedHashMap<>();
    if (peek() == '}') {
      leave();
      return new Json.Obj(fields);
    }
    while (true) {
      if (peek() != '"') {
        throw bad("a name is missing");
      }
      token();
      String name = string();
      if (name.length() > JsonText.MAX_NAME) {
        throw large("a name is longer than " + JsonText.MAX_NAME + " characters");
      }
      if (peek() != ':') {
        throw bad("a colon is missing");
      }
      at++;
      if (fields.put(name, value()) != null) {
        throw bad("the name \"" + name + "\" is there twice");
      }
      if (last('}')) {
        return new Json.Obj(fields);
      }
    }
  }

  private Json array() {
    enter();
    List<Json> items = new ArrayList<>();
    if (peek() == ']') {
      leave();
      return new Json.Arr(items);
    }
    do {
      items.add(value());
    } while (!last(']'));
    return new Json.Arr(items);
  }

  private void enter() {
    at++;
    if (++depth > JsonText.MAX_DEPTH) {
      throw large("it nests deeper than " + JsonText.MAX_DEPTH);
    }
  }

  private void leave() {
    at++;
    depth--;
    token();
  }

  /** Steps over what follows an item: a comma, or the bracket after the last one. */
  private boolean last(char bracket) {
    int next = peek();
    if (next == bracket) {
      leave();
      return true;
    }
    if (next != ',') {
      throw bad("a comma or " + bracket + " is missing");
    }
    at++;
    return false;
  }

  private Json literal(String word, Json value) {
    for (int i = 0; i < word.length(); i++, at++) {
      if (at == end || text[at] != word.charAt(i)) {
        throw bad(word + " is not complete");
      }
    }
    return value;
  }

  private Json number() {
    int start = at;
    if (text[at] == '-') {
      at++;
    }
    if (at < end && text[at] == '0') {
      at++;
    } else {
      digits();
    }
    int whole = at;
    if (at < end && text[at] == '.') {
      at++;
      digits();
    }
    if (at < end && (text[at] == 'e' || text[at] == 'E')) {
      at++;
      if (at < end && (text[at] == '+' || text[at] == '-')) {
        at++;
      }
      digits();
    }
    if (at - start > MAX_NUMBER) {
      throw large("a number is longer than " + MAX_NUMBER + " characters");
    }
    String number = new String(text, start, at - start, StandardCharsets.ISO_8859_1);
    if (at > whole) {
      double real = Double.parseDouble(number);
      if (!Double.isFinite(real)) {
        throw bad("a number is too large");
      }
      return new Json.Real(real);
    }
    try {
      return new Json.Int(Long.parseLong(number));
    } catch (NumberFormatException _) {
      throw bad("a number is too large");
    }
  }

  private void digits() {
    int start = at;
    while (at < end && digit(text[at])) {
      at++;
    }
    if (at == start) {
      throw bad("a digit is missing");
    }
  }

  /** A string; most are plain ASCII without an escape, which nothing has to be done for. */
  private String string() {
    int start = ++at;
    for (; at < end; at++) {
      byte next = text[at];
      if (next == '"') {
        return new String(text, start, at++ - start, StandardCharsets.ISO_8859_1);
      }
      if (next < 0x20 || next == '\\') {
        break;
      }
    }
    StringBuilder out = new StringBuilder(2 * (at - start) + 16);
    out.append(new String(text, start, at - start, StandardCharsets.ISO_8859_1));
    while (at < end) {
      byte next = text[at];
      if (next == '"') {
        at++;
        return out.toString();
      }
      if (next == '\\') {
        at++;
        out.append(escaped());
      } else if (next < 0) {
        out.appendCodePoint(multibyte());
      } else if (next < 0x20) {
        throw bad("a control character in a string");
      } else {
        out.append((char) next);
        at++;
      }
    }
    throw bad("a string does not end");
  }

  /** What stands after a backslash. */
  private char escaped() {
    int letter = at < end ? text[at++] : -1;
    return switch (letter) {
      case '"', '\\', '/' -> (char) letter;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        int unit = 0;
        for (int i = 0; i < 4; i++) {
          int digit = at < end ? Character.digit(text[at++], 16) : -1;
          if (digit < 0) {
            throw bad("\\u without four hexadecimal digits");
          }
          unit = (unit << 4) | digit;
        }
        yield (char) unit;
      }
      default -> throw bad("an escape that does not exist");
    };
  }

  /** A code point of two to four bytes, each in its only form (RFC 3629). */
  private int multibyte() {
    int first = text[at++] & 0xff;
    int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
    int point = first & (0x3f >> more);
    for (int i = 0; i < more; i++) {
      if (at == end || (text[at] & 0xc0) != 0x80) {
        throw bad("no UTF-8");
      }
      point = (point << 6) | (text[at++] & 0x3f);
    }
    int least = more == 1 ? 0x80 : more == 2 ? 0x800 : 0x10000;
    if (first < 0xc2
        || first > 0xf4
        || point < least
        || point > Character.MAX_CODE_POINT
        || (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE)) {
      throw bad("no UTF-8");
    }
    return point;
  }

  /** The next byte that is no blank, which is not stepped over; -1 at the end. */
  private int peek() {
    for (; at < end; at++) {
      byte next = text[at];
      if (next != ' ' && next != '\n' && next != '\r' && next != '\t') {
        return next & 0xff;
      }
    }
    return -1;
  }

  private void token() {
    if (++tokens > JsonText.MAX_TOKENS) {
      throw large("it has more than " + JsonText.MAX_TOKENS + " values, names and brackets");
    }
  }

  private static boolean digit(int character) {
    return character >= '0' && character <= '9';
  }

  private static String shown(int first) {
    return first > 0x20 && first < 0x7f ? "\"" + (char) first + "\"" : "byte " + first;
  }

  private PinfoldException bad(String what) {
    return PinfoldException.of(Code.BAD_MESSAGE, "not JSON at byte " + (at - begin) + ": " + what);
  }

  private PinfoldException large(String what) {
    return PinfoldException.of(
        Code.MESSAGE_TOO_LARGE, "JSON at byte " + (at - begin) + ": " + what);
  }
}
