package pinfold.manifest;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import pinfold.contract.Code;
import pinfold.manifest.SourceValue.Entry;
import pinfold.manifest.SourceValue.Kind;
import pinfold.manifest.SourceValue.Mapping;
import pinfold.manifest.SourceValue.Scalar;
import pinfold.manifest.SourceValue.Sequence;

/**
 * Expands {@code ${NAME}}, {@code ${NAME:-default}}, {@code ${NAME:?message}} and {@code $$} in
 * scalar values. What a variable gives is not expanded again; a default is. Any other {@code $}
 * stays as it is. As in a shell, {@code :-} and {@code :?} take an empty value like none.
 */
final class Variables {
  /** Of one value, in characters. */
  static final int LARGEST_VALUE = 1 << 20;

  /** Of all values together, in characters. */
  static final int LARGEST_TOTAL = 16 << 20;

  private static final int DEEPEST = 10;
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private final Function<String, Optional<String>> lookup;
  private final Problems problems;
  private final String hint;
  private final IdentityHashMap<SourceValue, SourceValue> done = new IdentityHashMap<>();
  private long total;

  /**
   * Prepares an expansion.
   *
   * @param lookup the value of a name
   * @param hint where a missing value can be set, for messages
   */
  Variables(Function<String, Optional<String>> lookup, String hint, Problems problems) {
    this.lookup = lookup;
    this.hint = hint;
    this.problems = problems;
  }

  /** The tree with every scalar value expanded; keys stay as they are, shared parts stay shared. */
  SourceValue expand(SourceValue value) {
    SourceValue known = done.get(value);
    if (known != null) {
      return known;
    }
    SourceValue expanded =
        switch (value) {
          case Scalar scalar -> scalar.text().indexOf('$') < 0 ? scalar : expand(scalar);
          case Sequence(Position at, List<SourceValue> items) ->
              new Sequence(at, items.stream().map(this::expand).toList());
          case Mapping(Position at, List<Entry> entries) -> {
            List<Entry> all = new ArrayList<>();
            entries.forEach(e -> all.add(new Entry(e.key(), e.at(), expand(e.value()))));
            yield new Mapping(at, all);
          }
        };
    done.put(value, expanded);
    return expanded;
  }

  private Scalar expand(Scalar scalar) {
    String text = expand(scalar, scalar.text(), 0, 0);
    total += text.length();
    if (text.length() > LARGEST_VALUE || total > LARGEST_TOTAL) {
      tooLarge(scalar);
      return new Scalar(scalar.at(), "", Kind.STRING);
    }
    boolean plain = scalar.at().width() == scalar.text().length();
    return new Scalar(scalar.at(), text, plain ? Kind.ofPlain(text) : Kind.STRING);
  }

  private void tooLarge(Scalar scalar) {
    problems.addAndSpoil(
        Problem.of(
            Code.INPUT_TOO_LARGE, scalar.at(), "the variables of this value make it too large"),
        scalar.at());
  }

  private String expand(Scalar scalar, String text, int offset, int depth) {
    int[] closing = closing(text);
    StringBuilder out = new StringBuilder();
    int i = 0;
    while (i < text.length() && out.length() <= LARGEST_VALUE) {
      char c = text.charAt(i);
      if (c != '$' || i + 1 == text.length()) {
        out.append(c);
        i++;
      } else if (text.charAt(i + 1) == '$') {
        out.append('$');
        i += 2;
      } else {
        int end = closing[i];
        Optional<String> value =
            end == 0 ? Optional.empty() : value(scalar, text, i, end, offset, depth);
        out.append(value.orElse("$"));
        i = value.isPresent() ? end + 1 : i + 1;
      }
    }
    return out.toString();
  }

  /** For each place where a brace is opened after a dollar, the place where it is closed, or 0. */
  private static int[] closing(String text) {
    int[] closing = new int[text.length()];
    int[] open = new int[text.length()];
    int depth = 0;
    for (int i = 0; i < text.length(); i++) {
      if (text.startsWith("${", i)) {
        open[depth++] = i++;
      } else if (text.charAt(i) == '}' && depth > 0) {
        closing[open[--depth]] = i;
      }
    }
    return closing;
  }

  /** What {@code text[from..end]} stands for, or empty when it is none of the three forms. */
  private Optional<String> value(
      Scalar scalar, String text, int from, int end, int offset, int depth) {
    String inner = text.substring(from + 2, end);
    Matcher start = NAME.matcher(inner);
    if (!start.lookingAt()) {
      return Optional.empty();
    }
    String name = start.group();
    String rest = inner.substring(start.end());
    if (rest.isEmpty()) {
      return Optional.of(
          lookup
              .apply(name)
              .orElseGet(() -> missing(scalar, name, "", offset + from, end - from + 1)));
    }
    if (rest.startsWith(":-")) {
      Optional<String> set = lookup.apply(name).filter(v -> !v.isEmpty());
      if (depth >= DEEPEST && set.isEmpty()) {
        tooLarge(scalar);
        return Optional.of("");
      }
      return Optional.of(
          set.orElseGet(() ->
              expand(scalar, rest.substring(2), offset + from + 4 + name.length(), depth + 1)));
    }
    if (rest.startsWith(":?")) {
      return Optional.of(
          lookup
              .apply(name)
              .filter(v -> !v.isEmpty())
              .orElseGet(
                  () -> missing(scalar, name, rest.substring(2), offset + from, end - from + 1)));
    }
    return Optional.empty();
  }

  private String missing(Scalar scalar, String name, String message, int offset, int width) {
    int quote = scalar.at().width() - scalar.text().length();
    boolean countable =
        (quote == 0 || quote == 2)
            && scalar.text().codePointCount(0, scalar.text().length()) == scalar.text().length();
    Position whole = scalar.at();
    Position at =
        countable
            ? new Position(whole.file(), whole.line(), whole.column() + offset + quote / 2, width)
            : whole;
    Problem problem =
        Problem.of(
            Code.VARIABLE_MISSING,
            at,
            "the variable "
                + name
                + " has no value"
                + (message.isBlank() ? "" : ": " + message.strip()));
    problems.addAndSpoil(
        problem.help(
            "set it in "
                + hint
                + " or in the environment"
                + (message.isEmpty() ? ", or write ${" + name + ":-default}" : "")),
        whole);
    return "";
  }
}
