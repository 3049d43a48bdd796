package pinfold.cli;

import java.util.List;
import java.util.Map;

/** The text of {@code pinfold --help}. */
final class Help {
  private Help() {}

  static String overview() {
    Map<String, Usage> verbs = Verbs.all();
    StringBuilder out = new StringBuilder();
    out.append(
        "pinfold runs the services of this host from one file.\n\nUsage: pinfold [OPTIONS] VERB …\n\nVerbs:\n");
    verbs.forEach((name, usage) -> out.append("  %-11s %s%n".formatted(name, usage.summary())));
    out.append("\nOptions, before or after the verb:\n");
    for (Globals option : Globals.values()) {
      String names =
          (option.shortName().isEmpty() ? "    " : option.shortName() + ", ") + option.longName();
      out.append(
          "  %-26s %s%n"
              .formatted(names + (option.takesValue() ? " " + option.label() : ""), option.text()));
    }
    out.append("\nBegin with:\n");
    for (String line :
        List.of(
            "pinfold init             write a first pinfold.yaml from what this folder holds",
            "pinfold up               start everything in it and wait until it is ready",
            "pinfold logs -f          what it prints",
            "pinfold VERB --help      more of a verb, with examples")) {
      out.append("  ").append(line).append('\n');
    }
    return out.toString();
  }
}
