package pinfold.supervisor;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.contract.PinfoldException;
import pinfold.core.BirthId;
import pinfold.core.End;
import pinfold.core.Launch;
import pinfold.core.Purpose;
import pinfold.core.UnitName;
import pinfold.linux.ChildSnapshot;
import pinfold.linux.Containment;
import pinfold.linux.Errno;
import pinfold.linux.Fd;
import pinfold.linux.Keeper;
import pinfold.linux.LaunchSpec;
import pinfold.linux.ServiceInput;
import pinfold.linux.SpawnPlan;
import pinfold.linux.SpawnRequest;
import pinfold.linux.SystemCallException;
import pinfold.manifest.Command;
import pinfold.manifest.Hook;
import pinfold.manifest.Hooks;
import pinfold.manifest.LogPolicy;
import pinfold.manifest.Probe;
import pinfold.manifest.Service;
import pinfold.manifest.Skip;
import pinfold.manifest.Stdin;
import pinfold.runtimes.LaunchContext;
import pinfold.runtimes.ServiceEnvironment;
import pinfold.runtimes.Session;
import pinfold.runtimes.WorkloadRuntime;

/// Turns what the core wants born into a plan and a spawn request. Reads env files, so it belongs
/// on a lane.
final class Births {
  /// The keeper's own deadline from fork to exec.
  private static final Duration DEADLINE = Duration.ZERO;

  private final Keeper keeper;
  private final Plans plans;
  private final WorkloadRuntime runtime;
  private final ServiceEnvironment environment;
  private final Callers callers;
  private final EnvFiles envFiles;
  private final NotifySockets notify;
  private final FdStore store;
  private final LogPlace logs;

  Births(
      LogPlace logs,
      Keeper keeper,
      WorkloadRuntime runtime,
      ServiceEnvironment environment,
      Callers callers,
      NotifySockets notify,
      FdStore store) {
    this.logs = logs;
    this.keeper = keeper;
    this.plans = new Plans(Plans.Store.at(keeper));
    this.runtime = runtime;
    this.environment = environment;
    this.callers = callers;
    this.envFiles = new EnvFiles(Path.of(environment.owner().home()));
    this.notify = notify;
    this.store = store;
  }

  /// Asks the keeper for a birth; what comes of it is told by the keeper.
  ///
  /// @return why it could not be asked for; empty when it was
  Optional<Failure> make(Launch launch) {
    return guarded(
        BirthFailure.service(launch.unit()),
        () -> {
          try (FdStore.Loan loan = store.lend(launch)) {
            make(launch, loan.stored());
          }
        });
  }

  private void make(Launch launch, List<FdStore.Stored> stored) throws SystemCallException {
    boolean main = launch.purpose() == Purpose.MAIN;
    LaunchContext context =
        new LaunchContext(
            variables(launch),
            Optional.empty(),
            stored.stream().map(FdStore.Stored::name).toList());
    WorkloadRuntime.Launch ready =
        main
            ? runtime.main(launch.service(), context)
            : runtime.beside(launch.service(), command(launch), context);
    String use = launch.purpose().name();
    if (main && !launch.service().tty() && launch.service().stdin() instanceof Stdin.Open) {
      try (Fd input = ServiceInput.pipe()) {
        spawn(launch, use, ready, List.of(input), stored);
      }
    } else {
      spawn(launch, use, ready, List.of(), stored);
    }
  }

  /// Asks for a birth of the supervisor's own beside a service: an attempt of an exec probe.
  ///
  /// @param launch whose environment, and the new birth's id
  /// @param use what tells its plan from those of the unit's other commands
  Optional<Failure> beside(Launch launch, String use, Command command) {
    return guarded(
        BirthFailure.service(launch.unit()),
        () -> {
          LaunchContext context = LaunchContext.of(variables(launch));
          spawn(
              launch,
              use,
              runtime.beside(launch.service(), command, context),
              List.of(),
              List.of());
        });
  }

  /// Asks for a birth for a person beside a service, see [#forget(Launch)].
  ///
  /// @param launch whose environment, and the new birth's id
  /// @param descriptors its terminal, or its input, output and error; the caller closes its own
  Optional<Failure> session(Launch launch, Session session, List<Fd> descriptors) {
    return guarded(
        BirthFailure.command(launch.unit(), session.arguments().getFirst()),
        () -> {
          LaunchContext context = LaunchContext.of(variables(launch));
          WorkloadRuntime.Launch ready = runtime.session(launch.service(), session, context);
          spawn(launch, use(launch), ready, descriptors, List.of());
        });
  }

  /// Sessions come and go at the same time, so none may replace another's plan.
  private static String use(Launch session) {
    return "session " + session.id().value();
  }

  /// A session began or will never begin: its plan is of no more use.
  void forget(Launch session) {
    plans.forget(session.unit(), use(session));
  }

  /// A birth has no more use for its plan: its program runs, or never will. Fine to say again.
  void settled(BirthId birth) {
    plans.over(birth);
  }

  private interface Asking {
    void ask() throws SystemCallException;
  }

  private static Optional<Failure> guarded(String what, Asking asking) {
    try {
      asking.ask();
      return Optional.empty();
    } catch (PinfoldException e) {
      return Optional.of(e.failure());
    } catch (IllegalArgumentException e) {
      return Optional.of(
          BirthFailure.unasked(what, Code.PLAN_TOO_LARGE, String.valueOf(e.getMessage())));
    } catch (SystemCallException e) {
      Code code = e.errno().equals(Errno.EMFILE) ? Code.NO_DESCRIPTORS : Code.SYSCALL_FAILED;
      return Optional.of(
          BirthFailure.unasked(what, code, String.valueOf(e.getMessage()))
              .with("errno", e.errno().symbol()));
    }
  }

