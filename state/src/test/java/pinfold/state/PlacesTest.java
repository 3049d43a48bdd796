package pinfold.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import pinfold.contract.Code;
import pinfold.contract.PinfoldException;
import pinfold.linux.BirthId;

class PlacesTest {
  private static final String BOOT = "0b63c2d4-0000-4000-8000-000000000001";

  private static int uid(ScratchDir dir) throws IOException {
    return (Integer) Files.getAttribute(dir.path(), "unix:uid");
  }

  @Test
  void theEnvironmentSaysWhere() {
    assertThat(Places.of(Map.of("HOME", "/home/u")))
        .isEqualTo(
            new Places(
                Path.of("/home/u/.local/state/pinfold"), Path.of("/home/u/.config/pinfold")));
    assertThat(
            Places.of(
                Map.of("HOME", "/home/u", "XDG_STATE_HOME", "/s", "XDG_CONFIG_HOME", "relative")))
        .isEqualTo(new Places(Path.of("/s/pinfold"), Path.of("/home/u/.config/pinfold")));
    assertThat(Places.of(Map.of("HOME", "/home/u", "PINFOLD_STATE_DIR", "/mine/../x")).state())
        .isEqualTo(Path.of("/x"));
    assertThatThrownBy(() -> Places.of(Map.of("HOME", "/h", "PINFOLD_STATE_DIR", "mine")))
        .hasMessage("PF3001: PINFOLD_STATE_DIR is not an absolute path: mine");
    assertThatThrownBy(() -> Places.of(Map.of())).hasMessageContaining("PF3001");
  }

  @Test
  void directoriesAreForTheirOwnerOnly() throws IOException {
    try (ScratchDir dir = ScratchDir.create()) {
      Places places = new Places(dir.path().resolve("a/b"), dir.path());
      places.create(BOOT, uid(dir));
      places.create(BOOT, uid(dir));
      for (Path folder :
          new Path[] {
            places.state(),
            places.journal(),
            places.logs(),
            places.run(BOOT),
            places.facts(BOOT),
            places.notify(BOOT, BirthId.random()).getParent()
          }) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
            .as(folder.toString())
            .isEqualTo("rwx------");
      }
      assertThat(places.examine(uid(dir))).isEmpty();
    }
  }

  @Test
  void whatOthersMayWriteToIsRefused() throws IOException {
    try (ScratchDir dir = ScratchDir.create()) {
      Places places = new Places(dir.path().resolve("state"), dir.path());
      Files.createDirectory(places.state());
      Files.setPosixFilePermissions(places.state(), PosixFilePermissions.fromString("rwxrwx---"));
      assertThatThrownBy(() -> places.create(BOOT, uid(dir)))
          .isInstanceOfSatisfying(
              PinfoldException.class,
              e -> {
                assertThat(e.failure().code()).isEqualTo(Code.STATE_UNUSABLE.id());
                assertThat(e.failure().tries()).containsExactly("chmod 700 " + places.state());
              });
      assertThat(places.examine(uid(dir))).isPresent();
    }
  }

  @Test
  void whatBelongsToAnotherIsRefused() throws IOException {
    try (ScratchDir dir = ScratchDir.create()) {
      Places places = new Places(dir.path(), dir.path());
      int other = uid(dir) + 1;
      assertThatThrownBy(() -> places.create(BOOT, other))
          .hasMessageContaining("PF3001")
          .hasMessageContaining("belongs to uid " + uid(dir) + ", and this is uid " + other);
    }
  }

  @Test
  void aBootIdIsNoPath() {
    Places places = new Places(Path.of("/s"), Path.of("/c"));
    assertThatThrownBy(() -> places.run("../../etc")).isInstanceOf(IllegalArgumentException.class);
  }
}
