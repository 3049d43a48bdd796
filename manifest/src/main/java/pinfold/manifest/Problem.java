package pinfold.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pinfold.contract.Code;
import pinfold.contract.Json;

/**
 * Something that is wrong with a manifest.
 *
 * @param code what kind of problem
 * @param at where
 * @param what one line that names the thing
 * @param why what is expected, or what follows from it
 * @param help what to write instead
 * @param related other places that belong to it, with what is there
 */
public record Problem(
    Code code,
    Position at,
    String what,
    Optional<String> why,
    Optional<String> help,
    List<Related> related) {
  /** Copies the list. */
  public Problem {
    related = List.copyOf(related);
  }

  /** Another place. */
  public record Related(Position at, String what) {}

  static Problem of(Code code, Position at, String what) {
    return new Problem(code, at, what, Optional.empty(), Optional.empty(), List.of());
  }

  Problem why(String text) {
    return new Problem(code, at, what, Optional.of(text), help, related);
  }

  Problem help(String text) {
    return new Problem(code, at, what, why, Optional.of(text), related);
  }

  Problem help(Optional<String> text) {
    return text.map(this::help).orElse(this);
  }

  Problem related(Position place, String text) {
    List<Related> all = new ArrayList<>(related);
    all.add(new Related(place, text));
    return new Problem(code, at, what, why, help, all);
  }

  /**
   * As it is shown: code and what, the place, the line with a caret, why, help. Ends with a line
   * end.
   *
   * @param sources gives the lines to quote
   */
  public String render(Sources sources) {
    StringBuilder out = new StringBuilder();
    out.append("error[").append(code.id()).append("]: ").append(clean(what)).append('\n');
    quote(out, sources, at, "  --> ");
    why.ifPresent(text -> out.append("  = ").append(clean(text)).append('\n'));
    for (Related other : related) {
      out.append("  = ").append(clean(other.what)).append('\n');
      quote(out, sources, other.at, "  --> ");
    }
    help.ifPresent(text -> out.append("help: ").append(clean(text)).append('\n'));
    return out.toString();
  }

  private static void quote(StringBuilder out, Sources sources, Position at, String arrow) {
    out.append(arrow)
        .append(clean(sources.display(at.file())))
        .append(':')
        .append(at.line())
        .append(':')
        .append(at.column())
        .append('\n');
    sources
        .line(at)
        .ifPresent(line -> {
          Excerpt excerpt = Excerpt.of(line, at.column(), at.width());
          String number = Integer.toString(at.line());
          String margin = " ".repeat(number.length() + 1);
          out.append(margin).append(" |\n");
          out.append(' ').append(number).append(" | ").append(excerpt.text()).append('\n');
          out.append(margin)
              .append(" | ")
              .append(" ".repeat(excerpt.offset()))
              .append("^".repeat(excerpt.width()))
              .append('\n');
        });
  }

  /**
   * The same for scripts: {@code {"code", "message", "detail": {"at", "why"?, "related"?}, "try"}}.
   */
  public Json.Obj json() {
    Json.Obj detail = Json.object("at", Json.of(at.toString()));
    if (why.isPresent()) {
      detail = detail.with("why", Json.of(why.get()));
    }
    if (!related.isEmpty()) {
      detail =
          detail.with(
              "related",
              Json.array(
                  related.stream()
                      .map(
                          r -> Json.object("at", Json.of(r.at.toString()), "what", Json.of(r.what)))
                      .toList()));
    }
    return Json.object("code", Json.of(code.id()), "message", Json.of(what))
        .with("detail", detail)
        .with("try", Json.strings(help.map(List::of).orElse(List.of())));
  }

  /** Control characters of a hostile manifest never reach a terminal. */
  private static String clean(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .forEach(c ->
            out.appendCodePoint(
                Character.isISOControl(c) || Character.getType(c) == Character.FORMAT
                    ? 0xFFFD
                    : c));
    return out.toString();
  }
}
