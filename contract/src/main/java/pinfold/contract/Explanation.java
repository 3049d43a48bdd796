package pinfold.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What {@code pinfold explain PFnnnn} says of a code: a paragraph or more, then what helps.
 *
 * @param text paragraphs, separated by empty lines
 * @param steps what to do, most helpful first
 */
public record Explanation(Code code, String text, List<String> steps) {
  private static final String RESOURCE = "codes.md";

  public Explanation {
    steps = List.copyOf(steps);
  }

  /**
   * The section of a code in the resource codes.md; empty when it has none, which a test refuses.
   */
  public static Optional<Explanation> of(Code code) {
    String all = Interfaces.resource(RESOURCE);
    int start = all.indexOf("\n## " + code.id());
    if (start < 0) {
      return Optional.empty();
    }
    int body = all.indexOf('\n', start + 1) + 1;
    int end = all.indexOf("\n#", body);
    List<String> steps = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (String line : all.substring(body, end < 0 ? all.length() : end).split("\n", -1)) {
      if (line.startsWith("* ")) {
        steps.add(line.substring(2));
      } else {
        text.append(line).append('\n');
      }
    }
    return Optional.of(new Explanation(code, text.toString().strip(), steps));
  }
}
