package pinfold.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import pinfold.contract.Code;
import pinfold.contract.Failure;

class JournalTest {
  private static final Instant T0 = Instant.parse("2026-11-21T10:00:00Z");

  private ScratchDir dir = new ScratchDir(Path.of("/nowhere"));
  private final List<Failure> problems = new ArrayList<>();

  @BeforeEach
  void make() {
    dir = ScratchDir.create();
  }

  @AfterEach
  void clean() {
    dir.close();
  }

  private Journal open(long fileBytes, long totalBytes) {
    return Journal.open(dir.path(), fileBytes, totalBytes, problems::add);
  }

  private static Journal fill(Journal journal, long from, long to) {
    LongStream.rangeClosed(from, to)
        .forEach(i -> assertThat(journal.append(T0.plusSeconds(i), json(i))).isEqualTo(i));
    return journal;
  }

  private static String json(long i) {
    return "{\"event\":" + i + ",\"text\":\"" + "ü".repeat((int) (i % 50)) + "\"}";
  }

  private List<Long> forward(long after) throws IOException {
    List<Long> seen = new ArrayList<>();
    new JournalReader(dir.path(), problems::add)
        .forward(
            after,
            entry -> {
              assertThat(entry.json()).isEqualTo(json(entry.seq()));
              assertThat(entry.time()).isEqualTo(T0.plusSeconds(entry.seq()));
              return seen.add(entry.seq());
            });
    return seen;
  }

  private static List<Long> range(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }

  @Test
  void entriesAreReadForwardsBackwardsAndByTimeOverSeveralFiles() throws IOException {
    fill(open(1000, 1 << 20), 1, 100).close();
    assertThat(JournalFile.list(dir.path())).hasSizeGreaterThan(3);
    assertThat(forward(0)).isEqualTo(range(1, 100));
    assertThat(forward(37)).isEqualTo(range(38, 100));
    assertThat(forward(100)).isEmpty();
    List<Long> since = new ArrayList<>();
    new JournalReader(dir.path(), problems::add)
        .since(T0.plusSeconds(60), entry -> since.add(entry.seq()));
    assertThat(since).isEqualTo(range(60, 100));
    List<Long> back = new ArrayList<>();
    new JournalReader(dir.path(), problems::add)
        .backward(entry -> back.add(entry.seq()) && entry.seq() > 50);
    assertThat(back.reversed()).isEqualTo(range(50, 100));
    assertThat(problems).isEmpty();
  }

  @Test
  void numbersGoOnAfterTheNextOpening() throws IOException {
    fill(open(1000, 1 << 20), 1, 30).close();
    fill(open(1000, 1 << 20), 31, 60).close();
    assertThat(forward(0)).isEqualTo(range(1, 60));
  }

  @Test
  void theOldestFilesAreRemoved() throws IOException {
    fill(open(1000, 4000), 1, 500).close();
    List<Long> left = forward(0);
    assertThat(left).isEqualTo(range(left.getFirst(), 500));
    assertThat(left.getFirst()).isGreaterThan(300);
    long bytes = 0;
    for (Path file : JournalFile.list(dir.path()).values()) {
      bytes += Files.size(file);
    }
    assertThat(bytes).isLessThanOrEqualTo(4000);
  }

  @Property(tries = 100)
  void whereverTheNewestFileIsCutTheWholeEntriesStay(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    try (ScratchDir own = ScratchDir.create()) {
      Journal journal = Journal.open(own.path(), 1000, 1 << 20, problems::add);
      fill(journal, 1, 40).close();
      Path newest = JournalFile.list(own.path()).lastEntry().getValue();
      long first = JournalFile.list(own.path()).lastKey();
      long cut = random.nextLong(Files.size(newest) + 1);
      try (FileChannel file = FileChannel.open(newest, StandardOpenOption.WRITE)) {
        file.truncate(cut);
      }
      long last = first - 1;
      long whole = 0;
      while (last < 40) {
        long size = JournalFile.size(new JournalEntry(last + 1, T0, json(last + 1)));
        if (whole + size > cut) {
          break;
        }
        whole += size;
        last++;
      }
      problems.clear();
      Journal again = Journal.open(own.path(), 1000, 1 << 20, problems::add);
      assertThat(problems).hasSize(whole == cut ? 0 : 1);
      for (int i = 0; i < 5; i++) {
        assertThat(again.append(T0, json(i))).isGreaterThan(last + i);
      }
      again.close();
      problems.clear();
      List<Long> seen = new ArrayList<>();
      new JournalReader(own.path(), problems::add).forward(0, entry -> seen.add(entry.seq()));
      assertThat(seen).hasSize((int) last + 5).isSorted().doesNotHaveDuplicates();
      assertThat(seen).startsWith(range(1, last).toArray(Long[]::new));
      assertThat(problems).hasSize(whole == cut ? 0 : 1);
    }
  }

