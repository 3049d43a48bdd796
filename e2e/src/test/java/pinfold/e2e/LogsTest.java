package pinfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** `logs`: selection, following, exact bytes, and reading without a supervisor. */
class LogsTest extends Scenario {

  private void numbers(int count) {
    host.manifest(
        """
        services:
          a: {command: "i=0; while [ $i -lt %d ]; do i=$((i+1)); echo out-$i; done; echo problem >&2; echo end; exec sleep 600", ready: {log: end}}
          b: {command: "echo from b; exec sleep 601", ready: {log: b}}
        """
            .formatted(count));
    host.up();
  }

  @Test
  void rawIsTheExactBytes() {
    numbers(500);
    assertThat(host.run("logs", "--raw", "--stream", "stdout", "a").exits(0).out())
        .startsWith("out-1\nout-2\n")
        .endsWith("out-500\nend\n");
    assertThat(host.run("logs", "--raw", "--stream", "stderr", "a").exits(0).out())
        .isEqualTo("problem\n");
  }

  @Test
  void severalServicesArePrefixedAndFiltered() {
    numbers(20);
    assertThat(host.run("logs").exits(0).out()).contains("from b", "out-20", "problem");
    assertThat(host.run("logs", "--grep", "out-1[0-2]", "a").exits(0).lines()).hasSize(3);
    assertThat(host.run("logs", "--since", "1h", "a").exits(0).out()).contains("out-20");
    assertThat(host.run("logs", "--until", "2000-01-01", "a").exits(0).out())
        .doesNotContain("out-20");
    assertThat(host.run("logs", "--json", "a").exits(0).lines())
        .allMatch(line -> line.startsWith("{"));
  }

  @Test
  void previousIsTheRunBefore() {
    host.manifest(
        "services: {a: {command: 'test -e second && echo second || echo first; exec sleep 600', ready: {log: .}}}");
    host.up();
    host.write("second", "");
    host.run("restart", "a").exits(0);
    assertThat(host.run("logs", "--previous", "a").exits(0).out())
        .contains("first")
        .doesNotContain("second");
  }

  @Test
  void areReadWithoutASupervisor() {
    numbers(50);
    host.run("down", "--supervisor").exits(0);
    assertThat(host.run("logs", "a").exits(0).out()).contains("out-50", "problem");
  }

  @Test
  void segmentsTurnOverAndNothingIsLost() {
    host.manifest(
        """
        services:
          a:
            command: "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); echo line-$i; done; echo end; exec sleep 600"
            logs: {max_size: 64K, max_files: 100}
            ready: {log: end}
        """);
    host.up();
    assertThat(host.run("logs", "--raw", "--stream", "stdout", "a").exits(0).lines())
        .hasSize(20001)
        .startsWith("line-1", "line-2")
        .endsWith("line-20000", "end");
  }

  @Test
  void theSupervisorHasALogToo() {
    numbers(1);
    host.run("logs", "--supervisor").exits(0);
  }
}
