package pinfold.supervisor;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Function;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.contract.Json;
import pinfold.core.UnitName;
import pinfold.linux.ProcessStat;
import pinfold.linux.Processes;
import pinfold.linux.TcpListener;
import pinfold.manifest.Port;
import pinfold.manifest.Probe;
import pinfold.manifest.Service;

/// Finds out whether a service ended because another process listens where it wanted to. Asked
/// after the fall and never before a start: that somebody listens at a port which the manifest
/// names does not have to be wrong. Reads /proc: not for the core thread.
final class TakenPorts {
  private static final System.Logger LOG = System.getLogger("supervisor");

  /// Ranges of more ports than this say nothing of where a service listens.
  private static final int RANGE = 16;

  /// Failures that a taken port may explain.
  private static final Set<String> ENDED =
      Set.of(Code.EXITED_EARLY.id(), Code.EXITED.id(), Code.BUDGET_SPENT.id());

  private final Function<UnitName, Optional<Service>> services;
  private final BiPredicate<UnitName, Integer> own;

  /// @param own whether a process belongs to what runs of a unit now
  TakenPorts(Function<UnitName, Optional<Service>> services, BiPredicate<UnitName, Integer> own) {
    this.services = services;
    this.own = own;
  }

  /// The failure, or, where a stranger listens at a port of the service, that.
  Failure explain(UnitName unit, Failure failure) {
    if (!ENDED.contains(failure.code())) {
      return failure;
    }
    for (int port : services.apply(unit).map(TakenPorts::ports).orElseGet(TreeSet::new)) {
      Optional<String> holder = stranger(unit, port);
      if (holder.isPresent()) {
        Failure taken =
            new Failure(
                Code.PORT_TAKEN.id(),
                failure.message() + "; " + holder.get() + " listens at its port " + port,
                failure.detail().with("port", Json.of(port)),
                List.of("ss -ltnp 'sport = :" + port + "'"));
        for (String next : failure.tries()) {
          taken = taken.tryNext(next);
        }
        return taken;
      }
    }
    return failure;
  }

  private Optional<String> stranger(UnitName unit, int port) {
    try {
      for (TcpListener listener : TcpListener.at(port)) {
        List<Integer> holders = listener.holders();
        if (holders.isEmpty()) {
          return Optional.of("a process of the user " + listener.uid());
        }
        if (holders.stream().noneMatch(pid -> own.test(unit, pid))) {
          int pid = holders.getFirst();
          String name = Processes.stat(pid).map(ProcessStat::command).orElse("which just ended");
          return Optional.of("process " + pid + " (" + name + ")");
        }
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "it cannot be found out who listens at port " + port, e);
    }
    return Optional.empty();
  }

  /// Where a service is said to listen on this host.
  static NavigableSet<Integer> ports(Service service) {
    NavigableSet<Integer> ports = new TreeSet<>();
    for (Port port : service.ports()) {
      if (port.protocol() == Port.Protocol.TCP && port.last() - port.first() < RANGE) {
        for (int one = port.first(); one <= port.last(); one++) {
          ports.add(one);
        }
      }
    }
    service.ready().flatMap(TakenPorts::port).ifPresent(ports::add);
    service.live().flatMap(TakenPorts::port).ifPresent(ports::add);
    return ports;
  }

  private static Optional<Integer> port(Probe probe) {
    return switch (probe.check()) {
      case Probe.Tcp(String host, int port) -> here(host) ? Optional.of(port) : Optional.empty();
      case Probe.Http(var url) -> {
        int standard = url.getScheme().equals("https") ? 443 : 80;
        yield here(url.getHost())
            ? Optional.of(url.getPort() < 0 ? standard : url.getPort())
            : Optional.empty();
      }
      case Probe.Exec _, Probe.Log _, Probe.Notify _ -> Optional.empty();
    };
  }

  private static boolean here(String host) {
    return host.equals("localhost")
        || host.startsWith("127.")
        || host.equals("::1")
        || host.equals("[::1]");
  }
}
