package pinfold.cli;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import pinfold.contract.ExitStatus;
import pinfold.contract.Health;
import pinfold.contract.InstanceStatus;
import pinfold.contract.ServiceStatus;
import pinfold.contract.State;

/** Services as a table: one row per service, one per instance where it has several. */
final class StatusTable {
  private StatusTable() {}

  static String render(List<ServiceStatus> services, Style style, Clock clock) {
    Table table =
        new Table(
            List.of(
                "SERVICE",
                "RUNTIME",
                "STATE",
                "HEALTH",
                "PID",
                "RESTARTS",
                "MEMORY",
                "CPU",
                "SINCE",
                "REASON"),
            List.of(4, 5, 6, 7, 8));
    boolean oneProject = services.stream().map(ServiceStatus::project).distinct().count() <= 1;
    for (ServiceStatus service : services) {
      String name = oneProject ? service.name() : service.project() + "/" + service.name();
      if (service.instances().size() <= 1) {
        row(table, style, clock, service, name, service.instances().stream().findFirst());
      } else {
        for (InstanceStatus instance : service.instances()) {
          row(table, style, clock, service, name + "." + instance.slot(), Optional.of(instance));
        }
      }
    }
    return table.render(style);
  }

  private static void row(
      Table table,
      Style style,
      Clock clock,
      ServiceStatus service,
      String name,
      Optional<InstanceStatus> instance) {
    boolean several = service.instances().size() > 1;
    State state =
        several ? instance.map(InstanceStatus::state).orElse(service.state()) : service.state();
    Optional<Health> health = several ? instance.flatMap(InstanceStatus::health) : service.health();
    Optional<Instant> since = several ? instance.flatMap(InstanceStatus::since) : service.since();
    String ended = instance.flatMap(InstanceStatus::exit).map(StatusTable::ended).orElse("");
    table.row(
        List.of(
            new Table.Cell(name, style::strong),
            Table.Cell.of(service.runtime()),
            new Table.Cell(word(state), colour(state, style)),
            new Table.Cell(
                health.map(StatusTable::word).orElse(""),
                health.filter(h -> h == Health.READY).isPresent() ? style::good : style::warning),
            Table.Cell.of(instance.flatMap(InstanceStatus::pid).map(String::valueOf).orElse("")),
            Table.Cell.of(service.restarts() == 0 ? "" : Long.toString(service.restarts())),
            Table.Cell.of(instance.flatMap(InstanceStatus::memoryBytes).map(Text::size).orElse("")),
            Table.Cell.of(instance.flatMap(InstanceStatus::cpuSeconds).map(Text::cpu).orElse("")),
            Table.Cell.of(
                since.map(time -> Text.age(Duration.between(time, clock.instant()))).orElse("")),
            Table.Cell.of(service.reason().orElse(ended))));
  }

  private static String ended(ExitStatus exit) {
    return exit.code()
        .map(code -> "exited with " + code)
        .or(() -> exit.signal().map(signal -> "killed by " + signal))
        .orElse("ended, nobody knows how");
  }

  private static UnaryOperator<String> colour(State state, Style style) {
    return switch (state) {
      case RUNNING, DONE -> style::good;
      case FAILED, UNVERIFIED -> style::bad;
      case CREATED, WAITING, PREPARING, STARTING, STOPPING, BACKOFF, PAUSED -> style::warning;
      case SKIPPED -> style::faint;
    };
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
