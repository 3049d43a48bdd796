package pinfold.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import pinfold.contract.Code;
import pinfold.contract.Failure;

class StepFilesTest {
  private static final Instant T0 = Instant.parse("2026-11-21T10:00:00Z");

  private ScratchDir dir = new ScratchDir(Path.of("/nowhere"));
  private final List<Failure> problems = new ArrayList<>();

  @BeforeEach
  void make() {
    dir = ScratchDir.create();
  }

  @AfterEach
  void clean() {
    dir.close();
  }

  /** Each file's frames as texts. */
  private List<List<String>> read(Optional<Instant> since) throws IOException {
    List<List<String>> files = new ArrayList<>();
    new RecordedSteps(dir.path(), problems::add)
        .read(
            since,
            new RecordedSteps.Sink() {
              @Override
              public void nextFile() {
                files.add(new ArrayList<>());
              }

              @Override
              public boolean frame(byte[] body) {
                return files.getLast().add(new String(body, StandardCharsets.UTF_8));
              }
            });
    return files;
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void nothingIsMadeBeforeItIsNeeded() throws IOException {
    try (StepFiles files = new StepFiles(dir.path(), 1000, 10_000)) {
      assertThat(files.full()).isTrue();
      assertThat(dir.path()).isEmptyDirectory();
    }
    assertThat(read(Optional.empty())).isEmpty();
  }

  @Test
  void whatWasFlushedIsRead() throws IOException {
    try (StepFiles files = new StepFiles(dir.path(), 1000, 10_000)) {
      files.begin();
      files.append(T0, text("head"));
      files.append(T0, new byte[40_000]); // longer than what is gathered
      files.append(T0, text("step"));
      files.flush();
      assertThat(read(Optional.empty()).getFirst()).hasSize(3).contains("head", "step");
    }
    assertThat(problems).isEmpty();
  }

  @Test
  void theOldestGo() throws IOException {
    try (StepFiles files = new StepFiles(dir.path(), 1000, 5000)) {
      for (int i = 0; i < 100; i++) {
        if (files.full()) {
          files.begin();
          files.append(T0, text("head " + i));
          files.begun();
        }
        files.append(T0, new byte[200]);
        files.flush();
      }
    }
    List<List<String>> left = read(Optional.empty());
    assertThat(left).hasSizeBetween(3, 5).allMatch(file -> file.getFirst().startsWith("head"));
    assertThat(size()).isLessThan(6000);
  }

  @Test
  void manySmallOnesGoToo() throws IOException {
    for (int i = 0; i < 100; i++) {
      try (StepFiles files = new StepFiles(dir.path(), 1000, 1_000_000)) {
        files.begin();
        files.append(T0, text("head " + i));
      }
    }
    List<List<String>> left = read(Optional.empty());
    assertThat(left).hasSize(64);
    assertThat(left.getLast()).containsExactly("head 99");
  }

  @Test
  void aLargeBeginningDoesNotFillAFile() throws IOException {
    try (StepFiles files = new StepFiles(dir.path(), 1000, 1_000_000)) {
      files.begin();
      files.append(T0, new byte[5000]);
      files.begun();
      assertThat(files.full()).isFalse();
    }
  }

  @Test
  void aTornEndIsLeftOutAndSaid() throws IOException {
    for (String name : List.of("one", "two")) {
      try (StepFiles files = new StepFiles(dir.path(), 1000, 10_000)) {
        files.begin();
        files.append(T0, text("head " + name));
        files.append(T0, text("step"));
      }
    }
    List<Path> all = all();
    byte[] bytes = Files.readAllBytes(all.getFirst());
    Files.write(all.getFirst(), Arrays.copyOf(bytes, bytes.length - 1));
    assertThat(read(Optional.empty()))
        .containsExactly(List.of("head one"), List.of("head two", "step"));
    assertThat(problems)
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.code()).isEqualTo(Code.JOURNAL_TORN.id());
          assertThat(problem.message()).contains("the last 27 bytes are left out");
        });
  }

  @Test
  void aFrameThatIsMissingInTheMiddleEndsTheFile() throws IOException {
    try (StepFiles files = new StepFiles(dir.path(), 1000, 10_000)) {
      files.begin();
      for (String step : List.of("a", "b", "c")) {
        files.append(T0, text(step));
      }
    }
    Path file = all().getFirst();
    byte[] bytes = Files.readAllBytes(file);
    byte[] without = new byte[50];
    System.arraycopy(bytes, 0, without, 0, 25);
    System.arraycopy(bytes, 50, without, 25, 25);
    Files.write(file, without);
    assertThat(read(Optional.empty())).containsExactly(List.of("a"));
    assertThat(problems).hasSize(1);
  }

  @Test
  void filesThatEndedBeforeATimeAreNotRead() throws IOException {
    for (int hour = 0; hour < 4; hour++) {
      try (StepFiles files = new StepFiles(dir.path(), 1000, 10_000)) {
        files.begin();
        files.append(T0.plusSeconds(3600L * hour), text("head " + hour));
      }
    }
    assertThat(read(Optional.of(T0.plusSeconds(2 * 3600 + 60))))
        .containsExactly(List.of("head 2"), List.of("head 3"));
    assertThat(read(Optional.of(T0.minusSeconds(60)))).hasSize(4);
  }

  @Test
  void afterAFailureTheFileEndsWithItsLastWholeFlush() throws IOException {
    StepFiles files = new StepFiles(dir.path(), 1000, 10_000);
    files.begin();
    files.append(T0, text("head"));
    files.flush();
    assertThatThrownBy(() -> files.append(T0, new byte[StepFiles.MAX_FRAME + 1]))
        .isInstanceOf(IOException.class);
    files.giveUp();
    assertThat(files.full()).isTrue();
    assertThat(read(Optional.empty())).containsExactly(List.of("head"));
    assertThat(problems).isEmpty();
  }

  private List<Path> all() throws IOException {
    try (var found = Files.list(dir.path())) {
      return found.sorted().toList();
    }
  }

  private long size() throws IOException {
    long size = 0;
    for (Path file : all()) {
      size += Files.size(file);
    }
    return size;
  }
}
