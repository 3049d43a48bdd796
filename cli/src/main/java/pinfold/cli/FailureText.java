package pinfold.cli;

import java.util.Map;
import java.util.Set;
import pinfold.contract.Failure;
import pinfold.contract.Json;
import pinfold.contract.JsonText;

/** Failures as people read them. */
final class FailureText {
  /** Keys of the detail that have a form of their own. */
  private static final Set<String> SHAPED = Set.of("at", "snippet", "lines", "problems");

  private FailureText() {}

  /**
   * {@code error[PF1203]: message}, what is known, {@code try:} with the next commands; every line
   * ends with a line end.
   */
  static String render(Failure failure, Style style) {
    StringBuilder out = new StringBuilder();
    render(failure, style, "", out);
    return out.toString();
  }

  private static void render(Failure failure, Style style, String indent, StringBuilder out) {
    out.append(indent)
        .append(style.bad("error[" + Text.line(failure.code()) + "]"))
        .append(": ")
        .append(style.strong(Text.line(failure.message())))
        .append('\n');
    Map<String, Json> detail = failure.detail().fields();
    if (detail.get("at") instanceof Json.Str(String at)) {
      out.append(indent).append("  --> ").append(Text.line(at)).append('\n');
    }
    if (detail.get("snippet") instanceof Json.Str(String snippet)) {
      snippet
          .lines()
          .forEach(
              line -> out.append(indent).append("  ").append(Text.harmless(line)).append('\n'));
    }
    detail.forEach((key, value) -> {
      if (!SHAPED.contains(key)) {
        out.append(indent).append("  ").append(Text.line(key.replace('_', ' '))).append(": ");
        out.append(Text.line(value instanceof Json.Str(String text) ? text : JsonText.write(value)))
            .append('\n');
      }
    });
    if (detail.get("lines") instanceof Json.Arr(var lines)) {
      out.append(indent).append("  last lines:\n");
      for (Json line : lines) {
        String text = line instanceof Json.Str(String string) ? string : JsonText.write(line);
        out.append(indent).append("    ").append(Text.harmless(text)).append('\n');
      }
    }
    if (detail.get("problems") instanceof Json.Arr(var problems)) {
      for (Json problem : problems) {
        if (problem instanceof Json.Obj object) {
          render(Failure.from(object), style, indent + "  ", out);
        }
      }
    }
    for (int i = 0; i < failure.tries().size(); i++) {
      out.append(indent).append(i == 0 ? "  try: " : "       ");
      out.append(Text.line(failure.tries().get(i))).append('\n');
    }
  }
}
