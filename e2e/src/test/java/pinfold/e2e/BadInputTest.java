package pinfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Bad input and services that do not come up: each has its code, and nothing else is touched. */
class BadInputTest extends Scenario {

  @Test
  void aManifestThatCannotBeUsedIsRefusedByItsCode() {
    host.manifest("services: {a: {command: 'exec sleep 600'}}");
    host.up();
    StatusView before = host.status();
    refused("PF1103", "services: {a: {comand: x}}");
    refused("PF1109", "services: {a: {command: x, stop_timeout: 5parsecs}}");
    refused("PF1108", "services: {a: {command: x, restart_policy: sometimes}}");
    refused("PF1112", "services: {a: [}");
    refused("PF1118", "services: {a: {command: x, depends_on: [nobody]}}");
    refused(
        "PF1119", "services: {a: {command: x, depends_on: [b]}, b: {command: x, depends_on: [a]}}");
    refused("PF1114", "{include: [none.yaml], services: {a: {command: x}}}");
    host.write("itself.yaml", "include: [pinfold.yaml]");
    refused("PF1115", "{include: [itself.yaml], services: {a: {command: x}}}");
    refused("PF1113", "services: {}\n" + "# a comment that goes on and on\n".repeat(350_000));
    assertThat(host.status()).isEqualTo(before);
  }

  private void refused(String code, String manifest) {
    host.manifest(manifest);
    assertThat(host.run("up").exits(65).err()).contains("error[" + code + "]");
    assertThat(host.run("validate").exits(65).err()).contains("error[" + code + "]");
  }

  @Test
  void anIncludeThatMayNotBeReadIsRefused() {
    Path folder = host.project().resolve("folder.yaml");
    assertThat(folder.toFile().mkdir()).isTrue(); // root may read any file, and no folder as one
    refused("PF1114", "{include: [folder.yaml], services: {a: {command: x}}}");
    host.delete("folder.yaml");
  }

  @Test
  void aServiceThatDoesNotComeUpFailsByItsCode() {
    host.write("data", "no program");
    fails("PF1201", "{command: [/no/such/program], restart_policy: never}");
    fails("PF1202", "{command: [./data], restart_policy: never}");
    fails("PF1213", "{command: 'exec sleep 601', env_file: [none.env], restart_policy: never}");
    fails("PF1221", "{command: 'exec sleep 602', working_dir: none, restart_policy: never}");
    fails("PF1219", "{command: 'exit 3', restart_policy: never}");
    fails("PF1203", "{command: 'exit 3', restart_policy: never, ready: {log: never}}");
    fails(
        "PF1204",
        "{command: 'exec sleep 603', ready: {exec: 'false', interval: 50ms, failures: 2}}");
    fails("PF1207", "{command: 'exec sleep 604', pre_start: 'exit 4', restart_policy: never}");
  }

  private void fails(String code, String service) {
    host.manifest("services: {a: " + service + "}");
    assertThat(host.run("up").exits(1).err()).contains("error[" + code + "]");
    assertThat(host.run("explain", code).exits(0).out()).contains(code);
  }
}
