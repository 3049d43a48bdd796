package pinfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a service is born with. */
class ResourceTest extends Scenario {

  @Test
  void theEnvironmentIsClosed() {
    host.set("SECRET_OF_THE_CALLER", "x");
    host.manifest("services: {a: {command: 'env >seen', env: {MINE: yes}, restart_policy: never}}");
    host.up();
    assertThat(host.read("seen"))
        .contains("MINE=yes", "PINFOLD_SERVICE=a", "PATH=")
        .doesNotContain("SECRET_OF_THE_CALLER");
  }

  @Test
  void signalsAndDescriptorsAreClean() {
    host.manifest(
        """
        services:
          a: {command: "grep Sig /proc/self/status >signals; ls /proc/self/fd >descriptors; umask >mask", restart_policy: never}
        """);
    host.up();
    assertThat(host.read("signals"))
        .contains("SigIgn:\t0000000000000000")
        .contains("SigBlk:\t0000000000000000");
    assertThat(host.read("descriptors").lines())
        .containsExactly("0", "1", "2", "3"); // 3 is the listing's own
    assertThat(host.read("mask")).isEqualTo("0022\n");
  }

  @Test
  void limitsAreSet() {
    host.manifest(
        "services: {a: {command: 'ulimit -n >limit', limits: {nofile: 321}, restart_policy: never}}");
    host.up();
    assertThat(host.read("limit")).isEqualTo("321\n");
  }

  @Test
  void aLimitAboveTheHardOneIsRefused() {
    host.manifest(
        "services: {a: {command: 'sleep 600', limits: {nofile: 2000000000}, restart_policy: never}}");
    Outcome outcome = host.run("up");
    assertThat(outcome.exit()).isNotZero();
    assertThat(outcome.err()).contains("PF").contains("nofile");
  }
}
