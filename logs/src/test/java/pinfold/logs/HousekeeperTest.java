package pinfold.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HousekeeperTest {
  private static final Retention COMPRESS =
      new Retention(OptionalLong.empty(), OptionalInt.empty(), Optional.empty(), true);

  private final ScratchDir dir = ScratchDir.create();
  private final KeeperLog log = KeeperLog.in(dir.path(), "shop/api/1");

  @AfterEach
  void clean() {
    dir.close();
  }

  private static Retention keep(long bytes, int files, Duration age) {
    return new Retention(OptionalLong.of(bytes), OptionalInt.of(files), Optional.of(age), false);
  }

  private void segments(int count) {
    for (int i = 1; i <= count; i++) {
      log.append(i * 1000L, "line %d\n".formatted(i).repeat(100));
      log.rotate();
    }
    log.append((count + 1) * 1000L, "now\n");
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.list(log.source.file().getParent())) {
      return all.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private List<KeeperLog.Expected> read() throws IOException {
    return KeeperLog.of(KeeperLog.read(LogQuery.all(List.of(log.source))));
  }

  @Test
  void closedSegmentsAreCompressedAndReadTheSame() throws IOException {
    segments(3);
    Housekeeper.Swept swept = new Housekeeper().sweep(log.source, COMPRESS, Instant.now());
    assertThat(swept).isEqualTo(new Housekeeper.Swept(3, 0, 0));
    assertThat(files()).filteredOn(name -> name.endsWith(".zst")).hasSize(3);
    assertThat(files()).hasSize(8);
    assertThat(read()).isEqualTo(log.lines());
    assertThat(new Housekeeper().sweep(log.source, COMPRESS, Instant.now()))
        .isEqualTo(new Housekeeper.Swept(0, 0, 0));
  }

  @Test
  void otherProgramsReadWhatWasCompressed() throws IOException {
    byte[] text = "some line\n".repeat(300_000).getBytes(StandardCharsets.UTF_8);
    log.append(1000, text);
    log.rotate();
    new Housekeeper().sweep(log.source, COMPRESS, Instant.now());
    Path packed = SegmentFiles.compressed(log.source.file(), log.names.getFirst());
    try (var in = new ZstdInputStream(Files.newInputStream(packed))) {
      assertThat(in.setContinuous(false).readAllBytes()).isEqualTo(text);
    }
  }

  @Test
  void theOldestGoBeyondAnyBoundAndTheCurrentStays() throws IOException {
    segments(5);
    Instant now = Instant.now();
    Housekeeper housekeeper = new Housekeeper();
    assertThat(housekeeper.sweep(log.source, keep(1 << 30, 4, Duration.ofDays(1)), now).removed())
        .isEqualTo(1);
    long each = 700 + 32;
    Housekeeper.Swept swept =
        housekeeper.sweep(log.source, keep(2 * each, 9, Duration.ofDays(1)), now);
    assertThat(swept).isEqualTo(new Housekeeper.Swept(0, 2, 2 * each));
    assertThat(
            housekeeper
                .sweep(log.source, keep(1 << 30, 9, Duration.ofDays(1)), now.plusSeconds(90_000))
                .removed())
        .isEqualTo(2);
    assertThat(files()).containsExactly("1.stdout", "1.stdout.idx");
  }

  @Test
  void theOldestSaysWhenItReachesItsAge() throws IOException {
    Housekeeper housekeeper = new Housekeeper();
    Duration age = Duration.ofDays(1);
    assertThat(housekeeper.expiry(log.source, keep(1, 1, age))).isEmpty();
    segments(2);
    Instant first =
        Files.getLastModifiedTime(SegmentFiles.closed(log.source.file(), log.names.getFirst()))
            .toInstant();
    assertThat(housekeeper.expiry(log.source, keep(1, 1, age))).contains(first.plus(age));
    assertThat(housekeeper.expiry(log.source, COMPRESS)).isEmpty();
    assertThat(housekeeper.sweep(log.source, keep(1 << 30, 9, age), first.plus(age)).removed())
        .isZero();
  }

  @Test
  void diskSpaceIsMadeFromTheOldestOfAllStreams() throws IOException {
    segments(3);
    KeeperLog other = KeeperLog.in(dir.path(), "shop/db/1");
    other.append(500, "oldest\n");
    other.rotate();
    List<LogSource> sources = LogTree.all(dir.path());
    assertThat(sources).containsExactly(log.source, other.source);
    FaultyDisk disk = new FaultyDisk(Integer.MAX_VALUE);
    disk.free = List.of(10L, 10L, 20L, 30L, 30L);
    Housekeeper.Swept swept = new Housekeeper(disk).free(dir.path(), 30);
    assertThat(swept.removed()).isEqualTo(2);
    assertThat(other.source.file().getParent()).isEmptyDirectory();
    assertThat(files()).hasSize(6);
    assertThat(new Housekeeper().free(dir.path(), 0).removed()).isZero();
  }

  @Test
  void killedAfterAnyStepNothingIsLostAndTheNextRunFinishes() throws IOException {
    boolean killed = true;
    int steps = 0;
    for (; killed; steps++) {
      KeeperLog each = KeeperLog.in(dir.path(), "shop/api/" + (100 + steps));
      each.append(1000, "first\n");
      each.rotate();
      each.append(2000, "second\n");
      each.rotate();
      LogQuery query = LogQuery.all(List.of(each.source));
      try {
        new Housekeeper(new FaultyDisk(steps)).sweep(each.source, COMPRESS, Instant.now());
        killed = false;
      } catch (FaultyDisk.Killed e) {
        assertThat(KeeperLog.of(KeeperLog.read(query)))
            .as("after %d steps", steps)
            .isEqualTo(each.lines());
      }
      // What was half written is left alone for a while, then removed.
      new Housekeeper().sweep(each.source, COMPRESS, Instant.now());
      new Housekeeper().sweep(each.source, COMPRESS, Instant.now().plusSeconds(3600));
      assertThat(KeeperLog.of(KeeperLog.read(query))).isEqualTo(each.lines());
      String prefix = each.source.file().getFileName() + ".";
      assertThat(files())
          .filteredOn(name -> name.startsWith(prefix))
          .hasSize(4)
          .noneMatch(name -> name.endsWith(".tmp"));
    }
    assertThat(steps).isEqualTo(9);
  }

  @Test
  void aCutArchiveBesideItsSegmentIsMadeAgain() throws IOException {
    segments(1);
    Path packed = SegmentFiles.compressed(log.source.file(), log.names.getFirst());
    Files.write(packed, new byte[] {1, 2, 3});
    assertThat(read()).isEqualTo(log.lines());
    new Housekeeper().sweep(log.source, COMPRESS, Instant.now());
    assertThat(read()).isEqualTo(log.lines());
    assertThat(SegmentFiles.closed(log.source.file(), log.names.getFirst())).doesNotExist();
  }

  @Test
  void anIndexWithoutSegmentIsRemovedLater() throws IOException {
    segments(1);
    Files.delete(SegmentFiles.closed(log.source.file(), log.names.getFirst()));
    new Housekeeper().sweep(log.source, COMPRESS, Instant.now());
    assertThat(files()).hasSize(3);
    new Housekeeper().sweep(log.source, COMPRESS, Instant.now().plusSeconds(3600));
    assertThat(files()).containsExactly("1.stdout", "1.stdout.idx");
  }

  @Test
  void aFullDiskLeavesEverythingAsItWas() throws IOException {
    segments(2);
    FaultyDisk disk = new FaultyDisk(Integer.MAX_VALUE);
    disk.full = true;
    assertThatThrownBy(() -> new Housekeeper(disk).sweep(log.source, COMPRESS, Instant.now()))
        .isInstanceOf(IOException.class)
        .hasMessage("No space left on device");
    assertThat(files()).hasSize(6);
    assertThat(read()).isEqualTo(log.lines());
  }

  /** The real disk until a number of steps was made; then the process is "killed". */
  private static final class FaultyDisk implements Disk {
    static final class Killed extends RuntimeException {
      private static final long serialVersionUID = 1;
    }

    private int left;
    private boolean full;
    private List<Long> free = new ArrayList<>();

    FaultyDisk(int steps) {
      this.left = steps;
    }

    private void step() {
      if (left-- <= 0) {
        throw new Killed();
      }
    }

    @Override
    public void compress(Path from, Path to) throws IOException {
      if (left <= 0 || full) {
        Files.write(to, new byte[] {1});
      }
      if (full) {
        throw new IOException("No space left on device");
      }
      step();
      REAL.compress(from, to);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
      step();
      REAL.rename(from, to);
    }

    @Override
    public void sync(Path folder) throws IOException {
      step();
      REAL.sync(folder);
    }

    @Override
    public void delete(Path file) throws IOException {
      step();
      REAL.delete(file);
    }

    @Override
    public long free(Path folder) {
      long now = free.getFirst();
      free = free.subList(1, free.size());
      return now;
    }
  }
}
