package pinfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Output at full rate while the supervisor is killed again and again: 100 times with {@code
 * -Dpinfold.full=true}, else as often as a few seconds allow, since the keeper waits longer each
 * time.
 */
class LoggingTest extends Scenario {
  private static final int KILLS = Boolean.getBoolean("pinfold.full") ? 100 : 5;
  private static final int ENDS = 5;

  @Test
  void throughManyKillsNoByteIsLostOrDoubledAndEveryExitIsKnown() {
    host.manifest(
        """
        defaults: {logs: {max_size: 8M, max_files: 1000}}
        services:
          out: {command: "i=0; until test -e enough; do i=$((i+1)); echo out-$i; [ $((i%500)) -gt 0 ] || sleep 0.01; done; exec sleep 600"}
          err: {command: "i=0; until test -e enough; do i=$((i+1)); echo err-$i >&2; [ $((i%500)) -gt 0 ] || sleep 0.01; done; exec sleep 601"}
        """
            + IntStream.rangeClosed(1, ENDS)
                .mapToObj(
                    "  e%1$d: {command: 'until test -e end-%1$d; do sleep 0.05; done; exit 1%1$d', restart_policy: never}\n"
                        ::formatted)
                .collect(Collectors.joining()));
    host.up();
    StatusView before = host.status();
    int ended = 0;
    for (int kill = 1; kill <= KILLS; kill++) {
      long supervisor = supervisor().orElseThrow();
      if (kill % 2 == 0) {
        // Every second one in the middle of its start, the others when they serve.
        Until.holds("it serves", () -> says("serving at", ", pid " + supervisor + ","));
      }
      HostProcess.signal(supervisor, "KILL");
      Until.holds("it is gone", () -> !HostProcess.lives(supervisor));
      if (kill * ENDS / KILLS > ended) {
        host.write("end-" + ++ended, "");
      }
      Until.holds(
          "the keeper starts another one",
          () -> supervisor().isPresent() && supervisor().getAsLong() != supervisor);
    }
    host.awaitStatus("it has recovered", view -> view.supervisor() > 0);
    host.write("enough", "");
    Until.holds("the writers stopped", () -> sleeping() == 2);
    for (int i = 1; i <= ENDS; i++) {
      String name = "e" + i;
      int code = 10 + i;
      host.awaitStatus(
          name + " is known to have ended",
          view ->
              view.service(name).instances().stream()
                  .anyMatch(instance -> instance.exitCode().filter(c -> c == code).isPresent()));
    }
    StatusView after = host.assertConsistent();
    assertThat(after.keeper()).isEqualTo(before.keeper());
    for (String writer : List.of("out", "err")) {
      assertThat(after.service(writer).pid()).isEqualTo(before.service(writer).pid());
      assertCounted(writer);
    }
  }

  /** Line by line: there may be more than memory holds. */
  private void assertCounted(String writer) {
    Running logs = host.start("logs", "--raw", "--all", "--stream", "std" + writer, writer);
    long expected = 0;
    try {
      assertThat(logs.process().waitFor()).as("exit code of %s", logs).isZero();
      try (BufferedReader lines = Files.newBufferedReader(logs.out())) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          expected++;
          if (!line.equals(writer + "-" + expected)) {
            throw new AssertionError("line " + expected + " of " + writer + " is \"" + line + "\"");
          }
        }
      }
    } catch (IOException | InterruptedException e) {
      throw new AssertionError("cannot read what " + writer + " wrote", e);
    }
    assertThat(expected).isGreaterThan(1000);
    System.out.printf("%s: %d lines, each once, over %d kills%n", writer, expected, KILLS);
  }

  private long sleeping() {
    return host.processes().stream()
        .filter(process -> process.command().matches("sleep 60[01]"))
        .count();
  }

  private OptionalLong supervisor() {
    return host.processes().stream()
        .filter(process -> process.command().contains("pinfold.server.Main"))
        .mapToLong(HostProcess::pid)
        .findFirst();
  }

  private boolean says(String... words) {
    Path log = host.state().resolve("logs/_supervisor/supervisor.stderr");
    try {
      return Files.readAllLines(log).stream()
          .anyMatch(line -> List.of(words).stream().allMatch(line::contains));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