  @Test
  void nothingBehindAFlippedBitIsDeleted() throws IOException {
    fill(open(1 << 20, 1 << 20), 1, 100).close();
    Path file = JournalFile.list(dir.path()).lastEntry().getValue();
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    new JournalReader(dir.path(), problems::add).examine(true);
    assertThat(problems).as("it may be an entry under way").isEmpty();
    new JournalReader(dir.path(), problems::add).examine(false);
    assertThat(problems)
        .singleElement()
        .satisfies(p -> assertThat(p.code()).isEqualTo(Code.JOURNAL_TORN.id()));
    Journal again = open(1 << 20, 1 << 20);
    assertThat(again.append(T0, json(1))).as("a number of its own").isGreaterThan(100);
    again.close();
    assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
    new JournalReader(dir.path(), problems::add).examine(true);
    assertThat(problems).as("it stays to be seen").hasSize(3);
  }

  @Test
  void damageInTheMiddleIsReportedAndSkippedToTheNextFile() throws IOException {
    fill(open(1000, 1 << 20), 1, 100).close();
    List<Long> firsts = new ArrayList<>(JournalFile.list(dir.path()).keySet());
    Path second = List.copyOf(JournalFile.list(dir.path()).values()).get(1);
    byte[] bytes = Files.readAllBytes(second);
    bytes[bytes.length / 2] ^= 1;
    Files.write(second, bytes);
    List<Long> seen = forward(0);
    assertThat(seen).containsAll(range(1, firsts.get(1))).containsAll(range(firsts.get(2), 100));
    assertThat(seen).hasSizeLessThan(100).isSorted();
    assertThat(problems)
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.code()).isEqualTo(Code.JOURNAL_TORN.id());
          assertThat(problem.message()).contains(second.toString(), "checksum");
        });
  }

  @Test
  void whoWatchesIsWokenAndLosesNothing() throws IOException, InterruptedException {
    try (Journal journal = open(1000, 1 << 20)) {
      Thread writer = Thread.ofPlatform().start(() -> fill(journal, 1, 500));
      List<Long> seen = new ArrayList<>();
      JournalReader reader = new JournalReader(dir.path(), problems::add);
      long last = 0;
      while (last < 500) {
        assertThat(journal.await(last, Duration.ofSeconds(30))).isGreaterThan(last);
        reader.forward(last, entry -> seen.add(entry.seq()));
        last = seen.getLast();
      }
      writer.join();
      assertThat(seen).isEqualTo(range(1, 500));
      assertThat(journal.await(500, Duration.ofMillis(1))).isEqualTo(500);
    }
  }

  @Test
  void afterTheEndNothingIsTaken() {
    Journal journal = open(1000, 1 << 20);
    journal.close();
    journal.close();
    assertThatThrownBy(() -> journal.append(T0, "{}")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void noFolderIsAnEmptyJournal() throws IOException {
    new JournalReader(dir.path().resolve("none"), problems::add)
        .forward(
            0,
            entry -> {
              throw new AssertionError(entry);
            });
    assertThat(problems).isEmpty();
  }

  @Test
  void entriesThatAreTooLongAreDroppedAndTheGapShows() throws IOException {
    try (Journal journal = open(10 << 20, 20 << 20)) {
      journal.append(T0.plusSeconds(1), json(1));
      journal.append(T0, "ü".repeat(Journal.MAX_ENTRY / 2 + 1));
      journal.append(T0, "x".repeat(Journal.MAX_ENTRY + 1));
      journal.append(T0.plusSeconds(4), json(4));
    }
    assertThat(forward(0)).containsExactly(1L, 4L);
  }
}
