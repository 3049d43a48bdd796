package pinfold.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Columns as wide as their content, two blanks between them; columns in which every cell is empty
 * are left out.
 */
final class Table {
  /** A cell; its text is made harmless, its colour does not count for the width. */
  record Cell(String text, UnaryOperator<String> style) {
    static Cell of(String text) {
      return new Cell(text, UnaryOperator.identity());
    }
  }

  private final List<String> headers;
  private final List<Integer> rightAligned;
  private final List<List<Cell>> rows = new ArrayList<>();

  /**
   * An empty table.
   *
   * @param rightAligned indexes of the columns of numbers
   */
  Table(List<String> headers, List<Integer> rightAligned) {
    this.headers = headers;
    this.rightAligned = rightAligned;
  }

  void row(List<Cell> cells) {
    if (cells.size() != headers.size()) {
      throw new IllegalArgumentException(
          cells.size() + " cells for " + headers.size() + " columns");
    }
    rows.add(cells.stream().map(cell -> new Cell(Text.line(cell.text()), cell.style())).toList());
  }

  void row(String... texts) {
    row(List.of(texts).stream().map(Cell::of).toList());
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  /** The lines, each with its line end. */
  String render(Style style) {
    int[] widths = new int[headers.size()];
    for (int column = 0; column < widths.length; column++) {
      for (List<Cell> row : rows) {
        widths[column] = Math.max(widths[column], Text.width(row.get(column).text()));
      }
      if (widths[column] > 0) {
        widths[column] = Math.max(widths[column], headers.get(column).length());
      }
    }
    StringBuilder out = new StringBuilder();
    line(
        out,
        headers.stream().map(header -> new Cell(header, style::strong)).toList(),
        widths,
        style);
    rows.forEach(row -> line(out, row, widths, style));
    return out.toString();
  }

  private void line(StringBuilder out, List<Cell> cells, int[] widths, Style style) {
    StringBuilder line = new StringBuilder();
    int pending = 0;
    for (int column = 0; column < widths.length; column++) {
      if (widths[column] == 0) {
        continue;
      }
      Cell cell = cells.get(column);
      int padding = widths[column] - Text.width(cell.text());
      int before = rightAligned.contains(column) ? padding : 0;
      if (!cell.text().isEmpty()) {
        line.repeat(' ', pending + before);
        line.append(style == Style.PLAIN ? cell.text() : cell.style().apply(cell.text()));
        pending = padding - before + 2;
      } else {
        pending += padding + 2;
      }
    }
    out.append(line).append('\n');
  }
}
