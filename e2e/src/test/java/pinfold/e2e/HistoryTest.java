package pinfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What happened is known whoever died since, and what was decided can be replayed. */
class HistoryTest extends Scenario {
  private static final String SECRET = "swordfish-7281";

  private void crashOnce() {
    host.manifest(
        """
        services:
          db: {command: "test -e broken && exit 7; exec sleep 600", restart_policy: never}
          web: {command: "sleep 600", depends_on: [{service: db, restart: true}], env: {TOKEN: %s}, backoff: 10ms}
        """
            .formatted(SECRET));
    host.up();
    long web = host.status().service("web").pid();
    HostProcess.signal(web, "SEGV");
    host.awaitStatus(
        "it runs again",
        view -> view.service("web").is("running") && view.service("web").pid() != web);
  }

  private void awaitAnother(StatusView before) {
    host.awaitStatus(
        "a new supervisor",
        view ->
            view.supervisor() > 0
                && view.supervisor() != before.supervisor()
                && view.service("web").is("running"));
  }

  @Test
  void whyAndEventsRememberBeyondDeaths() {
    crashOnce();
    StatusView first = host.status();
    HostProcess.signal(first.supervisor(), "KILL");
    awaitAnother(first);
    assertWhy(host.run("why", "web").exits(0));
    assertThat(host.run("events", "web").exits(0).out()).contains("SIGSEGV");

    StatusView second = host.status();
    HostProcess.signal(second.keeper(), "KILL");
    awaitAnother(second);
    assertWhy(host.run("why", "web").exits(0));

    host.killBoth();
    Outcome offline = host.run("why", "web").exits(0);
    assertWhy(offline);
    assertThat(offline.err()).contains("no supervisor runs");
    assertThat(host.run("events").exits(0).out()).contains("SIGSEGV");
    assertThat(host.run("why", "nobody").exit()).isEqualTo(64);
    host.up();
    assertWhy(host.run("why", "web").exits(0));
  }

  private static void assertWhy(Outcome why) {
    assertThat(why.out())
        .contains("was ended by SIGSEGV")
        .contains("changed by backoff")
        .contains("was started");
  }

  @Test
  void whatWasDecidedIsReplayedAlsoFromACopy() {
    crashOnce();
    StatusView first = host.status();
    HostProcess.signal(first.supervisor(), "KILL");
    awaitAnother(first);
    host.run("restart", "db").exits(0);
    Until.holds(
        "the last step is written",
        () -> host.run("events", "--steps", "db").exits(0).out().contains("asked: restart"));
    String steps = host.run("events", "--steps", "web").exits(0).out();
    assertThat(steps)
        .contains("asked: up")
        .contains("it was ended by SIGSEGV")
        .contains("→ backoff")
        .contains("birth ");
    assertThat(host.run("events", "--steps", "--json").exits(0).out()).contains("\"event\":");
    host.run("events", "--steps", "--from", "nowhere").exits(1);

    Path copy = host.project().resolve("copy");
    copy(host.state().resolve("journal"), copy);
    host.run("down", "--supervisor").exits(0);
    assertThat(host.run("events", "--steps", "--from", "copy", "web").exits(0).out())
        .startsWith(steps.lines().findFirst().orElseThrow());
  }

  private static void copy(Path from, Path to) {
    try (Stream<Path> files = Files.list(from)) {
      Files.createDirectory(to);
      for (Path file : (Iterable<Path>) files::iterator) {
        assertThat(
                new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1))
            .doesNotContain(SECRET);
        Files.copy(file, to.resolve(file.getFileName()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aTornRecordIsReadToItsLastWholeFrame() throws IOException {
    crashOnce();
    host.run("down", "--supervisor").exits(0);
    List<Path> files;
    try (Stream<Path> all = Files.list(host.state().resolve("journal"))) {
      files = all.filter(file -> file.toString().endsWith(".steps")).toList();
    }
    Path file = files.getFirst();
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 5));
    Outcome torn = host.run("events", "--steps").exits(1);
    assertThat(torn.err()).contains("bytes are left out");
    assertThat(torn.out()).contains("it was ended by SIGSEGV");
  }
}
