import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** The table as far as it is filled. Figures are kept beside what is shown, for the targets. */
final class Sheet {
  /** What the plain C loops (and, where it says so, a bare JVM) do. */
  static final String BARE = "bare";

  private record Cell(String text, OptionalDouble figure) {}

  private final Map<String, Map<Row, Cell>> columns = new LinkedHashMap<>();

  void column(String name) {
    columns.putIfAbsent(name, new EnumMap<>(Row.class));
  }

  void put(String column, Row row, double figure, String text) {
    fill(column, row, new Cell(text, OptionalDouble.of(figure)));
  }

  /** A figure with as many digits as mean something. */
  void put(String column, Row row, double figure) {
    put(column, row, figure, shown(figure));
  }

  /** Why there is no figure. */
  void say(String column, Row row, String text) {
    fill(column, row, new Cell(text, OptionalDouble.empty()));
  }

  boolean has(String column, Row row) {
    return columns.getOrDefault(column, Map.of()).containsKey(row);
  }

  OptionalDouble figure(String column, Row row) {
    Cell cell = columns.getOrDefault(column, Map.of()).get(row);
    return cell == null ? OptionalDouble.empty() : cell.figure();
  }

  String text(String column, Row row) {
    Cell cell = columns.getOrDefault(column, Map.of()).get(row);
    return cell == null ? "" : cell.text();
  }

  /** Every column but ours and the bare one. */
  List<String> peers() {
    List<String> peers = new ArrayList<>(columns.keySet());
    peers.removeAll(List.of(BARE, Pinfold.NAME));
    return peers;
  }

  void print() {
    System.out.println("| | " + String.join(" | ", columns.keySet()) + " |");
    System.out.println("|---|" + "---|".repeat(columns.size()));
    for (Row row : Row.values()) {
      List<String> cells = columns.keySet().stream().map(column -> text(column, row)).toList();
      if (cells.stream().anyMatch(cell -> !cell.isEmpty())) {
        System.out.println("| " + row.label + " | " + String.join(" | ", cells) + " |");
      }
    }
  }

  static String shown(double figure) {
    return (figure < 100 ? "%.1f" : "%,.0f").formatted(figure);
  }

  private void fill(String column, Row row, Cell cell) {
    column(column);
    columns.get(column).put(row, cell);
    System.err.printf("%s: %s: %s%n", column, row.label, cell.text());
  }
}
