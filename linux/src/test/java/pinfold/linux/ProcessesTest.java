package pinfold.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessesTest {
  private static final int SELF = (int) ProcessHandle.current().pid();

  @ParameterizedTest
  @ValueSource(strings = {"sh", "a b", ") R 1 (", "(((", "x\n) S 7", ")", ""})
  void namesThatProcessesGiveThemselvesDoNotConfuse(String name) {
    String line =
        "17 (" + name + ") S 5 6 7 8 9 4194560 1 2 3 4 250 50 0 0 20 -5 3 0 987654 1000 42 9 8 7";
    assertThat(ProcessStat.parse(line.getBytes(UTF_8)))
        .contains(
            new ProcessStat(
                17,
                name,
                'S',
                5,
                6,
                7,
                8,
                Duration.ofMillis(2500),
                Duration.ofMillis(500),
                -5,
                3,
                987_654,
                42));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "17",
        "17 (",
        "17 ()",
        "17 (x) ",
        "17 (x) S",
        "x (x) S 5 6 7 8 9 1 1 2 3 4 250 50 0 0 20 0 3 0 987654 1000 42",
        "17 (x) S 5 6 7 8 9 1 1 2 3 4 99999999999999999999 50 0 0 20 0 3 0 987654 1000 42"
      })
  void whatIsNoStatLineIsNone(String line) {
    assertThat(ProcessStat.parse(line.getBytes(UTF_8))).isEmpty();
  }

  @Test
  void thisProcessIsSeen() throws Exception {
    ProcessIdentity identity = Processes.identity(SELF).orElseThrow();
    assertThat(identity.pid()).isEqualTo(SELF);
    assertThat(Processes.alive(identity)).isTrue();
    assertThat(Processes.stat(SELF).orElseThrow().parent())
        .isEqualTo((int) ProcessHandle.current().parent().orElseThrow().pid());
    assertThat(Processes.startedAt(identity))
        .isBetween(Instant.now().minus(Duration.ofDays(1)), Instant.now().plusSeconds(1));
    assertThat(Processes.commandLine(SELF).getFirst()).contains("java");
    assertThat(Processes.residentBytes(SELF).orElseThrow()).isGreaterThan(1 << 20);
    assertThat(Processes.proportionalBytes(SELF).orElseThrow()).isGreaterThan(1 << 20);
    assertThat(Processes.io(SELF)).isPresent();
    assertThat(Processes.all()).anyMatch(stat -> stat.pid() == SELF);
  }

  @Test
  void anotherStartTimeIsAnotherProcess() throws Exception {
    ProcessIdentity self = Processes.identity(SELF).orElseThrow();
    ProcessIdentity earlier =
        new ProcessIdentity(self.bootId(), SELF, self.startTicks() - 1, self.pidfsInode());
    assertThat(Processes.alive(earlier)).isFalse();
    assertThat(earlier.same(self)).isFalse();
    assertThat(self.same(new ProcessIdentity(self.bootId(), SELF, self.startTicks(), 0))).isTrue();
    assertThat(Processes.alive(new ProcessIdentity("other", SELF, self.startTicks(), 0))).isFalse();
    assertThatThrownBy(() -> Pidfd.open(earlier))
        .isInstanceOf(SystemCallException.class)
        .hasMessage("cannot open process " + SELF + ": No such process (ESRCH)");
  }

  @Test
  void aChildIsWatchedSignalledAndSeenToEnd() throws Exception {
    Process child = new ProcessBuilder("sleep", "1000").start();
    ProcessIdentity identity = Processes.identity((int) child.pid()).orElseThrow();
    assertThat(Processes.children(SELF)).anyMatch(stat -> stat.pid() == identity.pid());
    assertThat(Processes.descendants(SELF)).anyMatch(stat -> stat.pid() == identity.pid());
    try (Pidfd pidfd = Pidfd.open(identity)) {
      assertThat(pidfd.ended()).isFalse();
      pidfd.signal(Signal.TERM);
      assertThat(pidfd.await(Duration.ofSeconds(60))).isTrue();
      assertThat(child.waitFor()).isEqualTo(143);
      assertThat(Processes.alive(identity)).isFalse();
      assertThatThrownBy(() -> pidfd.signal(Signal.TERM))
          .isInstanceOf(SystemCallException.class)
          .extracting(e -> ((SystemCallException) e).errno())
          .isEqualTo(Errno.ESRCH);
    }
    assertThat(Processes.identity(identity.pid()).map(identity::same).orElse(false)).isFalse();
  }

  @Test
  void aHostileNameIsReadFromProc() throws Exception {
    Path link = Files.createTempDirectory("pinfold-test-proc-").resolve(") S 1 (\n)");
    Files.createSymbolicLink(link, Path.of("/bin/sleep"));
    Process child = new ProcessBuilder(link.toString(), "1000").start();
    try {
      assertThat(Processes.stat((int) child.pid()).orElseThrow().command()).isEqualTo(") S 1 (\n)");
      assertThat(Processes.commandLine((int) child.pid())).containsExactly(link.toString(), "1000");
    } finally {
      child.destroyForcibly().waitFor();
      Files.delete(link);
      Files.delete(link.getParent());
    }
  }

  @Test
  void nobodyIsEmpty() throws Exception {
    assertThat(Processes.stat(0x3f_ffff)).isEmpty();
    assertThat(Processes.identity(0x3f_ffff)).isEmpty();
    assertThat(Processes.commandLine(0x3f_ffff)).isEmpty();
    assertThat(Processes.residentBytes(0x3f_ffff)).isEmpty();
  }
}
