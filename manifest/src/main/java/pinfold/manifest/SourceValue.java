package pinfold.manifest;

import java.util.List;
import java.util.Optional;

/** What a file says before anybody knows what it means: a tree of values that know their place. */
public sealed interface SourceValue {
  /** Where it begins. */
  Position at();

  /** "a string", "a list", … for messages. */
  String kindWords();

  /**
   * A single value.
   *
   * @param text as it was written, without quotes
   * @param kind what YAML 1.2 makes of it; quoted text is always a string
   */
  record Scalar(Position at, String text, Kind kind) implements SourceValue {
    @Override
    public String kindWords() {
      return kind.words;
    }
  }

  /** A list. */
  record Sequence(Position at, List<SourceValue> items) implements SourceValue {
    /** Copies the list. */
    public Sequence {
      items = List.copyOf(items);
    }

    @Override
    public String kindWords() {
      return "a list";
    }
  }

  /** A map; no key occurs twice, the order is the file's. */
  record Mapping(Position at, List<Entry> entries) implements SourceValue {
    /** Copies the list. */
    public Mapping {
      entries = List.copyOf(entries);
    }

    /** The entry of that key. */
    public Optional<Entry> entry(String key) {
      return entries.stream().filter(e -> e.key().equals(key)).findFirst();
    }

    /** The same with another value of a key that it has. */
    Mapping with(String key, SourceValue value) {
      return new Mapping(
          at,
          entries.stream()
              .map(e -> e.key().equals(key) ? new Entry(key, e.at(), value) : e)
              .toList());
    }

    @Override
    public String kindWords() {
      return "a map";
    }
  }

  /** A key, its place, its value. */
  record Entry(String key, Position at, SourceValue value) {}

  /** The kinds of the YAML 1.2 core schema: {@code yes} is a string. */
  enum Kind {
    /** Nothing, {@code null} or {@code ~}. */
    NULL("nothing"),
    /** {@code true} or {@code false}. */
    BOOL("a truth value"),
    /** A whole number. */
    INT("a number"),
    /** A number with a fraction or exponent. */
    FLOAT("a number"),
    /** Anything else. */
    STRING("a string");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    private static final java.util.regex.Pattern INTEGER =
        java.util.regex.Pattern.compile("[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+");
    private static final java.util.regex.Pattern REAL =
        java.util.regex.Pattern.compile(
            "[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");

    /** What an unquoted scalar is. */
    static Kind ofPlain(String text) {
      return switch (text) {
        case "", "~", "null", "Null", "NULL" -> NULL;
        case "true", "True", "TRUE", "false", "False", "FALSE" -> BOOL;
        default ->
            INTEGER.matcher(text).matches()
                ? INT
                : text.length() < 400 && REAL.matcher(text).matches() ? FLOAT : STRING;
      };
    }
  }
}
