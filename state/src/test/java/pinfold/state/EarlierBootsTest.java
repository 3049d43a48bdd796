package pinfold.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import pinfold.contract.Json;
import pinfold.linux.BirthId;
import pinfold.linux.Processes;

class EarlierBootsTest {
  private static Path boot(Places places, int pid, long startTicks) throws IOException {
    Path run = places.run(UUID.randomUUID().toString());
    Path facts = Files.createDirectories(run.resolve("facts"));
    Files.writeString(run.resolve("keeper.1.journal"), "x");
    Fact.Proc process = new Fact.Proc(pid, startTicks, 0);
    new FactStore(facts)
        .write(
            new Fact(
                BirthId.random(),
                "shop",
                "api",
                1,
                1,
                Fact.MAIN,
                1,
                "shop/api/1",
                "",
                0,
                Optional.of(process),
                Optional.empty(),
                0,
                0,
                Instant.EPOCH,
                Json.Obj.EMPTY));
    return run;
  }

  @Test
  void whatIsVoidGoesAndNothingElse() throws IOException {
    try (ScratchDir dir = ScratchDir.create()) {
      Places places = new Places(dir.path(), dir.path());
      int pid = (int) ProcessHandle.current().pid();
      long ticks = Processes.stat(pid).orElseThrow().startTicks();
      Path present = boot(places, 1, Long.MAX_VALUE);
      Path earlier = boot(places, pid, ticks + 1); // another process had the number
      Path living = boot(places, pid, ticks);
      Path strange = Files.createDirectory(places.runs().resolve("mine"));
      Path outside = Files.writeString(dir.path().resolve("outside"), "x");
      Files.createSymbolicLink(earlier.resolve("link"), outside);

      assertThat(EarlierBoots.remove(places, present.getFileName().toString()))
          .containsExactly(living);
      assertThat(earlier).doesNotExist();
      assertThat(outside).exists();
      assertThat(present.resolve("keeper.1.journal")).exists();
      assertThat(living.resolve("facts")).isNotEmptyDirectory();
      assertThat(strange).exists();
    }
  }

  @Test
  void withoutAnyRunThereIsNothingToDo() throws IOException {
    try (ScratchDir dir = ScratchDir.create()) {
      Places places = new Places(dir.path(), dir.path());
      assertThat(EarlierBoots.remove(places, UUID.randomUUID().toString())).isEmpty();
    }
  }
}
