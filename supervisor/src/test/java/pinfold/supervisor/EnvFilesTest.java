package pinfold.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pinfold.contract.Code;
import pinfold.contract.PinfoldException;
import pinfold.core.UnitName;

class EnvFilesTest {
  private static final UnitName UNIT = UnitName.of("shop", "api");

  @TempDir Path dir;

  private Map<String, String> read(Path file) {
    return new EnvFiles(Path.of("/home/u")).read(UNIT, file);
  }

  private static void refused(Path file, EnvFilesTest test, String reason) {
    assertThatThrownBy(() -> test.read(file))
        .isInstanceOfSatisfying(
            PinfoldException.class,
            e -> {
              assertThat(e.failure().code()).isEqualTo(Code.ENV_FILE_UNREADABLE.id());
              assertThat(e.failure().message()).contains("\"api\"").contains(reason);
            });
  }

  @Test
  void variablesAreReadAnewEachTime() throws IOException {
    Path file = Files.writeString(dir.resolve(".env"), "A=1\nB=~/x\n");
    assertThat(read(file)).isEqualTo(Map.of("A", "1", "B", "/home/u/x"));
    Files.writeString(file, "A=2\n");
    assertThat(read(file)).isEqualTo(Map.of("A", "2"));
  }

  @Test
  void whatCannotBeReadIsSaidWithItsReason() throws IOException {
    refused(dir.resolve("absent"), this, "no such file");
    refused(dir, this, "not a regular file");
    refused(Path.of("/dev/zero"), this, "not a regular file");
    refused(
        Files.write(dir.resolve("bytes"), new byte[] {'A', '=', (byte) 0xff}), this, "not UTF-8");
    refused(Files.writeString(dir.resolve("big"), "A=" + "x".repeat(2 << 20)), this, "bytes");
  }

  @Test
  void aWrongLineIsNamedAndItsValueIsNot() throws IOException {
    Path file = Files.writeString(dir.resolve("wrong"), "A=1\nsecret value\n");
    refused(file, this, file + ":2");
    assertThatThrownBy(() -> read(file)).hasMessageNotContaining("secret");
  }
}
