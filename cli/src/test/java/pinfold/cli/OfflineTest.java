package pinfold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What works without a supervisor. */
class OfflineTest {
  private final Harness harness = new Harness();

  @AfterEach
  void clean() throws Exception {
    harness.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"start api", "stop api", "events -f", "ops", "inspect api", "wait api"})
  void whatNeedsASupervisorSaysSo(String line) {
    Harness.Result result = harness.run(line.split(" "));
    assertThat(result.code()).isEqualTo(69);
    assertThat(result.err()).containsAnyOf("error[PF5001]: no supervisor runs", "error[PF2001]");
  }

  @Test
  void statusOfNothingIsFine() {
    Harness.Result result = harness.run("status");
    assertThat(result.code()).isZero();
    assertThat(result.err()).isEqualTo("no supervisor runs, and nothing is wanted\n");
    assertThat(harness.run("status", "--json").out())
        .isEqualTo("{\"version\":1,\"supervisor\":null,\"services\":[]}\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"quiet", "shop/quiet"})
  void aServiceThatHasPrintedNothingHasAnEmptyLog(String name) throws Exception {
    Files.createDirectories(harness.state.resolve("logs/shop/quiet"));
    Harness.Result result = harness.run("logs", name);
    assertThat(result.code()).isZero();
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).isEqualTo("\"" + name + "\" has printed nothing yet\n");
    assertThat(harness.run("logs", "--path", name).out())
        .isEqualTo(
            harness.state.resolve("logs/shop/quiet/1.stdout")
                + "\n"
                + harness.state.resolve("logs/shop/quiet/1.stderr")
                + "\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"schema", "status --json", "explain PF1222", "explain PF0000 --json"})
  void aResultThatCannotBeWrittenIsNoSuccess(String line) {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int one) throws IOException {
            throw new IOException("No space left on device");
          }
        };
    Harness.Result result = harness.runInto(full, line.split(" "));
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err())
        .isEqualTo("error[PF1012]: the output cannot be written: No space left on device\n");
  }

  @Test
  void aStaleSocketIsNobody() throws Exception {
    FakeSupervisor gone = new FakeSupervisor(harness.state);
    Path socket = harness.state.resolve("control.sock");
    Path kept = harness.state.resolve("kept");
    Files.createLink(kept, socket);
    gone.close();
    Files.move(kept, socket);
    assertThat(harness.run("stop", "api").err()).startsWith("error[PF5001]");
    assertThat(harness.run("status").code()).isZero();
  }

  @Test
  void somethingElseAtTheSocketsPlaceIsNoSupervisor() throws Exception {
    Files.writeString(harness.state.resolve("control.sock"), "");
    assertThat(harness.run("stop", "api").code()).isEqualTo(69);
  }

  @Test
  void aLongStatePathWorks() throws Exception {
    Path deep =
        Files.createDirectories(harness.folder.resolve("d".repeat(100)).resolve("e".repeat(60)));
    harness.environment.put("PINFOLD_STATE_DIR", deep.toString());
    assertThat(harness.run("stop", "api").err())
        .startsWith("error[PF5001]: no supervisor runs for " + deep);
  }

  @Test
  void logsComeFromTheFiles() throws Exception {
    log("shop/api/1", "stdout", "one\n\033[31mtwo\033[0m\n");
    log("shop/worker/1", "stderr", "three\n");
    assertThat(harness.run("logs", "api").out()).isEqualTo("one\n\033[31mtwo\033[0m\n");
    assertThat(harness.run("logs", "shop/api", "--tail", "1", "--raw").out())
        .isEqualTo("\033[31mtwo\033[0m\n");
    assertThat(harness.run("logs").out().lines())
        .containsExactlyInAnyOrder("api    | one", "api    | \033[31mtwo\033[0m", "worker | three");
    assertThat(harness.run("logs", "--grep", "^th").out()).isEqualTo("worker | three\n");
    assertThat(harness.run("logs", "--stream", "stderr").out()).isEqualTo("three\n");
    assertThat(harness.run("logs", "api", "--path").out())
        .isEqualTo(harness.state.resolve("logs/shop/api/1.stdout") + "\n");
    assertThat(harness.run("logs", "worker", "--json").out())
        .isEqualTo(
            "{\"time\":\"2026-11-21T09:00:00Z\",\"project\":\"shop\",\"service\":\"worker\",\"slot\":1,"
                + "\"run\":1,\"stream\":\"stderr\",\"line\":\"three\"}\n");
    assertThat(harness.run("logs", "worker", "-t").out())
        .isEqualTo("2026-11-21 09:00:00.000 three\n");
    assertThat(harness.run("logs", "worker", "--since", "10m").out()).isEmpty();
    assertThat(harness.run("logs", "worker", "--until", "2026-11-21T09:30").out())
        .isEqualTo("three\n");
  }

  @Test
  void onATerminalLogsObeyNothingButColours() throws Exception {
    log("shop/api/1", "stdout", "\033[31mred\033[0m\033]0;title\007\n");
    harness.terminal = true;
    assertThat(harness.run("logs", "api").out())
        .isEqualTo("\033[31mred\033[0m\\x1b]0;title\\x07\033[0m\n");
    assertThat(harness.run("logs", "--no-color", "api").out())
        .isEqualTo("\\x1b[31mred\\x1b[0m\\x1b]0;title\\x07\n");
  }

  @Test
  void wrongUseOfLogsIsNamed() throws Exception {
    log("shop/api/1", "stdout", "x\n");
    log("other/api/1", "stdout", "y\n");
    assertThat(harness.run("logs", "nope").err()).startsWith("error[PF4002]");
    Harness.Result ambiguous = harness.run("logs", "api");
    assertThat(ambiguous.code()).isEqualTo(64);
    assertThat(ambiguous.err()).startsWith("error[PF1003]").contains("pinfold logs shop/api");
    assertThat(harness.run("logs", "api", "--project", "other").out()).isEqualTo("y\n");
    harness.file("pinfold.yaml", "project: shop\nservices: {api: {command: x}}\n");
    assertThat(harness.run("logs", "api").out()).isEqualTo("x\n");
    assertThat(harness.run("logs", "--tail", "few").code()).isEqualTo(64);
    assertThat(harness.run("logs", "--stream", "both").code()).isEqualTo(64);
    assertThat(harness.run("logs", "--grep", "(").err()).startsWith("error[PF4006]");
    assertThat(harness.run("logs", "--all", "--raw").code()).isEqualTo(64);
  }

  @Test
  void doctorFindsAHealthyFolderHealthy() {
    Harness.Result result = harness.run("doctor", "--json");
    assertThat(result.out())
        .contains("\"about\":\"kernel\"", "\"about\":\"disk\"", "\"about\":\"intent\"");
    assertThat(result.out()).contains("PF2001"); // no product in a unit test
    assertThat(result.code()).isEqualTo(1);
  }

  @Test
  void doctorNamesAnUnreadableIntent() throws Exception {
    Files.writeString(harness.state.resolve("intent.db"), "this is no database, not even a little");
    Harness.Result result = harness.run("doctor");
    assertThat(result.out()).contains("error    intent").contains("[PF3002]");
    assertThat(Files.readString(harness.state.resolve("intent.db")))
        .startsWith("this is no database");
    assertThat(harness.run("status").err()).startsWith("error[PF3002]");
  }

  @Test
  void doctorNamesAStateFolderThatOthersMayWrite() throws Exception {
    Files.setPosixFilePermissions(
        harness.state, java.nio.file.attribute.PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThat(harness.run("doctor").out()).contains("error    state").contains("[PF3001]");
  }

  @Test
  void completionsAreMadeForAllShells() {
    for (String shell : List.of("bash", "zsh", "fish")) {
      Harness.Result result = harness.run("completion", shell);
      assertThat(result.code()).isZero();
      assertThat(result.out()).contains("pinfold __names", "restart", "cascade");
    }
    assertThat(harness.run("completion", "tcsh").code()).isEqualTo(64);
  }

  /** Writes a stream as the keeper does: bytes and an index record (native/protocol.h). */
  private void log(String prefix, String stream, String text) throws Exception {
    Path file = harness.state.resolve("logs").resolve(prefix + "." + stream);
    Files.createDirectories(file.getParent());
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Files.write(file, bytes);
    long time = TimeUnit.SECONDS.toNanos(Instant.parse("2026-11-21T09:00:00Z").getEpochSecond());
    List<long[]> records = new ArrayList<>();
    records.add(new long[] {0, 1});
    records.add(new long[] {bytes.length, 0});
    ByteBuffer index = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    for (long[] record : records) {
      index.putLong(time).putLong(0).putLong(record[0]).putInt(1).putInt((int) record[1]);
    }
    Files.write(file.resolveSibling(file.getFileName() + ".idx"), index.array());
  }
}
