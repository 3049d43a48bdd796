package pinfold.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PidFileTest {
  @TempDir Path dir;

  @Test
  void theFirstLineIsTheNumber() throws IOException {
    Path file = Files.writeString(dir.resolve("api.pid"), " 4711 \nother lines\n");
    assertThat(PidFile.read(file)).contains(4711);
  }

  @Test
  void hostileContentIsNoNumber() {
    for (String text :
        new String[] {
          "", "\n12", "0", "1", "-5", "4194305", "12 13", "0x10", "99999999999999999999", "१२"
        }) {
      assertThat(PidFile.parse(text)).as(text).isEqualTo(Optional.empty());
    }
    assertThat(PidFile.parse("4194304")).contains(4194304);
  }

  @Test
  void whatIsNoRegularFileIsNotOpened() throws IOException {
    assertThat(PidFile.read(dir)).isEmpty();
    assertThat(PidFile.read(dir.resolve("absent"))).isEmpty();
    assertThat(PidFile.read(Path.of("/dev/zero"))).isEmpty();
  }

  @Test
  void onlyTheBeginningOfALargeFileIsRead() throws IOException {
    Path file = Files.writeString(dir.resolve("big.pid"), "1".repeat(100_000));
    assertThat(PidFile.read(file)).isEmpty();
  }
}