  private void spawn(
      Launch launch,
      String use,
      WorkloadRuntime.Launch ready,
      List<Fd> descriptors,
      List<FdStore.Stored> stored)
      throws SystemCallException {
    Service service = launch.service();
    String log = LogPlace.prefix(launch.unit(), launch.slot(), launch.purpose());
    SpawnRequest.Output output = output(service, ready.streams());
    if (output != SpawnRequest.Output.NONE) {
      logs.prepare(log);
    }
    keeper.spawn(
        new SpawnRequest(
            Reports.id(launch.id()),
            plans.number(launch.unit(), use, ready.spec(), launch.id()),
            new Containment.Warden(),
            output,
            log,
            Math.max(1, launch.run()),
            service.logs().maxSize().bytes(),
            DEADLINE,
            descriptors,
            stored.stream().map(FdStore.Stored::key).toList()));
  }

  private static SpawnRequest.Output output(Service service, WorkloadRuntime.Streams streams) {
    boolean dropped = service.logs().sink() == LogPolicy.Sink.NONE;
    return switch (streams) {
      case LOGGED -> dropped ? SpawnRequest.Output.DISCARDED : SpawnRequest.Output.SEPARATE;
      case LOGGED_MERGED -> dropped ? SpawnRequest.Output.DISCARDED : SpawnRequest.Output.MERGED;
      case LOGGED_TERMINAL ->
          dropped ? SpawnRequest.Output.TERMINAL_DISCARDED : SpawnRequest.Output.TERMINAL;
      case TERMINAL, RECEIVED -> SpawnRequest.Output.NONE;
    };
  }

  /// The whole environment; what the service's files say is read anew each time and kept nowhere.
  private Map<String, String> variables(Launch launch) {
    Service service = launch.service();
    List<Map<String, String>> files = new ArrayList<>();
    for (Path file : service.environment().files()) {
      files.add(envFiles.read(launch.unit(), file));
    }
    Map<String, String> variables =
        new TreeMap<>(
            environment.of(
                launch.unit().project(), service, launch.slot(), callers.of(launch.unit()), files));
    if (launch.purpose() == Purpose.MAIN) {
      notify.address(launch.id()).ifPresent(address -> variables.put("NOTIFY_SOCKET", address));
      watchdog(service)
          .ifPresent(
              every -> variables.put("WATCHDOG_USEC", Long.toString(every.toNanos() / 1000)));
    } else {
      End last = launch.last();
      if (last != null) {
        variables.put("PINFOLD_EXIT_STATUS", Integer.toString(last.shellCode()));
      }
    }
    return variables;
  }

  private static Optional<Duration> watchdog(Service service) {
    return service
        .live()
        .filter(probe -> probe.check() instanceof Probe.Notify)
        .map(Probe::interval);
  }

  private static Command command(Launch launch) {
    Service service = launch.service();
    Optional<Command> command =
        switch (launch.purpose()) {
          case MAIN -> Optional.of(service.command());
          case SKIP ->
              service
                  .skip()
                  .flatMap(skip ->
                      skip instanceof Skip.When(Command when)
                          ? Optional.of(when)
                          : Optional.empty());
          case PRE_START -> service.preStart().map(Hook::command);
          case PRE_STOP -> service.preStop().map(Hook::command);
          case ON_START_SUCCESS -> hook(service, Hooks.Moment.START_SUCCESS);
          case ON_START_ERROR -> hook(service, Hooks.Moment.START_ERROR);
          case ON_READY -> hook(service, Hooks.Moment.READY);
          case ON_STOP_SUCCESS -> hook(service, Hooks.Moment.STOP_SUCCESS);
          case ON_STOP_ERROR -> hook(service, Hooks.Moment.STOP_ERROR);
          case ON_RESTART_SUCCESS -> hook(service, Hooks.Moment.RESTART_SUCCESS);
          case ON_RESTART_ERROR -> hook(service, Hooks.Moment.RESTART_ERROR);
          case ON_FAILURE -> hook(service, Hooks.Moment.FAILURE);
        };
    return command.orElseThrow(
        () -> new IllegalArgumentException("no command for " + launch.purpose()));
  }

  private static Optional<Command> hook(Service service, Hooks.Moment moment) {
    return service.hooks().at(moment).map(Hook::command);
  }

  /// Why a birth that was asked for never reached its program, in words.
  Failure failure(UnitName unit, ChildSnapshot child, ChildSnapshot.Failure failure) {
    return failure(BirthFailure.service(unit), child, failure);
  }

  /// The same of a person's command.
  Failure failure(
      Launch launch, Session session, ChildSnapshot child, ChildSnapshot.Failure failure) {
    return failure(
        BirthFailure.command(launch.unit(), session.arguments().getFirst()), child, failure);
  }

  private Failure failure(String what, ChildSnapshot child, ChildSnapshot.Failure failure) {
    Optional<LaunchSpec> spec = plans.spec(child.plan());
    return BirthFailure.of(
        what, spec.map(LaunchSpec::program).orElse(""), spec.map(SpawnPlan::compile), failure);
  }

  /// The unit is gone.
  void forget(UnitName unit) {
    plans.forget(unit);
    callers.forget(unit);
  }
}
