package pinfold.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import pinfold.contract.Failure;
import pinfold.core.Command;
import pinfold.core.Core;
import pinfold.core.Event;
import pinfold.core.Moment;
import pinfold.core.OperationId;
import pinfold.core.Recovery;
import pinfold.core.Replay;
import pinfold.core.Replay.Played;
import pinfold.core.World;
import pinfold.manifest.Service;
import pinfold.manifest.ServiceName;
import pinfold.state.Journal;
import pinfold.state.RecordedSteps;
import pinfold.state.StepFiles;

class RecorderTest {
  private Path folder = Path.of("/nowhere");
  private final List<Failure> problems = new ArrayList<>();
  private World world = World.empty(1, 2);
  private long nanos;

  @BeforeEach
  void make() throws IOException {
    folder = Files.createTempDirectory("pinfold-test-");
  }

  @AfterEach
  void clean() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private Journal journal() {
    return Journal.open(folder, 1 << 20, 1 << 22, problems::add);
  }

  private Recorder recorder(Journal journal, int fileBytes) {
    return new Recorder(
        journal, new StepFiles(folder, fileBytes, 1 << 22), "1.2.3", new Seal(3, 4));
  }

  private void step(Recorder recorder, Event event) {
    World before = world;
    Moment now = new Moment(++nanos, Instant.EPOCH.plusNanos(nanos));
    world = Core.step(world, event, now).world();
    recorder.given(before, List.of(new Recorder.Given(event, now)));
  }

  private void run(Recorder recorder, int number) {
    Service service =
        Service.builder(
                new ServiceName("job" + number),
                new pinfold.manifest.Command.Shell("true"),
                Path.of("/"))
            .build();
    step(
        recorder,
        new Event.Request(new OperationId("o" + number), new Command.Run(service, false)));
  }

  private List<Played> replay() throws IOException {
    List<Played> all = new ArrayList<>();
    Replay replay = new Replay("1.2.3");
    new RecordedSteps(folder, problems::add)
        .read(
            Optional.empty(),
            new RecordedSteps.Sink() {
              @Override
              public void nextFile() {
                replay.nextFile();
              }

              @Override
              public boolean frame(byte[] body) {
                replay.take(body).ifPresent(all::add);
                return true;
              }
            });
    return all;
  }

  private World last(List<Played> all) {
    return all.getLast() instanceof Played.Stepped step && step.step() != null
        ? step.step().world()
        : World.empty(0, 0);
  }

  @Test
  void fileAfterFileGoesOnWhereTheOneBeforeEnded() throws IOException {
    try (Journal journal = journal()) {
      Recorder recorder = recorder(journal, 4096);
      step(recorder, new Event.Recovered(Recovery.NOTHING));
      for (int i = 0; i < 400; i++) {
        run(recorder, i);
      }
    }
    List<Played> all = replay();
    List<Played.Begun> begun =
        all.stream().filter(Played.Begun.class::isInstance).map(Played.Begun.class::cast).toList();
    assertThat(begun).hasSizeGreaterThan(2);
    assertThat(begun.subList(1, begun.size())).allMatch(b -> b.continues() && b.same());
    assertThat(all).hasSize(401 + begun.size());
    assertThat(Replay.same(last(all), world)).isTrue();
    assertThat(problems).isEmpty();
  }

  @Test
  void whatDoesNotFitIsLeftOutAndTheRestReplays() throws IOException {
    CountDownLatch go = new CountDownLatch(1);
    Journal journal = journal();
    Recorder recorder = recorder(journal, 1 << 20);
    journal.later(() -> await(go));
    step(recorder, new Event.Recovered(Recovery.NOTHING));
    for (int i = 0; i < 9000; i++) {
      step(recorder, new Event.StandDown());
    }
    go.countDown();
    CountDownLatch written = new CountDownLatch(1);
    journal.later(written::countDown);
    await(written);
    step(recorder, new Event.StandDown());
    journal.close();
    List<Played> all = replay();
    assertThat(all).hasSizeBetween(8000, 8200);
    assertThat(all.get(all.size() - 2))
        .isInstanceOfSatisfying(
            Played.Begun.class,
            begun -> {
              assertThat(begun.number()).isEqualTo(9001);
              assertThat(begun.continues()).isFalse();
            });
    assertThat(Replay.same(last(all), world)).isTrue();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aFolderThatCannotBeWrittenHoldsUpNothing() throws IOException {
    try (Journal journal = journal()) {
      Recorder recorder = recorder(journal, 1 << 20);
      Files.delete(folder);
      step(recorder, new Event.Recovered(Recovery.NOTHING));
      CountDownLatch written = new CountDownLatch(1);
      journal.later(written::countDown);
      await(written);
    }
    Files.createDirectory(folder);
    assertThat(replay()).isEmpty();
  }

  /** Vectors of the reference implementation, key 00 01 … 0f, message 00 01 … */
  @Test
  void aSealIsSipHash() {
    Seal seal = new Seal(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
    assertThat(seal.apply("")).isEqualTo("sealed:726fdb47dd0e0e31");
    assertThat(seal.apply("\u0100\u0302")).isEqualTo("sealed:cf2794e0277187b7");
    assertThat(seal.apply("\u0100\u0302\u0504\u0706")).isEqualTo("sealed:93f5f5799a932462");
    assertThat(new Seal(1, 2).apply("secret")).isNotEqualTo(new Seal(2, 1).apply("secret"));
  }
}
