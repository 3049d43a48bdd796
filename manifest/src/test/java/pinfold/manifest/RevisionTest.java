package pinfold.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static pinfold.manifest.Texts.api;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RevisionTest extends AnyManifest {
  private static final Revision PLAIN = Revision.of(api("tty: false"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tty: true",
        "stdin: open",
        "working_dir: sub",
        "env: {A: b}",
        "inherit_env: true",
        "limits: {nofile: 64}",
        "ready: {notify: true}",
        "live: {notify: true}",
        "logs: {sink: none}"
      })
  void whatAProcessIsBornWithNeedsARestart(String key) {
    assertThat(Revision.of(api(key)).launch()).isNotEqualTo(PLAIN.launch());
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
    assertThat(Revision.of(api(key)).launch()).isEqualTo(PLAIN.launch());
    assertThat(Revision.of(api(key)).policy()).isNotEqualTo(PLAIN.policy());
  }

  /** Peers C8: naming the service or moving the environment file is not a change. */
  @Test
  void namesOrderAndPlacesDoNotMatter() {
    Service one = api("env: {A: a, B: b}", "depends_on: [db, job]", "env_file: one.env");
    Service two =
        api(
            "depends_on: [{service: job, condition: started}, db]",
            "env_file: moved/two.env",
            "env: {B: b, A: a}");
    assertThat(Revision.of(one)).isEqualTo(Revision.of(two));
    Service db = Texts.service("db", Texts.valid("services: {db: {command: x}}"));
    Service store = Texts.service("store", Texts.valid("services: {store: {command: x}}"));
    assertThat(Revision.of(db)).isEqualTo(Revision.of(store));
  }

  /** Peers C9: changed content is a change. */
  @Test
  void whatTheFilesSayCountsWhereItIsGiven() {
    Service service = api("env_file: a.env", "env: {A: fixed}");
    assertThat(Revision.of(service, Map.of("B", "1")))
        .isNotEqualTo(Revision.of(service, Map.of("B", "2")));
    assertThat(Revision.of(service, Map.of("A", "1")))
        .isEqualTo(Revision.of(service, Map.of("A", "2")));
  }

  @Property(tries = 100)
  void aDefaultWrittenOutIsNoChange(@ForAll("services") Service service) {
    Parsed back = Canonical.service(service.name(), Canonical.json(service), Path.of("/"));
    assertThat(Revision.of(back.manifest().orElseThrow().service(service.name()).orElseThrow()))
        .isEqualTo(Revision.of(service));
    assertThat(
            Revision.of(
                    service.toBuilder()
                        .stopTimeout(service.stopTimeout().plus(Duration.ofMillis(1)))
                        .build())
                .policy())
        .isNotEqualTo(Revision.of(service).policy());
  }
}
