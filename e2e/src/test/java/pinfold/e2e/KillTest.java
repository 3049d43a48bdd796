package pinfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * KILL to the supervisor, the keeper, the command under way and all sets of them, at the moments
 * that differ, with services that write all the time: same pids, every line once, states known.
 *
 * <p>All combinations with {@code -Dpinfold.full=true}, else each moment and each number of victims
 * once.
 */
class KillTest extends Scenario {
  private enum Victim {
    SUPERVISOR,
    KEEPER,
    COMMAND
  }

  /** What the service `x` is in the middle of. */
  private enum Moment {
    UP,
    STOP,
    RESTART,
    IDLE
  }

  private record Case(Moment moment, Set<Victim> victims) {}

  /** `x` neither gets ready nor ends before the file `open` is there. */
  private static final String PROJECT =
      """
      services:
        w1: {command: "i=0; until test -e enough; do i=$((i+1)); echo line-$i; [ $((i%50)) -gt 0 ] || sleep 0.01; done; exec sleep 600"}
        w2: {command: "i=0; until test -e enough; do i=$((i+1)); echo line-$i >&2; sleep 0.001; done; exec sleep 601"}
        x:
          command: "trap 'until test -e open; do sleep 0.02; done; exit 0' TERM; until test -e open; do sleep 0.02; done; echo up; while :; do sleep 0.05; done"
          ready: {log: "^up$"}
          stop_timeout: 60s
      """;

  @Test
  void whoeverIsKilledWheneverServicesGoOn() {
    host.manifest(PROJECT);
    host.write("open", "");
    host.up();
    long w1 = host.status().service("w1").pid();
    long w2 = host.status().service("w2").pid();
    for (Case one : cases()) {
      switch (one.moment) {
        case UP -> up(one);
        case STOP -> stop(one);
        case RESTART -> restart(one);
        case IDLE -> idle(one);
      }
      StatusView view = host.assertConsistent();
      assertThat(view.service("w1").pid()).as("%s", one).isEqualTo(w1);
      assertThat(view.service("w2").pid()).as("%s", one).isEqualTo(w2);
      assertThat(view.service("x").is("running")).as("%s: %s", one, view).isTrue();
      assertThat(running("echo up")).as("%s", one).hasSize(1);
    }
    host.write("enough", "");
    Until.holds("the writers stopped", () -> running("sleep 60[01]").size() == 2);
    assertEveryLineOnce("w1", "stdout");
    assertEveryLineOnce("w2", "stderr");
  }

  private static List<Case> cases() {
    if (!Boolean.getBoolean("pinfold.full")) {
      return List.of(
          new Case(Moment.UP, EnumSet.of(Victim.SUPERVISOR, Victim.COMMAND)),
          new Case(Moment.STOP, EnumSet.of(Victim.KEEPER)),
          new Case(Moment.IDLE, EnumSet.of(Victim.SUPERVISOR, Victim.KEEPER)),
          new Case(Moment.RESTART, EnumSet.allOf(Victim.class)));
    }
    List<Victim> each = List.of(Victim.values());
    List<Case> all = new ArrayList<>();
    for (Moment moment : Moment.values()) {
      for (int set = 1; set < 1 << each.size(); set++) {
        EnumSet<Victim> victims = EnumSet.noneOf(Victim.class);
        for (int i = 0; i < each.size(); i++) {
          if ((set >> i & 1) == 1) {
            victims.add(each.get(i));
          }
        }
        all.add(new Case(moment, victims));
      }
    }
    return all;
  }

  private void up(Case one) {
    host.run("stop", "x").exits(0);
    host.delete("open");
    Running command = host.start("up");
    host.awaitStatus("x starts", view -> view.service("x").pid() > 0);
    long pid = host.status().service("x").pid();
    kill(one, command);
    host.write("open", "");
    host.up();
    assertThat(host.status().service("x").pid()).as("%s", one).isEqualTo(pid);
  }

  private void stop(Case one) {
    host.delete("open");
    long pid = host.status().service("x").pid();
    Running command = host.start("stop", "x");
    host.awaitStatus("x stops", view -> view.service("x").is("stopping"));
    kill(one, command);
    host.write("open", "");
    host.run("stop", "x").exits(0);
    assertThat(HostProcess.lives(pid)).as("%s", one).isFalse();
    assertThat(host.assertConsistent().service("x").wanted()).isEqualTo("down");
    host.run("start", "x").exits(0);
  }

  private void restart(Case one) {
    host.delete("open");
    long pid = host.status().service("x").pid();
    Running command = host.start("restart", "x");
    host.awaitStatus("x stops", view -> view.service("x").is("stopping"));
    kill(one, command);
    host.write("open", "");
    host.up();
    host.awaitStatus(
        "x runs again, anew",
        view -> view.service("x").is("running") && view.service("x").pid() != pid);
  }

  private void idle(Case one) {
    long pid = host.status().service("x").pid();
    Running command = host.start("status", "--watch");
    Until.holds("it shows", () -> command.printed().contains("w1"));
    kill(one, command);
    host.up();
    assertThat(host.status().service("x").pid()).as("%s", one).isEqualTo(pid);
    command.signal("KILL");
  }

  private void kill(Case one, Running command) {
    StatusView view = host.status();
    if (one.victims.contains(Victim.COMMAND)) {
      command.signal("KILL");
    }
    boolean both = one.victims.containsAll(Set.of(Victim.SUPERVISOR, Victim.KEEPER));
    if (both) {
      host.killBoth(view);
    } else if (one.victims.contains(Victim.SUPERVISOR)) {
      HostProcess.signal(view.supervisor(), "KILL");
    } else if (one.victims.contains(Victim.KEEPER)) {
      HostProcess.signal(view.keeper(), "KILL");
    }
    if (one.victims.contains(Victim.KEEPER)) {
      Until.holds("the keeper is gone", () -> !HostProcess.lives(view.keeper()));
    }
  }

  private List<HostProcess> running(String command) {
    return host.processes().stream()
        .filter(process -> process.command().matches(".*" + command + ".*"))
        .toList();
  }

  private void assertEveryLineOnce(String service, String stream) {
    List<String> lines = host.run("logs", "--raw", "--stream", stream, service).exits(0).lines();
    assertThat(lines).hasSizeGreaterThan(100);
    assertThat(lines)
        .isEqualTo(LongStream.rangeClosed(1, lines.size()).mapToObj(i -> "line-" + i).toList());
  }
}
