package pinfold.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogReaderTest {
  private static final Retention COMPRESS =
      new Retention(OptionalLong.empty(), OptionalInt.empty(), Optional.empty(), true);

  private final ScratchDir dir = ScratchDir.create();
  private final KeeperLog log = KeeperLog.in(dir.path(), "shop/api/1");
  private final LogQuery all = LogQuery.all(List.of(log.source));

  @AfterEach
  void clean() {
    dir.close();
  }

  private static List<String> texts(List<LogEntry> entries) {
    return entries.stream()
        .map(entry ->
            switch (entry) {
              case LogEntry.Line line -> line.text();
              case LogEntry.Gap gap -> "gap " + gap.bytes();
              case LogEntry.Unreadable bad -> "unreadable " + bad.file().getFileName();
            })
        .toList();
  }

  private List<String> read(LogQuery query) throws IOException {
    return texts(KeeperLog.read(query));
  }

  @Test
  void whatWasNeverWrittenIsEmpty() throws IOException {
    assertThat(read(all)).isEmpty();
    assertThat(read(all.tail(5))).isEmpty();
    assertThat(read(LogQuery.all(List.of(LogSource.supervisor(dir.path(), LogStream.STDERR)))))
        .isEmpty();
    assertThat(LogTree.all(dir.path().resolve("none"))).isEmpty();
    Files.createFile(log.source.file());
    assertThat(read(all.tail(5))).isEmpty();
  }

  @Test
  void gapsAreGivenWhereTheyAre() throws IOException {
    log.append(1000, "a\n");
    log.gap(2000, 77);
    log.append(3000, "b\n");
    assertThat(read(all)).containsExactly("a", "gap 77", "b");
    assertThat(read(all.grep(LogPattern.of(".")))).containsExactly("a", "b");
  }

  @Test
  void aLineMuchLongerThanAnyBufferComesInPiecesAndCountsAsOne() throws IOException {
    byte[] line = new byte[3 * LogQuery.MAX_PIECE + 17];
    Arrays.fill(line, (byte) 'x');
    log.append(1000, "before\n");
    log.append(2000, line);
    log.append(3000, "\nafter\n");
    List<LogEntry> entries = KeeperLog.read(all.tail(2));
    assertThat(entries).hasSize(5);
    assertThat(entries.subList(0, 4))
        .allMatch(entry -> entry.timeNs() == 2000)
        .extracting(entry -> ((LogEntry.Line) entry).continued())
        .containsExactly(false, true, true, true);
    assertThat(entries)
        .extracting(entry -> ((LogEntry.Line) entry).ended())
        .containsExactly(false, false, false, true, true);
    assertThat(KeeperLog.of(entries)).isEqualTo(log.lines().subList(1, 3));
  }

  @Test
  void linesOfSeveralStreamsAreMergedByTime() throws IOException {
    KeeperLog other = KeeperLog.in(dir.path(), "shop/db/1");
    for (int i = 0; i < 10; i++) {
      (i % 3 == 0 ? other : log).append(1000 + i, i + "\n");
    }
    LogQuery both = LogQuery.all(List.of(log.source, other.source));
    assertThat(read(both)).containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    assertThat(read(both.tail(4))).containsExactly("6", "7", "8", "9");
    assertThat(read(both.since(1003).until(1006))).containsExactly("3", "4", "5");
  }

  @Test
  void aTornIndexLosesTimesAndNoBytes() throws IOException {
    for (int i = 0; i < 10; i++) {
      log.append(1000 + i, "line " + i + "\n");
    }
    Path index = SegmentFiles.index(log.source.file());
    try (FileChannel file = FileChannel.open(index, StandardOpenOption.WRITE)) {
      file.truncate(5 * IndexRecord.SIZE + 7);
    }
    List<LogEntry> entries = KeeperLog.read(all);
    assertThat(entries).hasSize(10);
    assertThat(entries.subList(5, 10)).allMatch(entry -> entry.timeNs() == 1004);
    assertThat(read(all.tail(3))).containsExactly("line 7", "line 8", "line 9");
    assertThat(read(all.since(1004))).hasSize(6);
    Files.delete(index);
    assertThat(read(all)).hasSize(10);
    Files.write(index, new byte[1000]);
    assertThat(read(all)).hasSize(10);
  }

  @Test
  void bytesWithoutARecordAreReadWithTheTimeOfTheLast() throws IOException {
    log.append(1000, "recorded\n");
    log.appendUnindexed("not yet\n".getBytes(StandardCharsets.UTF_8));
    assertThat(KeeperLog.read(all)).allMatch(entry -> entry.timeNs() == 1000).hasSize(2);
  }

  @Test
  void whatTheIndexSaysOfBytesThatWereCutOffIsForgotten() throws IOException {
    log.append(1000, "left over\n");
    log.truncate(4);
    log.append(2000, "more"); // by another run than that of what was left, which nobody knows
    log.truncate(4);
    log.rotate();
    log.append(3000, " of it\nown\n");
    assertThat(read(all)).containsExactly("left of it", "own");
    assertThat(read(all.tail(2))).containsExactly("left of it", "own");
    // The line began with bytes of nobody knows which run.
    assertThat(read(all.runs(new LogQuery.Runs.Only(1)))).containsExactly("own");

    KeeperLog other = KeeperLog.in(dir.path(), "shop/api/2");
    other.append(1000, "abcdefgh");
    other.birth(1500, 2);
    other.append(1600, "second\n");
    other.truncate(3);
    other.rotate();
    other.append(3000, "def\nend\n");
    LogQuery query = LogQuery.all(List.of(other.source));
    assertThat(read(query)).containsExactly("abc", "def", "end");
    assertThat(read(query.runs(new LogQuery.Runs.Only(1)))).containsExactly("abc");
    assertThat(read(query.runs(new LogQuery.Runs.Only(2)))).containsExactly("def", "end");
    assertThat(read(query.runs(new LogQuery.Runs.Previous()))).containsExactly("abc");
  }

  @Test
  void anIndexFullOfNonsenseDoesNoHarm() throws IOException {
    log.append(1000, "a\nb\nc\n");
    ByteBuffer wild = ByteBuffer.allocate(3 * 32).order(ByteOrder.LITTLE_ENDIAN);
    new IndexRecord(-5, Long.MAX_VALUE, 5, 1, 0).write(wild);
    new IndexRecord(7, 1L << 60, 1L << 60, -3, 0).write(wild);
    new IndexRecord(9, 4, 1L << 50, 1, 0).write(wild);
    Files.write(SegmentFiles.index(log.source.file()), wild.array(), StandardOpenOption.APPEND);
    assertThat(read(all)).containsExactly("a", "b", "c");
    assertThat(read(all.tail(1))).containsExactly("c");
  }

  @Test
  void aDamagedArchiveIsReportedAndTheRestIsRead() throws IOException {
    for (int i = 1; i <= 3; i++) {
      log.append(i * 1000L, i + "\n");
      log.rotate();
    }
    log.append(4000, "4\n");
    new Housekeeper().sweep(log.source, COMPRESS, Instant.now());
    Path second = SegmentFiles.compressed(log.source.file(), log.names.get(1));
    byte[] bytes = Files.readAllBytes(second);
    bytes[4] ^= 0x55;
    Files.write(second, bytes);
    assertThat(read(all)).containsExactly("1", "unreadable " + second.getFileName(), "3", "4");
    Files.write(second, new byte[3]);
    assertThat(read(all)).containsExactly("1", "unreadable " + second.getFileName(), "3", "4");
    assertThat(read(all.tail(2))).contains("3", "4");
  }

  @Test
  void aMillionLinesAreReadFromEitherEnd() throws IOException {
    StringBuilder block = new StringBuilder();
    for (int i = 0; i < 1_000_000; i++) {
      block.append("line ").append(i).append('\n');
      if (i % 100 == 99) {
        log.append(1000 + i, block.toString());
        block.setLength(0);
      }
      if (i == 700_000) {
        log.rotate();
      }
    }
    new Housekeeper().sweep(log.source, COMPRESS, Instant.now());
    long[] count = {0};
    LogReader.read(all, entry -> ++count[0] > 0);
    assertThat(count[0]).isEqualTo(1_000_000);
    assertThat(read(all.tail(1))).containsExactly("line 999999");
    List<String> old = read(all.since(1000 + 500_000).until(1000 + 500_100));
    assertThat(old).hasSize(100).startsWith("line 500000").endsWith("line 500099");
    assertThat(read(all.grep(LogPattern.of("77777$")).tail(2)))
        .containsExactly("line 877777", "line 977777");
  }

  @Test
  void followingWaitsForWhatComesAndEndsWhenInterrupted() throws Exception {
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    Thread follower =
        Thread.ofPlatform()
            .start(() -> {
              try {
                LogReader.follow(
                    all,
                    entry -> {
                      seen.addAll(texts(List.of(entry)));
                      return true;
                    });
              } catch (IOException e) {
                seen.add(e.toString());
              }
            });
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      log.append(1000 + i, "line " + i + "\n");
      expected.add("line " + i);
      if (i % 7 == 3) {
        log.rotate();
      }
      if (i % 13 == 12) {
        new Housekeeper().sweep(log.source, COMPRESS, Instant.now());
      }
      if (i == 20) {
        assertThat(take(seen, expected.size())).isEqualTo(expected);
        expected.clear();
        log.delete(true);
      }
    }
    log.append(2000, "unfinished");
    assertThat(take(seen, expected.size())).isEqualTo(expected);
    follower.interrupt();
    assertThat(take(seen, 1)).containsExactly("unfinished");
    assertThat(follower.join(Duration.ofSeconds(30))).isTrue();
    assertThat(seen).isEmpty();
  }

  /** The keeper writes bytes first; until their record is there nobody knows whose they are. */
  @Test
  void aFollowerOfOneRunFindsWhatWasNotRecordedWhenItBegan() throws IOException {
    for (boolean earlier : new boolean[] {true, false}) {
      KeeperLog each = KeeperLog.in(dir.path(), "shop/early/" + earlier);
      if (earlier) {
        each.append(1000, "before\n");
      }
      byte[] line = "listening\n".getBytes(StandardCharsets.UTF_8);
      each.appendUnindexed(line);
      LogQuery query = LogQuery.all(List.of(each.source)).runs(new LogQuery.Runs.Only(2));
      List<LogEntry> given = new ArrayList<>();
      try (LogSession session = LogSession.following(query)) {
        assertThat(session.pump(given::add, false)).isTrue();
        assertThat(given).isEmpty();
        each.birthOfUnindexed(2000, 2, line.length);
        session.more(Set.of());
        session.pump(given::add, false);
        assertThat(texts(given)).containsExactly("listening");
      }
    }
  }

  @Test
  void aFollowerOfOneRunWaitsForTheRecordOfWhatItSees() throws IOException {
    byte[] line = "ready\n".getBytes(StandardCharsets.UTF_8);
    log.birth(1000, 2);
    log.appendUnindexed(line);
    List<String> seen = new ArrayList<>();
    LogSink sink = entry -> seen.addAll(texts(List.of(entry)));
    try (LogSession session = LogSession.following(all.runs(new LogQuery.Runs.Only(2)))) {
      session.pump(sink, false);
      session.more(Set.of());
      session.pump(sink, false);
      assertThat(seen).isEmpty();
      log.index(1000, line.length);
      session.more(Set.of());
      session.pump(sink, false);
      assertThat(seen).containsExactly("ready");
      log.appendUnindexed(line);
      session.more(Set.of());
      session.pump(sink, false);
      log.index(1001, line.length);
      session.more(Set.of());
      session.pump(sink, false);
      assertThat(seen).containsExactly("ready", "ready");
    }
  }

  private static List<String> take(BlockingQueue<String> from, int count)
      throws InterruptedException {
    List<String> taken = new ArrayList<>();
    while (taken.size() < count) {
      String next = from.poll(30, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("only " + taken);
      }
      taken.add(next);
    }
    return taken;
  }

  @Test
  void followingEndsWhenTheSinkHasEnoughOrTheTimeIsOver() throws IOException {
    log.append(1000, "a\nb\nc\n");
    List<String> seen = new ArrayList<>();
    LogReader.follow(
        all,
        entry -> {
          seen.addAll(texts(List.of(entry)));
          return seen.size() < 2;
        });
    assertThat(seen).containsExactly("a", "b");
    seen.clear();
    LogReader.follow(all.until(2000), entry -> seen.addAll(texts(List.of(entry))));
    assertThat(seen).containsExactly("a", "b", "c");
  }

  @Test
  void whatWasOpenedBeforeItsIndexAndCompressedSinceIsNotReadAgain() throws IOException {
    log.appendUnindexed("a\n".getBytes(StandardCharsets.UTF_8));
    List<String> seen = new ArrayList<>();
    try (LogSession session = LogSession.following(all)) {
      log.index(1000, 2);
      log.append(1001, "b\n");
      session.pump(entry -> seen.addAll(texts(List.of(entry))), false);
      log.rotate();
      new Housekeeper().sweep(log.source, COMPRESS, Instant.EPOCH);
      log.append(2000, "c\n");
      for (int i = 0; i < 4; i++) {
        session.more(Set.of());
        session.pump(entry -> seen.addAll(texts(List.of(entry))), false);
      }
    }
    assertThat(seen).containsExactly("a", "b", "c");
  }

  @Test
  void aPromptIsGivenBeforeItsLineIsFinished() throws IOException {
    log.append(1000, "name? ");
    StringBuilder seen = new StringBuilder();
    LogReader.followPieces(
        all,
        entry -> {
          LogEntry.Line line = (LogEntry.Line) entry;
          assertThat(line.continued()).isEqualTo(!seen.isEmpty());
          seen.append(line.text()).append(line.ended() ? "|" : "+");
          if (seen.length() < 10) {
            log.append(2000, "ann\n");
          }
          return !line.ended();
        });
    assertThat(seen).hasToString("name? +ann|");
  }

  @Test
  void theTreeIsFoundFromFilesAlone() throws IOException {
    log.append(1000, "a\n");
    log.rotate();
    KeeperLog ten = KeeperLog.in(dir.path(), "shop/api/10");
    ten.append(1000, "b\n");
    KeeperLog own = KeeperLog.in(dir.path(), "_supervisor/supervisor");
    own.append(1000, "c\n");
    Files.createFile(log.source.file().resolveSibling("other.txt"));
    assertThat(LogTree.all(dir.path())).containsExactly(own.source, log.source, ten.source);
    assertThat(LogTree.of(dir.path(), "shop", "api")).containsExactly(log.source, ten.source);
  }
}
