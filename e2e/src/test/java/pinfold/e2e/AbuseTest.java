package pinfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many hands at once, and long random sequences against a model. */
class AbuseTest extends Scenario {
  private static final String THREE =
      """
      services:
        a: {command: "exec sleep 600"}
        b: {command: "exec sleep 601", depends_on: [a]}
        c: {command: "exec sleep 602"}
      """;

  @Test
  void mixedCommandsAtOnceEndInOneInstanceEach() {
    host.manifest(THREE);
    host.up();
    List<Running> commands = new ArrayList<>();
    for (String service : List.of("a", "b", "c")) {
      commands.add(host.start("restart", service));
      commands.add(host.start("stop", service));
      commands.add(host.start("start", service));
    }
    commands.add(host.start("status"));
    commands.forEach(Running::await);
    host.up();
    assertThat(host.assertConsistent().pids()).hasSize(3);
    assertThat(sleepers()).containsExactly("sleep 600", "sleep 601", "sleep 602");
  }

  @Test
  void stopAndStartRacingLeaveOneOrNone() {
    host.manifest(THREE);
    host.up();
    for (int round = 0; round < 3; round++) {
      Running stop = host.start("stop", "c");
      Running start = host.start("start", "c");
      stop.await();
      start.await();
      assertThat(sleepers().stream().filter("sleep 602"::equals)).hasSizeLessThan(2);
    }
    host.assertConsistent();
    host.run("start", "c").exits(0);
    assertThat(sleepers()).containsExactly("sleep 600", "sleep 601", "sleep 602");
  }

  @Test
  void churnLeavesNothingBehind() {
    host.manifest(THREE);
    host.up();
    for (int round = 0; round < 5; round++) {
      List<Long> before = host.status().pids();
      host.run("restart", "a", "b", "c").exits(0);
      assertThat(host.assertConsistent().pids()).hasSize(3).doesNotContainAnyElementsOf(before);
    }
    assertThat(sleepers()).containsExactly("sleep 600", "sleep 601", "sleep 602");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 7, 42})
  void randomSequencesAgreeWithTheModel(long seed) {
    host.manifest(THREE);
    host.up();
    Map<String, Boolean> running = new TreeMap<>(Map.of("a", true, "b", true, "c", true));
    Random random = new Random(seed);
    int steps = Boolean.getBoolean("pinfold.full") ? 50 : 8;
    for (int step = 0; step < steps; step++) {
      String service = List.of("a", "b", "c").get(random.nextInt(3));
      String verb = List.of("start", "stop", "restart").get(random.nextInt(3));
      host.run(verb, service).exits(0);
      running.put(service, !verb.equals("stop"));
      if (!verb.equals("stop") && service.equals("b")) {
        running.put("a", true);
      }
      int at = step;
      StatusView view = host.assertConsistent();
      running.forEach((name, expected) ->
          assertThat(view.service(name).pid() > 0)
              .as("seed %d, step %d, %s %s: %s", seed, at, verb, service, name)
              .isEqualTo(expected));
    }
    host.run("doctor").exits(0);
  }

  /** The programs of the three services that run, whoever knows of them. */
  private List<String> sleepers() {
    return host.processes().stream()
        .map(HostProcess::command)
        .filter(command -> command.matches("sleep 60[012]"))
        .sorted()
        .toList();
  }
}
