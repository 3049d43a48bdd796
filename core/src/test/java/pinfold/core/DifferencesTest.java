package pinfold.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pinfold.contract.Change;
import pinfold.manifest.ManifestReader;
import pinfold.manifest.Service;
import pinfold.manifest.ServiceName;
import pinfold.manifest.Surroundings;

/** Which keys of a service a running process was started with. */
class DifferencesTest {
  private static Service api(String key) {
    String text =
        """
        services:
          db: {command: x}
          api:
            command: x
            %s
        """
            .formatted(key);
    return ManifestReader.read(Path.of("/srv/pinfold.yaml"), text, Surroundings.NONE)
        .manifest()
        .orElseThrow()
        .service(new ServiceName("api"))
        .orElseThrow();
  }

  private static Differences from(String key) {
    Differences differences = Differences.between(api("tty: false"), api(key));
    assertThat(differences.fields())
        .extracting(Change.Field::key)
        .isNotEmpty()
        .containsAll(differences.launch());
    return differences;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tty: true",
        "stdin: open",
        "working_dir: sub",
        "env: {A: b}",
        "env_file: a.env",
        "inherit_env: true",
        "limits: {nofile: 64}",
        "ready: {notify: true}",
        "live: {notify: true}",
        "logs: {sink: none}"
      })
  void whatAProcessIsBornWithNeedsARestart(String key) {
    assertThat(from(key).launch()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "restart_policy: always", "backoff: 3s", "max_restarts: 2", "stop_signal: INT",
            "stop_timeout: 1s", "reload_signal: HUP", "success_exit_codes: [1]",
        "ready: {tcp: 'a:1'}", "live: {exec: x}", "pid_file: a.pid", "essential: true",
            "hooks: {on_ready: x}", "pre_start: x", "pre_stop: x",
        "profiles: [a]", "skip: x", "logs: {max_files: 2}", "ports: [80]", "depends_on: [db]"
      })
  void aPolicyDoesNot(String key) {
    assertThat(from(key).launch()).isEmpty();
  }
}
