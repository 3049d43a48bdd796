package pinfold.supervisor;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import pinfold.core.BirthReport;
import pinfold.core.Identity;
import pinfold.core.Run;
import pinfold.linux.ProcessStat;
import pinfold.linux.Processes;

/// What running instances use, read from /proc when somebody asks and never otherwise.
///
/// One reading looks at each process of the host once, however many instances there are. Any
/// thread.
public final class Metrics {
  private final Map<Integer, ProcessStat> all = new HashMap<>();
  private final Map<Integer, List<Integer>> children = new HashMap<>();

  private Metrics() {
    for (ProcessStat stat : Processes.all()) {
      all.put(stat.pid(), stat);
      children.computeIfAbsent(stat.parent(), _ -> new ArrayList<>(2)).add(stat.pid());
    }
  }

  /// Reads everything once; the function then answers for the instances of that moment.
  public static Function<Run, Optional<StatusView.Usage>> read() {
    return new Metrics()::usage;
  }

  private Optional<StatusView.Usage> usage(Run run) {
    BirthReport report = run.report();
    Identity identity = report.identity();
    if (identity == null || report.empty()) {
      return Optional.empty();
    }
    // All that belongs to a service descends from its warden, which is itself no part of it.
    Deque<Integer> open = new ArrayDeque<>();
    if (identity.wardenPid() > 0) {
      open.addAll(children.getOrDefault(identity.wardenPid(), List.of()));
    } else {
      open.add(identity.pid());
    }
    long memory = 0;
    Duration cpu = Duration.ZERO;
    boolean found = false;
    while (!open.isEmpty()) {
      ProcessStat stat = all.get(open.pop());
      if (stat != null) {
        found = true;
        memory += Processes.residentBytes(stat.pid()).orElse(0L);
        cpu = cpu.plus(stat.user()).plus(stat.system());
        open.addAll(children.getOrDefault(stat.pid(), List.of()));
      }
    }
    return found
        ? Optional.of(new StatusView.Usage(memory, cpu.toNanos() / 1e9))
        : Optional.empty();
  }
}
