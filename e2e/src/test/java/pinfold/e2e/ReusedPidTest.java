package pinfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Strangers under the numbers of a service, its warden and the keeper, all of which were killed: in
 * a namespace of process ids of its own, where the next number can be chosen.
 */
class ReusedPidTest extends Scenario {
  private static final String SCRIPT =
      """
      pinfold=$1
      gone() { while [ -e /proc/$1 ]; do sleep 0.02; done; }
      stranger() { # NUMBER: a process of ours gets it
        got=0
        while [ $got != $1 ]; do
          [ $got = 0 ] || kill $got
          echo $(($1 - 1)) >/proc/sys/kernel/ns_last_pid
          sleep 900 &
          got=$!
        done
      }
      lives() { # NUMBER: it is the sleep of ours
        [ "$(tr '\\0' ' ' </proc/$1/cmdline)" = "sleep 900 " ]
      }
      running() { "$pinfold" status | awk '$1 == "a" && $3 == "running" {print $4}'; }
      "$pinfold" up -q
      service=$(running)
      warden=$(awk '{print $4}' /proc/$service/stat)
      keeper=$(awk '{print $4}' /proc/$warden/stat)
      supervisor=$("$pinfold" version | sed -n 's/.*pid \\([0-9]*\\), keeper.*/\\1/p')
      kill -STOP $keeper
      kill -KILL $supervisor $keeper $warden $service
      for each in $supervisor $keeper $warden $service; do gone $each; done
      for each in $keeper $warden $service; do stranger $each; done
      "$pinfold" up -q
      for each in $keeper $warden $service; do lives $each; done
      echo strangers live after up
      now=$(running)
      [ -n "$now" ] && [ "$now" != $service ] && echo another process runs
      "$pinfold" down --supervisor -q
      for each in $keeper $warden $service; do lives $each; done
      echo strangers live after down
      """;

  @Test
  void strangersAreNeitherAdoptedNorKilled() throws IOException {
    assumeTrue(
        Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid")),
        "a namespace of process ids and the choice of the next one need root");
    host.manifest("services: {a: {command: 'sleep 600', stop_timeout: 1s}}");
    Outcome outcome =
        host.startUnder(
                List.of("unshare", "--pid", "--fork", "--mount-proc", "sh", "-euc", SCRIPT, "sh"))
            .await();
    assertThat(outcome.exits(0).lines())
        .contains("strangers live after up", "strangers live after down", "another process runs");
  }
}
