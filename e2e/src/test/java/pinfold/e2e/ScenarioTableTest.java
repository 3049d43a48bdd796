package pinfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** SCENARIOS.md names tests that exist. */
@EnabledIf("inSourceTree")
class ScenarioTableTest {
  private static final Path TABLE = Path.of("SCENARIOS.md");
  private static final Pattern TEST = Pattern.compile("`([A-Z]\\w+)#(\\w+)`");

  static boolean inSourceTree() {
    return Files.exists(TABLE);
  }

  @Test
  void everyTestNamedExists() throws IOException {
    assertThat(TEST.matcher(Files.readString(TABLE)).results().map(MatchResult::group).distinct())
        .isNotEmpty()
        .allMatch(ScenarioTableTest::exists);
  }

  private static boolean exists(String reference) {
    String[] names = reference.replace("`", "").split("#", 2);
    try {
      return Arrays.stream(Class.forName("pinfold.e2e." + names[0]).getDeclaredMethods())
          .anyMatch(method -> method.getName().equals(names[1]));
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
