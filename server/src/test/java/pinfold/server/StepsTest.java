package pinfold.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import pinfold.contract.Call;
import pinfold.contract.Failure;
import pinfold.contract.PinfoldException;
import pinfold.contract.Reply;
import pinfold.contract.ServiceStatus;
import pinfold.contract.State;
import pinfold.contract.Target;
import pinfold.core.Event;
import pinfold.core.Replay;
import pinfold.core.Replay.Played;
import pinfold.core.Run;
import pinfold.core.Unit;
import pinfold.core.UnitName;
import pinfold.core.World;
import pinfold.state.RecordedSteps;

/// What a real supervisor was given is recorded, and the same core comes to the same by it.
class StepsTest {
  private static final String SECRET = "correct-horse-battery";

  /// Everything in the folder, replayed.
  private static final class Replayed implements RecordedSteps.Sink {
    final Replay replay = new Replay(Main.RELEASE);
    final List<Failure> problems = new ArrayList<>();
    final List<Played.Stepped> steps = new ArrayList<>();
    int supervisors;

    static Replayed of(Path folder) throws IOException {
      Replayed replayed = new Replayed();
      new RecordedSteps(folder, replayed.problems::add).read(Optional.empty(), replayed);
      return replayed;
    }

    @Override
    public void nextFile() {
      replay.nextFile();
    }

    @Override
    public boolean frame(byte[] body) {
      switch (replay.take(body).orElse(null)) {
        case Played.Begun begun -> supervisors += begun.continues() ? 0 : 1;
        case Played.Stepped step -> steps.add(step);
        case null -> {}
      }
      return true;
    }

    World world() {
      return replay.world().orElseThrow();
    }
  }

  /// A service as the replay has it, in the words of a status.
  private static String seen(World world, String name) {
    Unit unit = world.unit(UnitName.of("incident", name)).orElseThrow();
    return "%s %s %d %d"
        .formatted(
            unit.wanted(),
            unit.state(),
            unit.restarts(),
            unit.state() == State.RUNNING ? unit.run().map(Run::mainPid).orElse(0) : 0);
  }

  private static String told(ServiceStatus status) {
    return "%s %s %d %d"
        .formatted(
            status.wanted(),
            status.state(),
            status.restarts(),
            status.instances().stream().flatMap(i -> i.pid().stream()).findFirst().orElse(0));
  }

  @Test
  void anIncidentIsReplayed() throws IOException {
    try (Bench bench = Bench.start()) {
      String yaml =
          """
          project: incident
          services:
            db: {command: "echo up; exec sleep 1000", ready: {log: up}}
            api:
              command: [sleep, '1000']
              depends_on: [db]
              backoff: 10ms
              env: {PASSWORD: %s}
            once: {command: "true", restart_policy: never}
            bad: {command: "exit 3", restart_policy: on-failure, max_restarts: 2, backoff: 1ms}
          """
              .formatted(SECRET);
      try {
        bench.up(yaml);
      } catch (PinfoldException e) {
        assertThat(e).hasMessageContaining("bad"); // it may have failed before all else was up
      }
      List<String> names = List.of("db", "api", "once", "bad");
      bench.untilState("bad", State.FAILED);
      bench.untilState("once", State.DONE);
      int before = bench.pid("api");
      Bench.kill(before);
      bench.until("the api to run again", () -> runs(bench, "api", before));

      int supervisor = bench.version().pid();
      Bench.kill(supervisor);
      bench.until("another supervisor", () -> another(bench, supervisor));
      int second = bench.pid("api");
      Bench.kill(second);
      bench.until("the api to run again", () -> runs(bench, "api", second));
      bench.ask(
          new Call.Stop(Target.of("db"), Optional.empty(), false, Optional.empty()),
          Reply.Operated.class);

      // What is recorded is what is: the writer is only a moment behind.
      Path folder = bench.state.resolve("journal");
      bench.until(
          "the last steps to be written",
          () -> {
            World world = replayed(folder).world();
            return names.stream()
                .allMatch(name -> seen(world, name).equals(told(bench.status(name))));
          });
      Replayed replayed = replayed(folder);
      assertThat(replayed.problems).isEmpty();
      assertThat(replayed.supervisors).isEqualTo(2);
      assertThat(replayed.steps).allMatch(step -> step.bug().isEmpty());
      assertThat(replayed.steps.getFirst().event()).isInstanceOf(Event.Recovered.class);
      // The first supervisor's part, up to its death, is there too: it saw the first crash.
      assertThat(replayed.steps)
          .anyMatch(step ->
              step.event() instanceof Event.Child(var report)
                  && report.identity() != null
                  && report.identity().pid() == before
                  && report.end() != null);

      // A copy is as good, also a torn one.
      Path copy = Files.createDirectory(bench.folder.resolve("copy"));
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".steps")).toList()) {
          byte[] bytes = Files.readAllBytes(file);
          assertThat(new String(bytes, StandardCharsets.ISO_8859_1))
              .contains("PASSWORD")
              .doesNotContain(SECRET);
          Files.write(
              copy.resolve(file.getFileName()), java.util.Arrays.copyOf(bytes, bytes.length - 3));
        }
      }
      Replayed torn = replayed(copy);
      assertThat(torn.problems).hasSize(2);
      assertThat(torn.steps.size()).isEqualTo(replayed.steps.size() - 2);
    }
  }

  private static Replayed replayed(Path folder) {
    try {
      return Replayed.of(folder);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean runs(Bench bench, String name, int otherThan) {
    ServiceStatus status = bench.status(name);
    return status.state() == State.RUNNING
        && status.instances().getFirst().pid().filter(pid -> pid != otherThan).isPresent();
  }

  private static boolean another(Bench bench, int than) {
    try {
      return bench.version().pid() != than;
    } catch (IOException | RuntimeException e) {
      return false; // between two supervisors
    }
  }
}
