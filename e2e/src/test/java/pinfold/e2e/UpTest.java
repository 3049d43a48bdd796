package pinfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** `up`: order, conditions, what is touched, and starts that fail. */
class UpTest extends Scenario {

  @Test
  void startsInDependencyOrderAndWaitsForConditions() {
    host.manifest(
        """
        project: order
        services:
          last:
            command: "echo last >>order; exec sleep 600"
            depends_on: [middle, {service: once, condition: completed}]
          middle:
            command: "echo middle >>order; echo now-ready; exec sleep 600"
            ready: {log: now-ready}
            depends_on: [{service: first, condition: started}]
          once: {command: "echo once >>order", depends_on: [middle], restart_policy: never}
          first: {command: "echo first >>order; exec sleep 600"}
        """);
    host.up();
    assertThat(host.read("order").lines()).containsExactly("first", "middle", "once", "last");
    assertThat(host.assertConsistent().service("once").is("done")).isTrue();
    host.run("status").exits(0);
  }

  @Test
  void doneTwiceTouchesNothing() {
    host.manifest(
        """
        services:
          a: {command: "sleep 600"}
          b: {command: "sleep 601", depends_on: [a]}
        """);
    host.up();
    List<Long> before = host.status().pids();
    host.up();
    assertThat(host.assertConsistent().pids()).isEqualTo(before).hasSize(2);
  }

  @Test
  void touchesOnlyWhatChangedAndStopsWhatWasRemoved() {
    host.manifest(
        """
        services:
          same: {command: "sleep 600"}
          changed: {command: "sleep 601"}
          removed: {command: "sh -c 'setsid sleep 602 & exec sleep 603'"}
        """);
    host.up();
    StatusView before = host.status();
    host.manifest(
        """
        services:
          same: {command: "sleep 600"}
          changed: {command: "sleep 611"}
          added: {command: "sleep 612"}
        """);
    host.run("diff").exits(0);
    assertThat(host.status()).as("diff only shows").isEqualTo(before);

    host.up();
    StatusView after = host.assertConsistent();
    assertThat(after.service("same").pid()).isEqualTo(before.service("same").pid());
    assertThat(after.service("changed").pid())
        .isNotEqualTo(before.service("changed").pid())
        .isPositive();
    assertThat(after.service("added").pid()).isPositive();
    assertThat(host.processes()).noneMatch(process -> process.command().matches("sleep 60[123]"));
  }

  @Test
  void aPolicyThatChangesRestartsNothing() {
    host.manifest("services: {a: {command: 'sleep 600', max_restarts: 3}}");
    host.up();
    long pid = host.status().service("a").pid();
    host.manifest("services: {a: {command: 'sleep 600', max_restarts: 5}}");
    host.up();
    assertThat(host.status().service("a").pid()).isEqualTo(pid);
  }

  @Test
  void anInvalidManifestTouchesNothingAndSaysAllProblems() {
    host.manifest("services: {a: {command: 'sleep 600'}}");
    host.up();
    StatusView before = host.status();
    host.manifest(
        """
        services:
          a: {comand: "sleep 601"}
          b: {command: "sleep 602", depends_on: [nobody], stop_timeout: 5parsecs}
        """);
    Outcome outcome = host.run("up").exits(65);
    assertThat(outcome.err())
        .contains("pinfold.yaml:2:", "comand", "command", "pinfold.yaml:3:", "nobody", "5parsecs");
    assertThat(host.status()).isEqualTo(before);
  }

  @Test
  void aCommandThatDoesNotExistIsSaid() {
    host.manifest("services: {a: {command: [/no/such/program], restart_policy: never}}");
    Outcome outcome = host.run("up").exits(1);
    assertThat(outcome.err()).contains("error[PF").contains("/no/such/program");
    assertThat(host.status().service("a").is("failed")).isTrue();
    host.run("status").exits(2);
  }

  @Test
  void aServiceThatKeepsFallingIsReportedWithTheWordsOfItsLastRun() {
    host.manifest(
        """
        services:
          a: {command: "echo no luck >&2; exit 3", backoff: 10ms}
        """);
    Outcome outcome = host.run("up").exits(1);
    assertThat(outcome.err()).contains("error[PF1219]").containsOnlyOnce("    no luck");
  }

