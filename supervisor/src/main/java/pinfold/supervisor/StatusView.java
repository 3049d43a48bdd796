package pinfold.supervisor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import pinfold.contract.ExitStatus;
import pinfold.contract.Failure;
import pinfold.contract.Health;
import pinfold.contract.InstanceStatus;
import pinfold.contract.ServiceStatus;
import pinfold.contract.State;
import pinfold.contract.Wanted;
import pinfold.core.Cause;
import pinfold.core.End;
import pinfold.core.Need;
import pinfold.core.Run;
import pinfold.core.Unit;
import pinfold.core.UnitName;
import pinfold.core.World;
import pinfold.linux.Signal;
import pinfold.manifest.Port;

/// The world as `status` shows it.
public final class StatusView {
  /// What a running instance uses at this moment.
  public record Usage(long memoryBytes, double cpuSeconds) {}

  private StatusView() {}

  /// The status of these units, in their order; those that are gone are left out.
  ///
  /// @param finished also one-off work that is over
  /// @param usage asked for each running instance; empty = not known
  public static List<ServiceStatus> of(
      World world,
      Collection<UnitName> units,
      boolean finished,
      Function<Run, Optional<Usage>> usage) {
    List<ServiceStatus> all = new ArrayList<>();
    for (UnitName name : units) {
      world
          .unit(name)
          .filter(unit -> finished || !over(unit))
          .ifPresent(unit -> all.add(of(unit, usage)));
    }
    return all;
  }

  /// Work that a person ran once and that is done needs no attention any more.
  private static boolean over(Unit unit) {
    return unit.name().project().equals(UnitName.RUN)
        && (unit.state() == State.DONE
            || unit.state() == State.CREATED
            || unit.wanted() == Wanted.DOWN)
        && !unit.state().equals(State.STOPPING);
  }

  /// The status of one unit.
  public static ServiceStatus of(Unit unit, Function<Run, Optional<Usage>> usage) {
    return new ServiceStatus(
        unit.name().project(),
        unit.name().service().text(),
        unit.service().runtime().name().toLowerCase(Locale.ROOT),
        unit.wanted(),
        unit.state(),
        health(unit.health()),
        reason(unit),
        Optional.of(unit.since()),
        unit.restarts(),
        List.of(instance(unit, usage)));
  }

  static Optional<Health> health(pinfold.core.Health health) {
    return switch (health) {
      case UNDECLARED -> Optional.empty();
      case NOT_READY -> Optional.of(Health.NOT_READY);
      case READY -> Optional.of(Health.READY);
      case UNHEALTHY -> Optional.of(Health.UNHEALTHY);
    };
  }

  static Optional<ExitStatus> exit(@Nullable End end) {
    return switch (end) {
      case null -> Optional.empty();
      case End.Exited(int code) -> Optional.of(ExitStatus.ofCode(code));
      case End.Signalled(int signal) -> Optional.of(ExitStatus.ofSignal(new Signal(signal).name()));
      case End.Unknown() -> Optional.of(new ExitStatus(Optional.empty(), Optional.empty()));
    };
  }

  /// How the unit's last run ended; empty while none has.
  public static Optional<ExitStatus> lastExit(Unit unit) {
    return exit(unit.end().orElse(null));
  }

  private static InstanceStatus instance(Unit unit, Function<Run, Optional<Usage>> usage) {
    Optional<Run> run = unit.run();
    Optional<Run> live = live(unit.state()) ? run : Optional.empty();
    Optional<Usage> used = live.flatMap(usage);
    return new InstanceStatus(
        1,
        run.map(r -> r.id().toString()),
        live.map(Run::mainPid).filter(pid -> pid > 0),
        unit.state(),
        health(unit.health()),
        Optional.of(unit.since()),
        live.isPresent() ? Optional.empty() : exit(unit.end().orElse(null)),
        used.map(Usage::memoryBytes),
        used.map(Usage::cpuSeconds),
        unit.service().ports().stream().map(StatusView::port).toList());
  }

  /// Whether a main process may exist in this state.
  public static boolean live(State state) {
    return switch (state) {
      case STARTING, RUNNING, STOPPING, PAUSED, UNVERIFIED -> true;
      case CREATED, WAITING, PREPARING, BACKOFF, DONE, FAILED, SKIPPED -> false;
    };
  }

  /// As a manifest writes it: `127.0.0.1:8080`, `7000-7010/udp`.
  private static String port(Port port) {
    String address = port.address().isEmpty() ? "" : port.address() + ":";
    String range = port.first() == port.last() ? "" : "-" + port.last();
    return address + port.first() + range + (port.protocol() == Port.Protocol.UDP ? "/udp" : "");
  }

  private static Optional<String> reason(Unit unit) {
    if (unit.failure().isPresent()) {
      return unit.failure().map(Failure::message);
    }
    if (!unit.needs().isEmpty()) {
      return Optional.of(
          unit.needs().stream().map(StatusView::need).collect(Collectors.joining("; ")));
    }
    boolean asWanted =
        unit.state() == State.RUNNING && unit.health() != pinfold.core.Health.UNHEALTHY;
    if (asWanted) {
      return unit.status().isEmpty() ? Optional.empty() : Optional.of(unit.status());
    }
    return unit.cause().map(Cause::what);
  }

  private static String need(Need need) {
    return "waits for " + need.unit() + " " + need.what() + ", which " + need.why();
  }
}
