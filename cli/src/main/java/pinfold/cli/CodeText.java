package pinfold.cli;

import java.util.Locale;
import java.util.Optional;
import pinfold.contract.Code;
import pinfold.contract.Exit;
import pinfold.contract.Explanation;
import pinfold.contract.Failure;
import pinfold.contract.Json;

/** What {@code pinfold explain PFnnnn} prints. */
final class CodeText {
  private CodeText() {}

  static int print(String id, Invocation call) {
    Code code =
        Code.of(id)
            .orElseThrow(() ->
                Failure.of(
                        Code.NO_SUCH_CODE,
                        "this release has no code " + id.toUpperCase(Locale.ROOT))
                    .tryNext("pinfold version")
                    .exception());
    Optional<Explanation> explanation = Explanation.of(code);
    if (call.json()) {
      call.print(
          Json.object("code", Json.of(code.id()), "title", Json.of(code.title()))
              .with("text", Json.of(explanation.map(Explanation::text).orElse("")))
              .with(
                  "try",
                  Json.strings(explanation.map(Explanation::steps).orElse(java.util.List.of())))
              .with("exit_code", Json.of(code.exit().code())));
      return Exit.OK.code();
    }
    Output out = call.console().out();
    out.line(call.style().strong(code.id() + ": " + code.title()) + "\n");
    explanation.ifPresent(text -> {
      for (String paragraph : text.text().split("\n\n", -1)) {
        out.line(wrapped(paragraph, Math.min(100, call.console().width())) + "\n");
      }
      text.steps().forEach(step -> out.line("  try: " + step));
    });
    out.line("\nA command that fails with it exits with " + code.exit().code() + ".");
    return Exit.OK.code();
  }

  private static String wrapped(String paragraph, int width) {
    StringBuilder out = new StringBuilder();
    int column = 0;
    for (String word : paragraph.split("\\s+", -1)) {
      if (column > 0 && column + 1 + word.length() > width) {
        out.append('\n');
        column = 0;
      } else if (column > 0) {
        out.append(' ');
        column++;
      }
      out.append(word);
      column += word.length();
    }
    return out.toString();
  }
}