  @Test
  void aServiceThatExitsAtOnceFailsWithItsLastWords() {
    host.manifest(
        """
        services:
          a: {command: "echo cannot find my keys >&2; exit 3", restart_policy: never}
        """);
    Outcome outcome = host.run("up").exits(1);
    assertThat(outcome.err()).contains("error[PF").contains("cannot find my keys");
    assertThat(host.status().service("a").instances())
        .anyMatch(instance -> instance.exitCode().equals(Optional.of(3)));
  }

  @Test
  void aServiceThatNeverGetsReadyEndsTheWaitNotTheService() {
    host.manifest("services: {a: {command: 'sleep 600', ready: {log: never}}}");
    Outcome outcome = host.run("up", "--timeout", "1s");
    assertThat(outcome.exit()).isIn(1, 75);
    assertThat(outcome.err()).contains("a");
    host.run("status").exits(1);
    assertThat(host.status().service("a").pid()).isPositive();
  }

  @Test
  void aPortThatIsTakenIsSaid() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      host.copy(Product.examples().resolve("shop"));
      host.set("SHOP_STORE_PORT", Integer.toString(taken.getLocalPort()));
      host.set("SHOP_PORT", "1");
      Outcome outcome = host.run("up", "store", "--timeout", "20s");
      assertThat(outcome.exit()).isNotZero();
      assertThat(outcome.err())
          .contains("PF1222", "process " + ProcessHandle.current().pid() + " (")
          .contains("Address already in use");
    }
  }

  @Test
  void aFailedDependencyBlocksOnlyItsDependents() {
    host.manifest(
        """
        services:
          broken: {command: "exit 1", restart_policy: never}
          blocked: {command: "sleep 600", depends_on: [{service: broken, condition: completed}]}
          behind: {command: "sleep 601", depends_on: [blocked]}
          free: {command: "sleep 602"}
        """);
    host.run("up").exits(1);
    StatusView view = host.assertConsistent();
    assertThat(view.service("broken").is("failed")).isTrue();
    assertThat(view.service("blocked").pid()).isZero();
    assertThat(view.service("behind").pid()).isZero();
    assertThat(view.service("free").is("running")).isTrue();
  }

  @Test
  void interruptingItDetaches() {
    host.manifest("services: {a: {command: 'sleep 600', ready: {log: never}}}");
    Running up = host.start("up");
    host.awaitStatus("a runs", view -> view.has("a") && view.service("a").pid() > 0);
    up.signal("INT");
    Outcome outcome = up.await().exits(130);
    assertThat(outcome.err()).contains("pinfold ");
    assertThat(host.status().service("a").pid()).isPositive();
  }

  @Test
  void killingTheCommandChangesNothing() {
    host.manifest(
        """
        services:
          a: {command: "until test -e go; do sleep 0.05; done; echo yes; exec sleep 600", ready: {log: "yes"}}
          b: {command: "sleep 600", depends_on: [a]}
        """);
    Running up = host.start("up");
    host.awaitStatus("a runs", view -> view.has("a") && view.service("a").pid() > 0);
    up.signal("KILL");
    host.write("go", "");
    host.awaitStatus("b runs all the same", view -> view.service("b").is("running"));
    host.assertConsistent();
  }

  @Test
  void twoProjectsLiveSideBySide() {
    host.manifest("{project: one, services: {a: {command: 'sleep 600'}}}");
    host.up();
    host.write(
        "other.yaml",
        "{project: two, services: {a: {command: 'sleep 601'}, c: {command: 'sleep 602'}}}");
    host.up("-f", "other.yaml");
    assertThat(host.assertConsistent().pids()).hasSize(3);
    host.run("stop", "two/a").exits(0);
    host.run("down", "-f", "other.yaml").exits(0);
    host.awaitStatus("only one is left", view -> view.pids().size() == 1);
  }

  @Test
  void variablesComeFromTheEnvironmentAndTheFileBeside() {
    host.write(".env", "FROM_FILE=file\n");
    host.set("FROM_CALLER", "caller");
    host.manifest(
        """
        services:
          a:
            command: "echo ${FROM_FILE} ${FROM_CALLER} ${NOWHERE:-default} $$HOME >seen"
            restart_policy: never
        """);
    host.up();
    assertThat(host.read("seen")).startsWith("file caller default ").doesNotContain("$");
  }

  @Test
  void profilesAndSkippedServicesAreLeftOut() {
    host.manifest(
        """
        services:
          always: {command: "sleep 600"}
          web: {command: "sleep 601", profiles: [web]}
          not-now: {command: "sleep 602", skip: true}
          after: {command: "sleep 603", depends_on: [not-now]}
        """);
    host.run("up");
    StatusView view = host.status();
    assertThat(view.pids()).hasSize(1);
    assertThat(view.service("not-now").is("skipped")).isTrue();
    host.run("up", "--profile", "web");
    assertThat(host.status().service("web").pid()).isPositive();
  }

  @Test
  void aServiceNamedAloneBringsWhatItNeeds() {
    host.manifest(
        """
        services:
          base: {command: "sleep 600"}
          top: {command: "sleep 601", depends_on: [base]}
          other: {command: "sleep 602"}
        """);
    host.up("top");
    StatusView view = host.assertConsistent();
    assertThat(view.service("top").pid()).isPositive();
    assertThat(view.service("base").pid()).isPositive();
    assertThat(view.pids()).hasSize(2);
  }

  @Test
  void anEditWhileStoppedIsUsedAtTheNextUp() {
    host.manifest("services: {a: {command: 'sleep 600'}}");
    host.up();
    host.run("down").exits(0);
    host.manifest("services: {a: {command: 'sleep 601'}}");
    host.up();
    assertThat(host.assertConsistent().pids()).hasSize(1);
    assertThat(host.processes()).anyMatch(process -> process.command().equals("sleep 601"));
  }

  @Test
  void theSameProjectFromAnotherPathIsRefused() {
    host.manifest("{project: shop, services: {a: {command: 'sleep 600'}}}");
    host.up();
    host.write("other.yaml", "{project: shop, services: {b: {command: 'sleep 601'}}}");
    Outcome outcome = host.run("up", "-f", "other.yaml");
    assertThat(outcome.exit()).isNotZero();
    assertThat(outcome.err()).contains("PF").contains("--adopt");
    assertThat(host.assertConsistent().pids()).hasSize(1);
  }

  @Test
  void aMissingEnvironmentFileIsSaid() {
    host.manifest(
        "services: {a: {command: 'sleep 600', env_file: [secrets.env], restart_policy: never}}");
    Outcome outcome = host.run("up");
    assertThat(outcome.exit()).isNotZero();
    assertThat(outcome.err()).contains("PF").contains("secrets.env");
  }

  @Test
  void anEnvironmentFileIsReadAgainAtEachStart() {
    host.write("a.env", "NAME=first\nGONE=there\n");
    host.manifest(
        "services: {a: {command: 'echo $NAME-$GONE >seen; exec sleep 600', env_file: [a.env]}}");
    host.up();
    Until.holds(
        "it is seen", () -> host.exists("seen") && host.read("seen").equals("first-there\n"));
    host.write("a.env", "NAME=second\n");
    host.run("restart", "a").exits(0);
    Until.holds("the new one is seen", () -> host.read("seen").equals("second-\n"));
  }

  @Test
  void aTenMegabyteManifestIsRefused() {
    host.manifest(
        "services: {a: {command: 'sleep 600'}}\n"
            + "# a comment that goes on and on\n".repeat(350_000));
    assertThat(host.run("up").exits(65).err()).contains("PF");
  }

  @Test
  void onATerminalProgressIsLive() {
    host.manifest(
        "services: {first: {command: 'sleep 0.3; echo yes; exec sleep 600', ready: {log: 'yes'}}}");
    Outcome outcome = host.startOnTerminal("up").await().exits(0);
    assertThat(outcome.out()).contains("first").contains("ready").contains("pinfold logs -f");
  }
}
