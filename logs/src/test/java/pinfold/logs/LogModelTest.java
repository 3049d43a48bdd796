package pinfold.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import pinfold.logs.KeeperLog.Expected;

/** Random writing, closing, compressing, truncating and deleting: what is read equals a model. */
class LogModelTest {
  private static final Retention COMPRESS =
      new Retention(
          Retention.EVERYTHING.maxBytes(),
          OptionalInt.empty(),
          Retention.EVERYTHING.maxAge(),
          true);

  private final List<String> trace = new ArrayList<>();
  private final Housekeeper housekeeper = new Housekeeper();

  /** One random step; the time it happens at goes up, sometimes not. */
  private long step(Random random, KeeperLog log, long timeNs, boolean destructive)
      throws IOException {
    long now = timeNs + (random.nextInt(3) == 0 ? 0 : random.nextInt(1000));
    int kind = random.nextInt(destructive ? 14 : 12);
    trace.add(" " + kind);
    switch (kind) {
      case 0 -> log.rotate();
      case 1 -> log.birth(now, log.history.isEmpty() ? 1 : log.history.getLast().run() + 1);
      case 2 -> log.gap(now, 1 + random.nextInt(100));
      case 3 -> housekeeper.sweep(log.source, COMPRESS, Instant.EPOCH);
      case 12 -> log.truncate(random.nextInt(40));
      case 13 -> log.delete(random.nextBoolean());
      default -> log.append(now, bytes(random));
    }
    return now;
  }

  private static byte[] bytes(Random random) {
    byte[] bytes = new byte[random.nextInt(random.nextInt(60) == 0 ? 100_000 : 30) + 1];
    for (int i = 0; i < bytes.length; i++) {
      int kind = random.nextInt(8);
      bytes[i] = kind == 0 ? (byte) '\n' : kind == 1 ? (byte) random.nextInt(256) : (byte) 'x';
    }
    return bytes;
  }

  @Property(tries = 150)
  void whatIsReadIsWhatIsInTheFiles(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    try (ScratchDir dir = ScratchDir.create()) {
      List<KeeperLog> logs = new ArrayList<>();
      int count = 1 + random.nextInt(3);
      for (int i = 1; i <= count; i++) {
        logs.add(KeeperLog.in(dir.path(), "shop/api/" + i));
      }
      long now = 1_000_000;
      int steps = random.nextInt(60);
      for (int i = 0; i < steps; i++) {
        now = step(random, logs.get(random.nextInt(logs.size())), now, true);
      }
      for (int i = 0; i < 5; i++) {
        check(random, logs, now);
      }
    }
  }

  private static void check(Random random, List<KeeperLog> logs, long end) throws IOException {
    List<LogSource> sources = logs.stream().map(log -> log.source).toList();
    LogQuery query = LogQuery.all(sources);
    if (random.nextBoolean()) {
      query = query.tail(random.nextInt(12));
    }
    if (random.nextInt(3) == 0) {
      query = query.since(random.nextLong(1_000_000, end + 2));
    }
    if (random.nextInt(3) == 0) {
      query = query.until(random.nextLong(1_000_000, end + 2));
    }
    if (random.nextInt(3) == 0) {
      query = query.grep(LogPattern.of(random.nextBoolean() ? "xxx" : "^$"));
    }
    if (random.nextInt(3) == 0) {
      query =
          query.runs(
              random.nextBoolean() ? new LogQuery.Runs.Previous() : new LogQuery.Runs.Only(2));
    }
    same(query.toString(), KeeperLog.of(KeeperLog.read(query)), model(query, logs));
  }

  private static List<Expected> model(LogQuery query, List<KeeperLog> logs) {
    List<Expected> all = new ArrayList<>();
    for (KeeperLog log : logs) {
      List<Expected> lines = log.lines();
      OptionalInt run =
          switch (query.runs()) {
            case LogQuery.Runs.All() -> OptionalInt.empty();
            case LogQuery.Runs.Only(int only) -> OptionalInt.of(only);
            case LogQuery.Runs.Previous() -> OptionalInt.of(previous(log));
          };
      for (Expected line : lines) {
        if (line.timeNs() >= query.sinceNs().orElse(0)
            && line.timeNs() < query.untilNs().orElse(Long.MAX_VALUE)
            && (run.isEmpty() || run.getAsInt() == line.run())
            && (query.grep().isEmpty()
                || query.grep().get().find(line.text().getBytes(StandardCharsets.ISO_8859_1)))) {
          all.add(line);
        }
      }
    }
    // Stable: streams in their order, lines of a stream in theirs.
    all.sort(Comparator.comparingLong(Expected::timeNs));
    return query.tail().isPresent() && all.size() > query.tail().getAsInt()
        ? all.subList(all.size() - query.tail().getAsInt(), all.size())
        : all;
  }

  private static int previous(KeeperLog log) {
    TreeSet<Integer> runs = new TreeSet<>();
    log.closed.forEach(list -> list.forEach(piece -> runs.add(piece.run())));
    log.current.forEach(piece -> runs.add(piece.run()));
    runs.remove(0); // not a run: bytes of which nobody knows whose they are
    runs.pollLast();
    return runs.isEmpty() ? -1 : runs.last();
  }

  @Property(tries = 150)
  void followingGivesEveryByteOnce(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    try (ScratchDir dir = ScratchDir.create()) {
      trace.clear();
      KeeperLog log = KeeperLog.in(dir.path(), "shop/api/1");
      long now = 1_000_000;
      int before = random.nextInt(20);
      for (int i = 0; i < before; i++) {
        now = step(random, log, now, false);
      }
      List<LogEntry> seen = new ArrayList<>();
      try (LogSession session = LogSession.following(LogQuery.all(List.of(log.source)))) {
        session.pump(seen::add, false);
        boolean caughtUp = true;
        int steps = random.nextInt(60);
        for (int i = 0; i < steps; i++) {
          // What is destroyed before it was looked at cannot be followed.
          now = step(random, log, now, caughtUp);
          caughtUp = random.nextInt(3) > 0;
          trace.add(
              log.history.isEmpty()
                  ? ""
                  : "(" + log.history.getLast().bytes().length() + ")" + (caughtUp ? "!" : ""));
          if (caughtUp) {
            session.more(random.nextBoolean() ? Set.of() : Set.of(dir.path().resolve("shop/api")));
            session.pump(seen::add, false);
            // One look may end at a replaced file; the next begins the new one.
            session.more(Set.of());
            session.pump(seen::add, false);
          }
        }
        for (int i = 0; i < 3; i++) {
          session.more(Set.of());
          session.pump(seen::add, false);
        }
        session.flush(seen::add);
      }
      same("followed " + String.join("", trace), KeeperLog.of(seen), KeeperLog.lines(log.history));
    }
  }

  private static void same(String what, List<Expected> actual, List<Expected> expected) {
    for (int i = 0; i < Math.min(actual.size(), expected.size()); i++) {
      assertThat(actual.get(i)).as("entry %d of %s", i, what).isEqualTo(expected.get(i));
    }
    assertThat(actual.size()).as("number of entries of %s", what).isEqualTo(expected.size());
  }
}
