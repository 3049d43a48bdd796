package pinfold.contract;

import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;

/** {@link Json} to and from text. */
public final class JsonText {
  /** Largest document that is read, in bytes. */
  public static final int MAX_BYTES = 32 << 20;

  /** Deepest nesting that is read. */
  public static final int MAX_DEPTH = 100;

  /** Longest name of a field that is read, in characters. */
  public static final int MAX_NAME = 65_536;

  /** Most tokens (values, names, brackets) of one document that is read. */
  public static final int MAX_TOKENS = 4_000_000;

  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private JsonText() {}

  /**
   * Reads one value.
   *
   * @throws PinfoldException {@link Code#BAD_MESSAGE} for what is not strict JSON or has a name
   *     twice, {@link Code#MESSAGE_TOO_LARGE} beyond a bound
   */
  public static Json read(String text) {
    return JsonReader.read(text);
  }

  /** Reads one value from UTF-8; see {@link #read(String)}. */
  public static Json read(byte[] text) {
    return JsonReader.read(text, 0, text.length);
  }

  /** Reads one value from a part of an array; see {@link #read(String)}. */
  public static Json read(byte[] text, int offset, int length) {
    return JsonReader.read(text, offset, length);
  }

  /** One line without any blank outside strings. */
  public static String write(Json json) {
    StringBuilder out = new StringBuilder(256);
    write(json, out, -1);
    return out.toString();
  }

  /** One line as UTF-8. */
  public static byte[] bytes(Json json) {
    return write(json).getBytes(StandardCharsets.UTF_8);
  }

  /** Several lines, indented by two blanks, without a line end after the last. */
  public static String pretty(Json json) {
    StringBuilder out = new StringBuilder(1024);
    write(json, out, 0);
    return out.toString();
  }

  private static void write(Json json, StringBuilder out, int indent) {
    switch (json.kind()) {
      case OBJECT -> object((Json.Obj) json, out, indent);
      case ARRAY -> array((Json.Arr) json, out, indent);
      case STRING -> string(((Json.Str) json).value(), out);
      case WHOLE -> out.append(((Json.Int) json).value());
      case REAL -> out.append(((Json.Real) json).value());
      case TRUTH -> out.append(((Json.Bool) json).value());
      case NULL -> out.append("null");
    }
  }

  private static void object(Json.Obj object, StringBuilder out, int indent) {
    out.append('{');
    int inner = indent < 0 ? indent : indent + 1;
    Iterator<Map.Entry<String, Json>> fields = object.fields().entrySet().iterator();
    while (fields.hasNext()) {
      Map.Entry<String, Json> field = fields.next();
      line(out, inner);
      string(field.getKey(), out);
      out.append(indent < 0 ? ":" : ": ");
      write(field.getValue(), out, inner);
      out.append(fields.hasNext() ? "," : "");
    }
    if (!object.fields().isEmpty()) {
      line(out, indent);
    }
    out.append('}');
  }

  private static void array(Json.Arr array, StringBuilder out, int indent) {
    out.append('[');
    int inner = indent < 0 ? indent : indent + 1;
    Iterator<Json> items = array.items().iterator();
    while (items.hasNext()) {
      line(out, inner);
      write(items.next(), out, inner);
      out.append(items.hasNext() ? "," : "");
    }
    if (!array.items().isEmpty()) {
      line(out, indent);
    }
    out.append(']');
  }

  private static void line(StringBuilder out, int indent) {
    if (indent >= 0) {
      out.append('\n').repeat("  ", indent);
    }
  }

  private static void string(String value, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\t' -> out.append("\\t");
        case '\r' -> out.append("\\r");
        default -> {
          if (c < 0x20 || c == 0x7f || (Character.isSurrogate(c) && !paired(value, i))) {
            out.append("\\u");
            for (int shift = 12; shift >= 0; shift -= 4) {
              out.append(HEX[(c >> shift) & 0xf]);
            }
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  /** A surrogate without its other half has no UTF-8 form and is written as an escape. */
  private static boolean paired(String value, int i) {
    char c = value.charAt(i);
    return Character.isHighSurrogate(c)
        ? i + 1 < value.length() && Character.isLowSurrogate(value.charAt(i + 1))
        : i > 0 && Character.isHighSurrogate(value.charAt(i - 1));
  }
}
