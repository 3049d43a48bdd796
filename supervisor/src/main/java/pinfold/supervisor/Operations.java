package pinfold.supervisor;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.contract.OperationView;
import pinfold.contract.Progress;
import pinfold.core.OperationId;

/// Every mutating request that this supervisor knows: those under way with what they said so far,
/// and the last ones that ended. Any thread.
public final class Operations {
  /// Ended ones that are kept in memory; older ones are forgotten.
  private static final int KEPT = 200;

  /// Under way at one time.
  static final int RUNNING = 1000;

  /// Steps that one operation keeps for whoever joins late.
  private static final int STEPS = 4096;

  /// One operation. Any thread.
  public static final class Entry {
    private final Bell bell = new Bell();
    private final ReentrantLock lock = new ReentrantLock();

    /// Guarded by `lock`.
    private final List<Progress> steps = new ArrayList<>();

    private volatile OperationView view;

    private Entry(OperationView view) {
      this.view = view;
    }

    /// As it is now.
    public OperationView view() {
      return view;
    }

    /// Rings at each step and at the end.
    public Bell bell() {
      return bell;
    }

    /// Whether nothing more will come.
    public boolean over() {
      return view.state() != OperationView.Outcome.RUNNING;
    }

    /// What it said after the first `from` steps.
    public List<Progress> steps(int from) {
      lock.lock();
      try {
        return List.copyOf(steps.subList(Math.min(from, steps.size()), steps.size()));
      } finally {
        lock.unlock();
      }
    }

    private void step(Progress progress) {
      lock.lock();
      try {
        if (steps.size() < STEPS) {
          steps.add(progress);
        }
        view =
            with(
                view,
                OperationView.Outcome.RUNNING,
                Optional.empty(),
                progress.message(),
                List.of());
      } finally {
        lock.unlock();
      }
      bell.ring();
    }

    private void end(OperationView.Outcome outcome, Instant at, List<Failure> failures) {
      lock.lock();
      try {
        view = with(view, outcome, Optional.of(at), view.stage(), failures);
      } finally {
        lock.unlock();
      }
      bell.ring();
    }

    private static OperationView with(
        OperationView old,
        OperationView.Outcome outcome,
        Optional<Instant> ended,
        String stage,
        List<Failure> failures) {
      return new OperationView(
          old.operation(),
          old.kind(),
          outcome,
          old.targets(),
          old.started(),
          ended,
          stage,
          failures);
    }
  }

  private final ReentrantLock lock = new ReentrantLock();

  /// Guarded by `lock`; in the order of their beginning.
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  Operations() {}

  /// Refuses when so many are under way that something asks without end.
  void admit() {
    long running;
    lock.lock();
    try {
      running = entries.values().stream().filter(entry -> !entry.over()).count();
    } finally {
      lock.unlock();
    }
    if (running >= RUNNING) {
      throw Failure.of(Code.BUSY, running + " operations are under way already")
          .tryNext("pinfold ops ls")
          .tryNext("pinfold ops cancel ID")
          .exception();
    }
  }

  /// Notes one that is about to be asked of the core.
  ///
  /// @param targets services as shop/api
  public Entry open(OperationId id, String kind, List<String> targets, Instant now) {
    return put(
        new OperationView(
            id.text(),
            kind,
            OperationView.Outcome.RUNNING,
            targets,
            now,
            Optional.empty(),
            "",
            List.of()));
  }

  /// Notes one of an earlier supervisor.
  Entry put(OperationView view) {
    lock.lock();
    try {
      Entry entry = new Entry(view);
      entries.put(view.operation(), entry);
      trim();
      return entry;
    } finally {
      lock.unlock();
    }
  }

  /// The one of this id, while it is remembered.
  public Optional<Entry> find(String id) {
    return Optional.ofNullable(get(id));
  }

  /// Newest first.
  ///
  /// @param finished also those that ended
  public List<OperationView> list(boolean finished) {
    lock.lock();
    try {
      return entries.values().stream()
          .filter(entry -> finished || !entry.over())
          .map(Entry::view)
          .sorted(Comparator.comparing(OperationView::started).reversed())
          .toList();
    } finally {
      lock.unlock();
    }
  }

  void step(OperationId id, Progress progress) {
    find(id.text()).ifPresent(entry -> entry.step(progress));
  }

  void end(OperationId id, OperationView.Outcome outcome, Instant at, List<Failure> failures) {
    find(id.text()).ifPresent(entry -> entry.end(outcome, at, failures));
  }

  private @Nullable Entry get(String id) {
    lock.lock();
    try {
      return entries.get(id);
    } finally {
      lock.unlock();
    }
  }

  private void trim() {
    int surplus = entries.size() - KEPT;
    var all = entries.values().iterator();
    while (surplus > 0 && all.hasNext()) {
      if (all.next().over()) {
        all.remove();
        surplus--;
      }
    }
  }
}
