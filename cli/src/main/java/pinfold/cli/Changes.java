package pinfold.cli;

import java.util.List;
import pinfold.contract.Change;
import pinfold.contract.Json;
import pinfold.contract.JsonText;

/** Changes as people read them: one line per service, one per key that differs. */
final class Changes {
  private Changes() {}

  /** Lines with line ends; what stays as it is, is counted at the end. */
  static String render(List<Change> changes, Style style) {
    StringBuilder out = new StringBuilder();
    int kept = 0;
    for (Change change : changes) {
      String name = Text.line(change.project() + "/" + change.name());
      switch (change.action()) {
        case CREATE -> out.append(style.good("+ " + name)).append(" starts");
        case RECREATE -> out.append(style.warning("~ " + name)).append(" restarts");
        case UPDATE -> out.append(style.warning("~ " + name)).append(" is updated");
        case START -> out.append(style.good("> " + name)).append(" starts");
        case REMOVE -> out.append(style.bad("- " + name)).append(" stops and is removed");
        case KEEP -> {
          kept++;
          continue;
        }
      }
      if (!change.reason().isEmpty()) {
        out.append(": ").append(style.faint(Text.line(change.reason())));
      }
      out.append('\n');
      for (Change.Field field : change.fields()) {
        out.append("    ").append(Text.line(field.key())).append(": ");
        out.append(value(field.before())).append(" → ").append(value(field.after())).append('\n');
      }
    }
    if (kept > 0) {
      out.append("= ").append(kept).append(" unchanged\n");
    }
    return out.toString();
  }

  /** Whether anything would be done. */
  static boolean any(List<Change> changes) {
    return changes.stream().anyMatch(change -> change.action() != Change.Action.KEEP);
  }

  private static String value(Json value) {
    String text =
        switch (value) {
          case Json.Str(String string) -> string;
          case Json.Null _ -> "(none)";
          case Json.Obj _, Json.Arr _, Json.Int _, Json.Real _, Json.Bool _ ->
              JsonText.write(value);
        };
    return Text.fitted(Text.line(text), 60);
  }
}
