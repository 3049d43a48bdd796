package pinfold.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import pinfold.contract.Event;
import pinfold.contract.Failure;
import pinfold.contract.Json;
import pinfold.contract.JsonText;
import pinfold.contract.Records;
import pinfold.state.Journal;
import pinfold.state.PastEvents;

class HappeningsTest {
  private static final int KEPT = 4;

  private Path folder = Path.of("/nowhere");
  private final List<Failure> problems = new ArrayList<>();

  @BeforeEach
  void make() throws IOException {
    folder = Files.createTempDirectory("pinfold-test-");
  }

  @AfterEach
  void clean() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
    assertThat(problems).isEmpty();
  }

  private Happenings happenings(Journal journal) {
    return new Happenings(journal, new PastEvents(folder, problems::add), KEPT);
  }

  private Journal journal() {
    return Journal.open(folder, 1 << 20, 1 << 22, problems::add);
  }

  /** So many events, as the chronicle tells them: to the journal first. */
  private static void happen(Journal journal, Happenings happenings, int count) {
    for (int i = 0; i < count; i++) {
      Event event =
          new Event(
              0,
              Instant.EPOCH,
              "bug",
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              "number " + i,
              Json.Obj.EMPTY);
      long seq = journal.append(Instant.EPOCH, JsonText.write(Records.write(event)));
      happenings.add(event.numbered(seq));
    }
  }

  private static List<Long> numbers(List<Event> events) {
    return events.stream().map(Event::seq).toList();
  }

  @Test
  void whoIsSlowMissesNothing() throws Exception {
    try (Journal journal = journal()) {
      Happenings happenings = happenings(journal);
      happen(journal, happenings, 1);
      long first = happenings.remembered(-1).getFirst().seq();
      happen(journal, happenings, 20);
      List<Event> later = happenings.after(first);
      assertThat(numbers(later))
          .isEqualTo(Stream.iterate(first + 1, n -> n + 1).limit(20).toList());
      assertThat(later.getFirst().message()).isEqualTo("number 0");
      assertThat(numbers(happenings.after(first + 18))).containsExactly(first + 19, first + 20);
      assertThat(happenings.after(first + 20)).isEmpty();
    }
  }

  @Test
  void whoHasSeenNothingIsGivenWhatIsInMemory() throws Exception {
    try (Journal journal = journal()) {
      Happenings happenings = happenings(journal);
      happen(journal, happenings, 9);
      assertThat(happenings.after(-1)).hasSize(KEPT);
      assertThat(numbers(happenings.after(-1))).isSorted();
    }
  }
}
