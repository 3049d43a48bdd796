package pinfold.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pinfold.core.Core;
import pinfold.core.Effect;
import pinfold.core.Event;
import pinfold.core.Recovery;
import pinfold.core.Replay;
import pinfold.core.World;
import pinfold.state.Journal;
import pinfold.state.RecordedSteps;
import pinfold.state.StepFiles;

class CoreLoopTest {
  @TempDir Path folder;

  /** Carries out nothing, and remembers. */
  private static final class Nobody implements CoreLoop.Hands {
    final List<Effect> effects = new ArrayList<>();
    final List<Event> dropped = new ArrayList<>();

    @Override
    public void carryOut(List<Effect> more, World world) {
      effects.addAll(more);
    }

    @Override
    public void dropped(Event event, Throwable bug) {
      dropped.add(event);
    }
  }

  @Test
  void whatTheCoreCannotTakeIsLeftOutSaidAndRecorded() throws IOException {
    Nobody nobody = new Nobody();
    Event bad = new Event.StandDown();
    try (Journal journal = Journal.open(folder, 1 << 20, 1 << 22, _ -> {})) {
      Recorder recorder =
          new Recorder(journal, new StepFiles(folder, 1 << 20, 1 << 22), "1", new Seal(1, 2));
      CoreLoop loop =
          new CoreLoop(
              World.empty(1, 2),
              (world, event, now) -> {
                if (event.equals(bad)) {
                  throw new IllegalStateException("cannot be");
                }
                return Core.step(world, event, now);
              },
              recorder);
      assertThat(loop.bug()).isEmpty();
      loop.tell(new Event.Recovered(Recovery.NOTHING));
      loop.tell(bad);
      loop.start(nobody);
      assertThat(loop.world().mode()).isEqualTo(World.Mode.ACTIVE);
      assertThat(nobody.dropped).containsExactly(bad);
      assertThat(loop.bug())
          .hasValueSatisfying(bug ->
              assertThat(bug).contains("StandDown").contains("cannot be").contains("CoreLoopTest"));
    }
    List<Replay.Played> played = new ArrayList<>();
    Replay replay = new Replay("1");
    new RecordedSteps(folder, _ -> {})
        .read(
            Optional.empty(),
            new RecordedSteps.Sink() {
              @Override
              public void nextFile() {
                replay.nextFile();
              }

              @Override
              public boolean frame(byte[] body) {
                replay.take(body).ifPresent(played::add);
                return true;
              }
            });
    assertThat(played).hasSize(3); // the beginning and both events
  }
}
