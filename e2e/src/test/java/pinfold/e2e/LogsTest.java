package pinfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
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
  void tailGivesExactlySoMany() {
    numbers(500);
    assertThat(host.run("logs", "--raw", "--stream", "stdout", "--tail", "3", "a").exits(0).out())
        .isEqualTo("out-499\nout-500\nend\n");
    assertThat(host.run("logs", "--tail", "7", "a").exits(0).lines()).hasSize(7);
    assertThat(host.run("logs", "--tail", "0", "a").exits(0).lines()).isEmpty();
    assertThat(host.run("logs", "--tail", "all", "a").exits(0).lines()).hasSize(502);
  }

  @Test
  void filesAreWhereTheyAreSaidToBe() {
    numbers(20);
    assertThat(host.run("logs", "--path", "a").exits(0).lines())
        .isNotEmpty()
        .allSatisfy(file -> assertThat(Path.of(file)).exists().startsWith(host.state()));
  }

  @Test
  void followShowsWhatComesAndGoesOnOverARestart() {
    host.manifest(
        """
        services:
          a:
            command: "echo begin; until test -e go; do sleep 0.02; done; echo went; exec sleep 600"
            ready: {log: begin}
        """);
    host.up();
    Running follow = host.start("logs", "--follow", "a");
    Until.holds("what was is shown", follow::printed, () -> follow.printed().contains("begin"));
    host.write("go", "");
    Until.holds("what comes is shown", follow::printed, () -> follow.printed().contains("went"));
    host.run("restart", "a").exits(0);
    Until.holds(
        "the next run is shown",
        follow::printed,
        () -> follow.printed().lines().filter(line -> line.endsWith("went")).count() == 2);
    follow.signal("INT");
    follow.await();
    assertThat(host.assertConsistent().service("a").pid()).isPositive();
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
  void pruningNeedsABoundAndKeepsToIt() {
    host.manifest(
        """
        services:
          a: &many
            command: "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); echo line-$i; done; echo end; exec sleep 600"
            logs: {max_size: 64K, max_files: 100}
            ready: {log: end}
          b: *many
        """);
    host.up();
    assertThat(host.run("logs", "--prune", "a").exits(64).err()).contains("--until");
    host.run("logs", "--prune", "--until", "now", "--follow", "a").exits(64);
    host.run("logs", "--prune", "--until", "soon", "a").exits(64);
    assertThat(host.run("logs", "--prune", "--until", "1d", "a").exits(0).err())
        .contains("removed 0 segments");
    assertThat(lines("a")).hasSize(20001);

    assertThat(host.run("logs", "--prune", "--until", "now", "a").exits(0).err())
        .doesNotContain("removed 0 segments");
    assertThat(lines("a")).hasSizeLessThan(15000).endsWith("line-20000", "end");
    assertThat(lines("b")).as("the other service's").hasSize(20001);
  }

  private java.util.List<String> lines(String service) {
    return host.run("logs", "--raw", "--stream", "stdout", service).exits(0).lines();
  }

  @Test
  void contradictionsAreRefused() {
    numbers(1);
    host.run("logs", "--path", "--follow").exits(64);
    host.run("logs", "--path", "--tail", "3").exits(64);
    host.run("logs", "--raw", "--json", "a").exits(64);
    host.run("logs", "--raw").exits(64);
    host.run("logs", "--supervisor", "a").exits(64);
  }

  @Test
  void theSupervisorHasALogToo() {
    numbers(1);
    host.run("logs", "--supervisor").exits(0);
  }
}
