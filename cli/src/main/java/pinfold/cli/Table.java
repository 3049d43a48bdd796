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

  /** A harmless cell and how many columns it takes. */
  private record Measured(String text, int width, UnaryOperator<String> style) {
    static List<Measured> of(List<Cell> cells) {
      List<Measured> row = new ArrayList<>(cells.size());
      for (Cell cell : cells) {
        String text = Text.line(cell.text());
        row.add(new Measured(text, Text.width(text), cell.style()));
      }
      return row;
    }
  }

  private final List<String> headers;
  private final List<Integer> rightAligned;
  private final List<List<Measured>> rows = new ArrayList<>();

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
    rows.add(Measured.of(cells));
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
      for (List<Measured> row : rows) {
        widths[column] = Math.max(widths[column], row.get(column).width());
      }
      if (widths[column] > 0) {
        widths[column] = Math.max(widths[column], headers.get(column).length());
      }
    }
    StringBuilder out = new StringBuilder();
    List<Cell> titles = new ArrayList<>(headers.size());
    for (String header : headers) {
      titles.add(new Cell(header, style::strong));
    }
    line(out, Measured.of(titles), widths, style);
    for (List<Measured> row : rows) {
      line(out, row, widths, style);
    }
    return out.toString();
  }

  private void line(StringBuilder out, List<Measured> row, int[] widths, Style style) {
    int pending = 0;
    for (int column = 0; column < widths.length; column++) {
      if (widths[column] == 0) {
        continue;
      }
      Measured cell = row.get(column);
      int padding = widths[column] - cell.width();
      int before = rightAligned.contains(column) ? padding : 0;
      if (!cell.text().isEmpty()) {
        out.repeat(' ', pending + before);
        out.append(style == Style.PLAIN ? cell.text() : cell.style().apply(cell.text()));
        pending = padding - before + 2;
      } else {
        pending += padding + 2;
      }
    }
    out.append('\n');
  }
}
