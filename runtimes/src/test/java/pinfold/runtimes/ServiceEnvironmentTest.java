package pinfold.runtimes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import pinfold.manifest.Command;
import pinfold.manifest.EnvironmentSpec;
import pinfold.manifest.Service;
import pinfold.manifest.ServiceName;

class ServiceEnvironmentTest {
  private static final ServiceEnvironment ENVIRONMENT =
      new ServiceEnvironment(new Owner("ada", "/home/ada", "/bin/bash"), Optional.empty());
  private static final Map<String, String> CALLER =
      Map.of("EDITOR", "vi", "PATH", "/caller", "PINFOLD_BIRTH", "forged", "SECRET", "s");

  private static Map<String, String> of(EnvironmentSpec spec, List<Map<String, String>> files) {
    Service service =
        Service.builder(
                new ServiceName("api"), new Command.Argv(List.of("/bin/true")), Path.of("/srv"))
            .environment(spec)
            .build();
    return ENVIRONMENT.of("shop", service, 2, CALLER, files);
  }

  @Test
  void withoutInheritanceTheListIsClosed() {
    assertThat(of(EnvironmentSpec.EMPTY, List.of()))
        .isEqualTo(
            Map.ofEntries(
                Map.entry("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
                Map.entry("HOME", "/home/ada"),
                Map.entry("USER", "ada"),
                Map.entry("LOGNAME", "ada"),
                Map.entry("SHELL", "/bin/bash"),
                Map.entry("LANG", "C.UTF-8"),
                Map.entry("PINFOLD_PROJECT", "shop"),
                Map.entry("PINFOLD_SERVICE", "api"),
                Map.entry("PINFOLD_INSTANCE", "2")));
  }

  @Test
  void namedVariablesAreInheritedAndMissingOnesAreNot() {
    EnvironmentSpec spec =
        new EnvironmentSpec(
            Map.of(), List.of(), new EnvironmentSpec.Inherit.Names(List.of("EDITOR", "NOPE")));
    assertThat(of(spec, List.of()))
        .containsEntry("EDITOR", "vi")
        .doesNotContainKeys("NOPE", "SECRET");
  }

  @Test
  void everythingIsInheritedButTheBirth() {
    EnvironmentSpec spec =
        new EnvironmentSpec(Map.of(), List.of(), new EnvironmentSpec.Inherit.All());
    assertThat(of(spec, List.of()))
        .containsEntry("SECRET", "s")
        .containsEntry("PATH", "/caller")
        .doesNotContainKey("PINFOLD_BIRTH");
  }

  @Test
  void laterFilesWinOverEarlierAndVariablesOverFiles() {
    EnvironmentSpec spec =
        new EnvironmentSpec(
            Map.of("C", "vars", "PINFOLD_SERVICE", "forged"),
            List.of(),
            new EnvironmentSpec.Inherit.Nothing());
    assertThat(of(spec, List.of(Map.of("A", "1", "B", "1", "C", "1"), Map.of("B", "2", "C", "2"))))
        .containsEntry("A", "1")
        .containsEntry("B", "2")
        .containsEntry("C", "vars")
        .containsEntry("PINFOLD_SERVICE", "api");
  }
}
