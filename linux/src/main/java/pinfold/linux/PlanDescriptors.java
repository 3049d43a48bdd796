package pinfold.linux;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import pinfold.linux.Argument.Literal;
import pinfold.linux.Argument.Result;
import pinfold.linux.Argument.Slot;
import pinfold.linux.Argument.Text;

/**
 * The descriptors of a plan. What the child is born with has numbers from {@link #SLOT_MIN} on, and
 * what the plan opens is raised there, so that placing one never overwrites another. Then
 * everything that was not placed is marked close-on-exec.
 */
final class PlanDescriptors {
  /** PF_SLOT_MIN: the lowest number of a descriptor that a child is born with. */
  static final int SLOT_MIN = 256;

  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int CLOSE_RANGE_CLOEXEC = 4;
  private static final long LAST = 0xffff_ffffL;

  private final List<Call> calls = new ArrayList<>();
  private final Map<String, Result> opened = new HashMap<>();
  private final TreeMap<Integer, Argument> sources = new TreeMap<>();
  private final StringJoiner words = new StringJoiner(", ");

  private PlanDescriptors() {}

  static Step step(LaunchSpec spec) {
    return new PlanDescriptors().place(spec);
  }

  private Step place(LaunchSpec spec) {
    sources.put(0, input(spec.stdin()));
    Argument stdout = output(1, spec.stdout(), Slot.OUT);
    sources.put(1, stdout);
    if (spec.stderr() instanceof LaunchSpec.Merged) {
      words.add("2: as 1");
      sources.put(2, stdout);
    } else {
      sources.put(2, output(2, spec.stderr(), Slot.ERR));
    }
    for (LaunchSpec.Placement placement : spec.placements()) {
      Slot slot = received(placement.source());
      words.add(placement.target() + ": " + placement.name() + " " + slot.text());
      sources.put(placement.target(), slot);
    }
    sources.forEach((target, source) ->
        calls.add(
            Call.must(
                "place descriptor " + target,
                Sys.DUP3,
                source,
                Literal.of(target),
                Literal.of(0))));
    int free = 0;
    for (int target : sources.keySet()) {
      if (target > free) {
        closeRange(free, Literal.of(target - 1));
      }
      free = target + 1;
    }
    closeRange(free, new Literal(LAST, "~0U"));
    return new Step("descriptors", words + "; close all others", calls);
  }

  private Argument input(LaunchSpec.Input input) {
    return switch (input) {
      case LaunchSpec.Null() -> {
        words.add("0: /dev/null");
        yield open("/dev/null", new Literal(0x8_0002, "O_RDWR|O_CLOEXEC"));
      }
      case LaunchSpec.File(String path) -> {
        words.add("0: file " + Quote.quote(path));
        yield open(path, new Literal(0x8_0100, "O_RDONLY|O_NOCTTY|O_CLOEXEC"));
      }
      case LaunchSpec.Terminal() -> {
        words.add("0: the terminal");
        yield new Slot(Slot.OUT);
      }
      case LaunchSpec.Received received -> {
        words.add("0: " + received(received).text());
        yield received(received);
      }
    };
  }

  private Argument output(int target, LaunchSpec.Output output, int slot) {
    return switch (output) {
      case LaunchSpec.Null() -> {
        words.add(target + ": /dev/null");
        yield open("/dev/null", new Literal(0x8_0002, "O_RDWR|O_CLOEXEC"));
      }
      case LaunchSpec.Logged() -> {
        words.add(target + ": " + new Slot(slot).text());
        yield new Slot(slot);
      }
      case LaunchSpec.Received received -> {
        words.add(target + ": " + received(received).text());
        yield received(received);
      }
      case LaunchSpec.Merged() -> throw new AssertionError("merged into nothing");
    };
  }

  private static Slot received(LaunchSpec.Received received) {
    return new Slot(Slot.FIRST + received.index());
  }

  /** Opened at whatever number is free, which may be one that is placed later, hence raised. */
  private Argument open(String path, Literal flags) {
    return opened.computeIfAbsent(
        path,
        _ -> {
          String action = "open " + Quote.quote(path);
          // Cell 0 is for short use; there are at most three different files.
          int cell = 1 + opened.size();
          Literal here = new Literal(-100, "AT_FDCWD");
          calls.add(Call.store(action, 0, Sys.OPENAT, here, new Text(path), flags));
          calls.add(
              Call.store(
                  action,
                  cell,
                  Sys.FCNTL,
                  new Result(0),
                  new Literal(F_DUPFD_CLOEXEC, "F_DUPFD_CLOEXEC"),
                  Literal.of(SLOT_MIN)));
          return new Result(cell);
        });
  }

  private void closeRange(int first, Literal last) {
    calls.add(
        Call.must(
            "close other descriptors",
            Sys.CLOSE_RANGE,
            Literal.of(first),
            last,
            new Literal(CLOSE_RANGE_CLOEXEC, "CLOSE_RANGE_CLOEXEC")));
  }
}
