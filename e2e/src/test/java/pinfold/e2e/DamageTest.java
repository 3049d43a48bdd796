package pinfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * State that cannot be read: a code, a way out, nothing deleted, no service ended for it that could
 * be kept and none doubled.
 */
class DamageTest extends Scenario {
  private static final byte[] GARBAGE =
      "\0\1garbage, whatever its name says".repeat(99).getBytes(StandardCharsets.UTF_8);

  private Path intent;

  @BeforeEach
  void project() {
    host.manifest("services: {a: {command: 'sleep 600'}, b: {command: 'sleep 601'}}");
    intent = host.state().resolve("intent.db");
  }

  /** What a killed supervisor leaves in the write-ahead log would mend it. */
  private void damage(byte[] bytes) {
    try {
      Files.deleteIfExists(intent.resolveSibling("intent.db-wal"));
      Files.deleteIfExists(intent.resolveSibling("intent.db-shm"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    write(intent, bytes);
  }

  /** Every verb says it, and what is there stays as it is. */
  private void assertRefused(String code, String wayOut) {
    byte[] before = bytes(intent);
    assertThat(host.run("up").exits(1).err()).contains(code, wayOut);
    assertThat(host.run("status").exits(1).err()).contains(code, wayOut);
    assertThat(host.run("doctor").exits(1).out()).contains("error    intent", code, wayOut);
    assertThat(bytes(intent)).isEqualTo(before);
  }

  @Test
  void aGarbageIntentIsSaidAndPuttingItBackIsAWayOut() {
    host.up();
    StatusView before = host.killBoth();
    Path log = intent.resolveSibling("intent.db-wal");
    byte[] good = bytes(intent);
    byte[] goodLog = bytes(log);
    damage(GARBAGE);
    assertRefused("PF3002", "mv " + intent);
    assertThat(before.pids()).allMatch(HostProcess::lives);
    assertThat(host.run("down", "--supervisor").exits(1).err()).contains("PF3002");
    damage(good);
    write(log, goodLog);
    host.up();
    assertThat(host.assertConsistent().pids()).isEqualTo(before.pids());
  }

  @Test
  void anEmptyIntentIsNotTakenForANewOne() {
    host.up();
    StatusView before = host.killBoth();
    damage(new byte[0]);
    assertRefused("PF3002", "mv " + intent);
    assertThat(before.pids()).allMatch(HostProcess::lives);
    move(intent, ".damaged");
    host.up();
    assertThat(host.assertConsistent().pids())
        .hasSize(2)
        .doesNotContainAnyElementsOf(before.pids());
    assertThat(before.pids()).noneMatch(HostProcess::lives);
  }

  @Test
  void anIntentOfANewerReleaseIsSaidAndLeavesNothingRunning() {
    host.up();
    host.run("down", "--supervisor").exits(0);
    byte[] bytes = bytes(intent);
    bytes[63] = 99; // the last byte of user_version, big-endian at 60 (sqlite.org/fileformat2.html)
    write(intent, bytes);
    assertRefused("PF3003", "newer release");
    Until.holds(
        "a supervisor that nobody can use ends with its keeper",
        () -> host.processes().toString(),
        () -> host.processes().isEmpty());
  }

  @Test
  void aTruncatedIntentIsSaid() {
    host.up();
    host.run("down", "--supervisor").exits(0);
    byte[] bytes = bytes(intent);
    write(intent, half(bytes));
    assertRefused("PF3002", "mv " + intent);
  }

  @Test
  void anIntentThatMayNotBeReadIsSaid() throws IOException {
    assumeFalse(Files.isReadable(Path.of("/root")), "root may read everything");
    host.up();
    host.run("down", "--supervisor").exits(0);
    Files.setPosixFilePermissions(intent, PosixFilePermissions.fromString("---------"));
    assertThat(host.run("up").exits(1).err()).contains("PF3002");
    assertThat(host.run("doctor").exits(1).out()).contains("PF3002");
    Files.setPosixFilePermissions(intent, PosixFilePermissions.fromString("rw-------"));
    host.up();
  }

  @Test
  void aServiceWhoseFactIsGarbageRunsOnce() {
    host.up();
    StatusView before = host.killBoth();
    Path fact = run("facts/" + before.service("a").instances().getFirst().id() + ".json");
    write(fact, GARBAGE);
    assertThat(host.run("doctor").exits(1).out()).contains("PF3004", fact.toString());
    host.up();
    StatusView after = host.assertConsistent();
    assertThat(after.service("b").pid()).isEqualTo(before.service("b").pid());
    assertThat(HostProcess.lives(before.service("a").pid())).isFalse();
    assertThat(after.service("a").is("running")).isTrue();
    Path aside = fact.resolveSibling(fact.getFileName() + ".unreadable");
    assertThat(bytes(aside)).isEqualTo(GARBAGE);
    assertThat(host.run("doctor").out()).contains("warning  facts", "PF3004", "rm " + aside);
  }

  @Test
  void withoutAKeepersJournalTheFactsSuffice() {
    host.up();
    StatusView before = host.killBoth();
    write(run("keeper." + before.keeper() + ".journal"), GARBAGE);
    assertThat(host.run("doctor").out()).contains("warning  journal", "PF3005");
    host.up();
    assertThat(host.assertConsistent().pids()).isEqualTo(before.pids());
  }

  @Test
  void aTornJournalTellsWhatIsBeforeTheTearAndGoesOn() {
    host.up();
    host.run("restart", "a").exits(0);
    host.run("down", "--supervisor").exits(0);
    Path journal = host.state().resolve("journal/0000000000000000001.log");
    byte[] whole = bytes(journal);
    byte[] flipped = whole.clone();
    flipped[whole.length / 2] ^= 1;
    for (byte[] torn : List.of(half(whole), flipped, cut(whole, whole.length - 3))) {
      wipe(host.state().resolve("journal"));
      write(journal, torn);
      assertThat(host.run("doctor").exits(0).out()).contains("warning  journal", "PF3005");
      host.up();
      assertThat(host.run("events", "--since", "1h", "--json").exits(0).out().lines())
          .as("before the tear, and after it")
          .anyMatch(event -> event.contains("\"seq\":2,"))
          .filteredOn(event -> event.contains("\"running\""))
          .hasSizeGreaterThanOrEqualTo(3);
      assertThat(bytes(journal)).isEqualTo(torn);
      assertThat(host.run("doctor").out()).contains("warning  journal", "PF3005");
      host.run("down", "--supervisor").exits(0);
    }
  }

  private Path run(String name) {
    return only(host.state().resolve("run")).resolve(name);
  }

  private static Path only(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all = files.toList();
      assertThat(all).hasSize(1);
      return all.getFirst();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void wipe(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(name -> name.toString().endsWith(".log")).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] half(byte[] bytes) {
    return cut(bytes, bytes.length / 2);
  }

  private static byte[] cut(byte[] bytes, int length) {
    return Arrays.copyOf(bytes, length);
  }

  private static void move(Path file, String suffix) {
    try {
      Files.move(file, file.resolveSibling(file.getFileName() + suffix));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new AssertionError("cannot read " + file, e);
    }
  }

  private static void write(Path file, byte[] bytes) {
    try {
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new AssertionError("cannot write " + file, e);
    }
  }
}
