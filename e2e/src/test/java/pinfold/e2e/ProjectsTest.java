package pinfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Several projects in one file: `projects:`. */
class ProjectsTest extends Scenario {
  private static final String TWO =
      """
      defaults: {stop_timeout: 5s}
      projects:
        shop:
          services:
            api: {command: "sleep 600", depends_on: [db]}
            db: {command: "sleep 601"}
        blog:
          services:
            api: {command: "sleep 602"}
      """;

  private long pid(String project, String service) {
    return host.status().services().stream()
        .filter(one -> one.project().equals(project) && one.name().equals(service))
        .mapToLong(StatusView.Service::pid)
        .findFirst()
        .orElse(0);
  }

  @Test
  void startAndChangeEachByItself() {
    host.manifest(TWO);
    host.run("validate").exits(0);
    host.up();
    assertThat(host.assertConsistent().pids()).hasSize(3);
    List<Long> before = host.status().pids();
    host.up();
    assertThat(host.status().pids()).as("done twice touches nothing").isEqualTo(before);

    long api = pid("shop", "api");
    host.manifest(TWO.replace("sleep 602", "sleep 612"));
    assertThat(host.run("diff").exits(0).out()).contains("~ blog/api").contains("= 2 unchanged");
    host.up();
    assertThat(pid("shop", "api")).isEqualTo(api).isPositive();
    assertThat(host.processes()).noneMatch(process -> process.command().equals("sleep 602"));
    host.assertConsistent();

    host.run("down").exits(0);
    host.awaitStatus("all projects of the file are down", view -> view.pids().isEmpty());
  }

  @Test
  void oneIsChosenByItsName() {
    host.manifest(TWO);
    host.up("--project", "blog");
    assertThat(host.assertConsistent().pids()).hasSize(1);
    assertThat(pid("blog", "api")).isPositive();
    host.up("shop/db");
    assertThat(host.status().pids()).hasSize(2);
    host.up();
    assertThat(host.status().pids()).hasSize(3);

    Outcome ambiguous = host.run("stop", "api").exits(64);
    assertThat(ambiguous.err()).startsWith("error[PF1003]").contains("blog/api", "shop/api");
    assertThat(host.run("up", "api").exits(64).err()).startsWith("error[PF1003]");
    host.run("stop", "api", "--project", "shop").exits(0);
    assertThat(pid("shop", "api")).isZero();
    host.run("down", "--project", "shop").exits(0);
    host.awaitStatus("the other one goes on", view -> view.pids().size() == 1);
    assertThat(pid("blog", "api")).isPositive();
  }

  @Test
  void oneThatFailsHoldsUpNoOther() {
    host.manifest(
        """
        projects:
          broken:
            services:
              a: {command: "exit 3", restart_policy: never, ready: {log: never}}
          sound:
            services:
              a: {command: "echo here; exec sleep 600", ready: {log: here}}
        """);
    Outcome outcome = host.run("up").exits(1);
    assertThat(outcome.err()).contains("error[PF").contains("broken");
    assertThat(pid("sound", "a")).isPositive();
    host.run("status").exits(2);
    host.run("status", "--project", "sound").exits(0);
    assertThat(host.run("logs", "sound/a").exits(0).out()).contains("here");
  }

  @Test
  void oneThatIsInvalidOrTakenTouchesNone() {
    host.write("elsewhere.yaml", "{project: blog, services: {x: {command: 'sleep 610'}}}");
    host.up("-f", "elsewhere.yaml");
    List<Long> before = host.status().pids();
    host.manifest(TWO);
    Outcome taken = host.run("up");
    assertThat(taken.exit()).isNotZero();
    assertThat(taken.err()).contains("blog").contains("elsewhere.yaml");
    assertThat(host.status().pids()).isEqualTo(before);

    host.manifest(TWO.replace("depends_on: [db]", "depends_on: [cache]"));
    assertThat(host.run("up").exits(65).err()).contains("pinfold.yaml:5:").contains("cache");
    assertThat(host.status().pids()).isEqualTo(before);
  }

  @Test
  void oneThatLeavesTheFileIsRemoved() {
    host.manifest(TWO);
    host.up();
    host.manifest(TWO.substring(0, TWO.indexOf("  blog:")));
    assertThat(host.run("diff").exits(0).out())
        .containsOnlyOnce("- blog/")
        .contains("the manifest no longer has project \"blog\"");
    host.up();
    assertThat(host.assertConsistent().pids()).hasSize(2);
    assertThat(host.run("status", "--all").out()).doesNotContain("blog");
  }

  @Test
  void oneThatIsGivenAnotherNameTakesThePlaceOfTheOldOne() {
    host.write("elsewhere.yaml", "{project: other, services: {x: {command: 'sleep 610'}}}");
    host.up("-f", "elsewhere.yaml");
    host.manifest("{project: old, services: {a: {command: 'sleep 611'}}}");
    host.up();
    long old = host.status().service("a").pid();
    host.manifest("{project: new, services: {a: {command: 'sleep 611'}}}");
    assertThat(host.up().err()).contains("- old/a", "+ new/a");
    StatusView after = host.assertConsistent();
    assertThat(HostProcess.lives(old)).isFalse();
    assertThat(after.services())
        .extracting(StatusView.Service::project)
        .containsExactlyInAnyOrder("new", "other");
    host.run("stop", "a").exits(0);
  }

  @Test
  void oneThatLeavesTheFileIsLeftRunningAndSaidWhenThatIsAskedFor() {
    host.manifest(TWO);
    host.up();
    host.manifest(TWO.substring(0, TWO.indexOf("  blog:")));
    Outcome outcome = host.up("--remove", "false");
    assertThat(outcome.err())
        .contains("project blog is no longer in the manifest")
        .contains("pinfold down --project blog");
    assertThat(host.assertConsistent().pids()).hasSize(3);
    host.run("down", "--project", "blog").exits(0);
    host.awaitStatus("it is gone", view -> view.pids().size() == 2);
  }
}
