import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleBinaryOperator;

/** What was promised, against what this run measured. */
final class Targets {
  private final Sheet sheet;

  Targets(Sheet sheet) {
    this.sheet = sheet;
  }

  void print() {
    System.out.println();
    atMost("100 running in at most 1.5 x process-compose", Row.START_100, times(1.5, ProcessCompose.NAME, Row.START_100));
    atMost("1,000 running in at most 1.5 x the bare loop", Row.START_1000, times(1.5, Sheet.BARE, Row.START_1000));
    atMost("1,000 running ahead of every peer", Row.START_1000, best(Row.START_1000, false));
    atMost("crash to restarted in at most 1.8 x the bare loop", Row.RESTART, times(1.8, Sheet.BARE, Row.RESTART));
    atMost("`status` of 100 in at most 90 ms", Row.STATUS_100, OptionalDouble.of(90));
    atMost("PSS of supervisor and keeper at 10 services at most 64 MiB", Row.PSS_10, OptionalDouble.of(64));
    growth("100", Row.PSS_100, 90);
    growth("1,000", Row.PSS_1000, 990);
    atMost("no more wake-ups of the supervisor than of a bare idle JVM", Row.IDLE, times(1, Sheet.BARE, Row.IDLE));
    atMost("no wake-up of the keeper", Row.IDLE_KEEPER, OptionalDouble.of(0));
    atLeast("lines: MiB per CPU-second at least twice the best peer's", Row.LINES_CPU, scaled(2, best(Row.LINES_CPU, true)));
    atLeast("lines: MiB per CPU-second at least a loop of read and write", Row.LINES_CPU, times(1, Sheet.BARE, Row.LINES_CPU));
    atLeast("blocks: MiB per CPU-second at least twice the best peer's", Row.BLOCKS_CPU, scaled(2, best(Row.BLOCKS_CPU, true)));
    atLeast("blocks: MiB per CPU-second at least a loop of read and write", Row.BLOCKS_CPU, times(1, Sheet.BARE, Row.BLOCKS_CPU));
    atLeast("no fewer lines per second than with s6-log", Row.LINES, times(1, S6.NAME, Row.LINES));
    atMost("100 services of 100 lines/s at most 2 % of a core", Row.LOAD, OptionalDouble.of(2));
    atLeast("all of these lines read back by time", Row.READ_BACK, OptionalDouble.of(100));
    death("supervisor", Row.DEATH_SUPERVISOR);
    death("keeper", Row.DEATH_KEEPER);
    death("both", Row.DEATH_BOTH);
  }

  private void atMost(String what, Row row, OptionalDouble bound) {
    judge(what, sheet.figure(Pinfold.NAME, row), bound, (figure, limit) -> limit - figure);
  }

  private void atLeast(String what, Row row, OptionalDouble bound) {
    judge(what, sheet.figure(Pinfold.NAME, row), bound, (figure, limit) -> figure - limit);
  }

  private void growth(String count, Row row, int more) {
    OptionalDouble few = sheet.figure(Pinfold.NAME, Row.PSS_10);
    OptionalDouble many = sheet.figure(Pinfold.NAME, row);
    OptionalDouble each =
        few.isPresent() && many.isPresent()
            ? OptionalDouble.of((many.getAsDouble() - few.getAsDouble()) * 1024 / more)
            : OptionalDouble.empty();
    judge("PSS of each further service up to " + count + " at most 4 KiB", each, OptionalDouble.of(4),
        (figure, limit) -> limit - figure);
  }

  private void death(String of, Row row) {
    Optional<String> told = Optional.of(sheet.text(Pinfold.NAME, row)).filter(text -> !text.isEmpty());
    say("`kill -9` of " + of + " leaves 10, doubles 0, loses 0 lines", told.map(text -> text.equals("10, 0, 0")),
        told.orElse(""));
  }

  private OptionalDouble times(double factor, String column, Row row) {
    return scaled(factor, sheet.figure(column, row));
  }

  private static OptionalDouble scaled(double factor, OptionalDouble figure) {
    return figure.isPresent() ? OptionalDouble.of(factor * figure.getAsDouble()) : figure;
  }

  private OptionalDouble best(Row row, boolean most) {
    Comparator<Double> order = most ? Comparator.naturalOrder() : Comparator.reverseOrder();
    return sheet.peers().stream()
        .map(peer -> sheet.figure(peer, row))
        .filter(OptionalDouble::isPresent)
        .map(OptionalDouble::getAsDouble)
        .max(order)
        .map(OptionalDouble::of)
        .orElse(OptionalDouble.empty());
  }

  private static void judge(String what, OptionalDouble figure, OptionalDouble bound, DoubleBinaryOperator margin) {
    if (figure.isEmpty() || bound.isEmpty()) {
      say(what, Optional.empty(), "");
      return;
    }
    boolean hit = margin.applyAsDouble(figure.getAsDouble(), bound.getAsDouble()) >= 0;
    say(what, Optional.of(hit),
        Sheet.shown(figure.getAsDouble()) + " against " + Sheet.shown(bound.getAsDouble()));
  }

  private static void say(String what, Optional<Boolean> hit, String figures) {
    System.out.printf("* %s: %s%s%n", hit.map(yes -> yes ? "hit" : "MISS").orElse("not measured"), what,
        figures.isEmpty() ? "" : ": " + figures);
  }
}
