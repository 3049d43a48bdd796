package pinfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a long life, a low limit, an awkward folder and a second supervisor do. */
class ScarcityTest extends Scenario {

  private static List<String> underLimit(int descriptors) {
    return List.of("sh", "-c", "ulimit -n " + descriptors + " && exec \"$@\"", "sh");
  }

  @Test
  void aFullDescriptorTableFailsWhatIsBornNextAndNothingElse() {
    int services = 100;
    host.manifest(
        IntStream.rangeClosed(1, services)
            .mapToObj(i -> "  s%03d: {command: 'sleep 600'}\n".formatted(i))
            .collect(Collectors.joining("", "services:\n", "")));
    Outcome up = host.startUnder(underLimit(300), "up").await().exits(1);
    assertThat(up.err()).contains("PF2007", "EMFILE");
    StatusView crowded = host.assertConsistent();
    List<String> running = names(crowded, "running");
    assertThat(running).hasSizeBetween(50, services - 1);
    List<String> stop = Stream.concat(Stream.of("stop"), running.stream().limit(30)).toList();
    host.run(stop.toArray(String[]::new)).exits(0);
    host.awaitStatus(
        "the others run as soon as there is room",
        view -> names(view, "running").size() == services - 30);
    host.assertConsistent();
  }

  private static List<String> names(StatusView view, String state) {
    return view.services().stream()
        .filter(service -> service.is(state))
        .map(StatusView.Service::name)
        .toList();
  }

  @Test
  void aLimitThatNothingCouldBeBornUnderIsSaid() {
    host.manifest("services: {a: {command: 'sleep 600'}}");
    assertThat(host.startUnder(underLimit(100), "up").await().exits(69).err())
        .contains("PF2002", "hard limit of descriptors", "is 100");
    assertThat(host.processes()).isEmpty();
  }

  @Test
  void manyRestartsLeaveNoTrace() {
    int many = Boolean.getBoolean("pinfold.full") ? 10_000 : 1_000;
    host.manifest(
        """
        services:
          a: {command: [/bin/true], restart_policy: always, backoff: {initial: 1ms, factor: 1, max: 1ms, jitter: 0}}
        """);
    host.up("--no-wait");
    awaitRestarts(many / 4);
    StatusView early = host.status();
    long files = files();
    long descriptors = descriptors(early.keeper()) + descriptors(early.supervisor());
    long kilobytes = kilobytes(early.keeper()) + kilobytes(early.supervisor());
    awaitRestarts(many);
    assertThat(host.status().keeper()).isEqualTo(early.keeper());
    assertThat(host.status().supervisor()).isEqualTo(early.supervisor());
    host.run("stop", "a").exits(0);
    assertThat(files()).isLessThanOrEqualTo(files + 4); // of the logs and journals, not of runs
    assertThat(descriptors(early.keeper()) + descriptors(early.supervisor()))
        .isLessThanOrEqualTo(descriptors + 8); // of a run and a connection at that moment
    assertThat(kilobytes(early.keeper()) + kilobytes(early.supervisor()))
        .isLessThan(kilobytes + 32_000);
    assertThat(host.assertConsistent().service("a").pid()).isZero();
  }

  private void awaitRestarts(int count) {
    long end = System.nanoTime() + Until.LONG.toNanos() * 10;
    while (host.status().service("a").restarts() < count) {
      assertThat(System.nanoTime()).as("%d restarts within ten minutes", count).isLessThan(end);
    }
  }

  private long files() {
    try (Stream<Path> all = Files.walk(host.state())) {
      return all.filter(Files::isRegularFile).count();
    } catch (IOException | java.io.UncheckedIOException e) {
      return files(); // one was renamed while it was looked at
    }
  }

  private static long descriptors(long pid) {
    try (Stream<Path> all = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
      return all.count();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static long kilobytes(long pid) {
    try {
      return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .sum();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void notificationsAreHeardHoweverLongTheStatePathIs() {
    try (Host far = Host.create("state/" + "a-rather-long-folder-name/".repeat(6) + "end")) {
      far.write("said.py", Notifying.SCRIPT);
      far.manifest(
          "services: {a: {command: [python3, said.py], ready: {notify: true, timeout: 30s}}}");
      far.up();
      assertThat(far.run("status").exits(0).out()).contains("began");
      StatusView before = far.status();
      HostProcess.signal(before.supervisor(), "KILL");
      assertHeard(far, "one");
      far.killBoth();
      far.up();
      assertHeard(far, "two");
      assertThat(far.assertConsistent().pids()).isEqualTo(before.pids());
    }
  }

  private static void assertHeard(Host host, String word) {
    host.write(word, "");
    Until.holds(
        "its words are heard",
        () -> host.run("status").toString(),
        () -> host.run("status").out().contains("said " + word));
  }

  @Test
  void aSecondKeeperOfTheSameFolderDoesNotStart() {
    host.manifest("services: {a: {command: 'sleep 600'}}");
    host.up();
    StatusView before = host.assertConsistent();
    HostProcess keeper =
        host.processes().stream()
            .filter(process -> process.pid() == before.keeper())
            .findFirst()
            .orElseThrow();
    assertThat(host.runCommand(List.of(keeper.command().split(" "))).exits(75).err())
        .contains("cannot lock " + host.state());
    assertThat(host.assertConsistent()).isEqualTo(before);
  }

  @Test
  void aSupervisorThatAnswersForAnotherFolderIsSaid() throws IOException {
    host.manifest("services: {a: {command: 'sleep 600'}}");
    host.up();
    try (Host other = Host.create()) {
      other.manifest("services: {b: {command: 'sleep 601'}}");
      other.up();
      Path own = host.state().resolve("control.sock");
      Path theirs = other.state().resolve("control.sock");
      Path aside = host.state().resolve("aside.sock");
      Files.move(own, aside);
      Files.move(theirs, own);
      assertThat(host.run("doctor").exits(1).out()).contains("PF2011", "belongs to keeper");
      Files.move(own, theirs);
      Files.move(aside, own);
      host.run("doctor").exits(0);
    }
  }

  @Test
  void whatEarlierBootsLeftIsRemoved() throws IOException {
    Path earlier = host.state().resolve("run/00000000-1111-2222-3333-444444444444/facts");
    Files.createDirectories(earlier);
    Files.writeString(earlier.resolve("left.json"), "{}");
    Path strange = Files.createDirectory(host.state().resolve("run/mine"));
    for (Path folder : List.of(host.state(), host.state().resolve("run"))) {
      Files.setPosixFilePermissions(
          folder, java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
    }
    host.manifest("services: {a: {command: 'sleep 600'}}");
    host.up();
    Until.holds("it is gone", () -> !Files.exists(earlier.getParent()));
    assertThat(strange).exists();
    assertThat(host.assertConsistent().pids()).hasSize(1);
  }
}
