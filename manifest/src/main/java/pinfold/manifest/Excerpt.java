package pinfold.manifest;

import java.util.Arrays;

/**
 * The part of a line that is shown with a caret below it: at most {@value #WIDEST} characters,
 * nothing that would move the cursor.
 *
 * @param offset where the caret begins
 * @param width how many carets
 */
record Excerpt(String text, int offset, int width) {
  private static final int WIDEST = 120;
  private static final String CUT = "...";

  static Excerpt of(String line, int column, int width) {
    int[] points = line.codePoints().map(Excerpt::visible).toArray();
    int at = Math.min(column - 1, points.length);
    int from = at > WIDEST - 40 ? at - 40 : 0;
    int to = Math.min(points.length, from + WIDEST);
    String shown = new String(points, from, to - from);
    String head = from > 0 ? CUT : "";
    String tail = to < points.length ? CUT : "";
    int carets = Math.clamp(width, 1, Math.max(1, to - at));
    return new Excerpt((head + shown + tail).stripTrailing(), at - from + head.length(), carets);
  }

  private static int visible(int point) {
    int type = Character.getType(point);
    boolean hidden =
        Arrays.asList(
                (int) Character.CONTROL,
                (int) Character.FORMAT,
                (int) Character.SURROGATE,
                (int) Character.LINE_SEPARATOR,
                (int) Character.PARAGRAPH_SEPARATOR)
            .contains(type);
    return point == '\t' ? ' ' : hidden ? 0xFFFD : point;
  }
}
