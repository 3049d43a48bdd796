package pinfold.cli;

import java.util.List;
import java.util.Locale;
import pinfold.contract.Failure;
import pinfold.contract.Json;

/**
 * What {@code doctor} found.
 *
 * @param about what was looked at
 * @param code of an error, else empty
 * @param tries what helps
 */
record Finding(Level level, String about, String text, String code, List<String> tries) {
  /** How bad it is. */
  enum Level {
    OK,
    WARNING,
    ERROR
  }

  static Finding good(String about, String text) {
    return new Finding(Level.OK, about, text, "", List.of());
  }

  static Finding warning(String about, String text, String... tries) {
    return new Finding(Level.WARNING, about, text, "", List.of(tries));
  }

  static Finding error(String about, Failure failure) {
    return new Finding(Level.ERROR, about, failure.message(), failure.code(), failure.tries());
  }

  Json.Obj json() {
    return Json.object("level", Json.of(word()), "about", Json.of(about))
        .with("text", Json.of(text))
        .with("code", code.isEmpty() ? Json.Null.NULL : Json.of(code))
        .with("try", Json.strings(tries));
  }

  String text(Style style) {
    String mark =
        switch (level) {
          case OK -> style.good("ok     ");
          case WARNING -> style.warning("warning");
          case ERROR -> style.bad("error  ");
        };
    StringBuilder out = new StringBuilder();
    out.append(mark)
        .append("  ")
        .append("%-10s".formatted(about))
        .append("  ")
        .append(Text.line(text));
    out.append(code.isEmpty() ? "" : " [" + code + "]").append('\n');
    tries.forEach(
        next -> out.append(" ".repeat(21)).append("try: ").append(Text.line(next)).append('\n'));
    return out.toString();
  }

  private String word() {
    return level.name().toLowerCase(Locale.ROOT);
  }
}
