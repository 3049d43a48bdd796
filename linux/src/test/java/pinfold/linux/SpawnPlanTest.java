package pinfold.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SpawnPlanTest {
  private static final Map<Rlimit, Long> HARD =
      Map.of(Rlimit.NOFILE, 4096L, Rlimit.CORE, Limit.UNLIMITED);

  private static SpawnPlan compile(LaunchSpec.Builder builder) {
    return SpawnPlan.compile(builder.build(), HARD);
  }

  private static Step step(SpawnPlan plan, String name) {
    return plan.steps().stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
  }

  private static List<String> calls(SpawnPlan plan, String name) {
    return step(plan, name).calls().stream().map(Call::text).toList();
  }

  @Test
  void orderIsFixed() {
    SpawnPlan plan =
        compile(
            LaunchSpec.builder("/bin/true")
                .controllingTerminal(true)
                .noNewPrivileges(true)
                .cgroup(new LaunchSpec.CgroupJoin.ByPath("/sys/fs/cgroup/x")));
    assertThat(plan.steps().stream().map(Step::name))
        .containsExactly(
            "session",
            "signals",
            "descriptors",
            "terminal",
            "cgroup",
            "oom-score",
            "core-dumps",
            "limits",
            "scheduling",
            "umask",
            "directory",
            "no-new-privileges",
            "gate",
            "report",
            "exec");
  }

  @Test
  void whatIsNotAskedIsNotThere() {
    assertThat(compile(LaunchSpec.builder("/bin/true")).steps().stream().map(Step::name))
        .doesNotContain("terminal", "cgroup", "no-new-privileges");
  }

  @Test
  void everySignalButTwoIsReset() {
    assertThat(calls(compile(LaunchSpec.builder("/bin/true")), "signals"))
        .hasSize(63)
        .contains("rt_sigaction(SIGHUP, {SIG_DFL}, NULL, 8)  # may fail")
        .contains("rt_sigaction(SIGRTMIN+30, {SIG_DFL}, NULL, 8)  # may fail")
        .noneMatch(call -> call.contains("SIGKILL") || call.contains("SIGSTOP"))
        .last()
        .isEqualTo("rt_sigprocmask(SIG_SETMASK, [], NULL, 8)");
  }

  @Test
  void descriptorsArePlacedAndAllOthersClosed() {
    SpawnPlan plan = compile(LaunchSpec.builder("/bin/true").place("http", 0, 3).place("x", 1, 7));
    assertThat(calls(plan, "descriptors"))
        .containsExactly(
            "openat(AT_FDCWD, \"/dev/null\", O_RDWR|O_CLOEXEC) = {result 0}",
            "fcntl({result 0}, F_DUPFD_CLOEXEC, 256) = {result 1}",
            "dup3({result 1}, 0, 0)",
            "dup3({stdout pipe}, 1, 0)",
            "dup3({stderr pipe}, 2, 0)",
            "dup3({received 0}, 3, 0)",
            "dup3({received 1}, 7, 0)",
            "close_range(4, 6, CLOSE_RANGE_CLOEXEC)",
            "close_range(8, ~0U, CLOSE_RANGE_CLOEXEC)");
    assertThat(step(plan, "descriptors").text())
        .isEqualTo(
            "0: /dev/null, 1: {stdout pipe}, 2: {stderr pipe}, 3: http {received 0},"
                + " 7: x {received 1}; close all others");
  }

  @Test
  void mergedErrorsGoWhereOutputGoes() {
    SpawnPlan plan = compile(LaunchSpec.builder("/bin/true").stderr(new LaunchSpec.Merged()));
    assertThat(calls(plan, "descriptors"))
        .contains("dup3({stdout pipe}, 1, 0)", "dup3({stdout pipe}, 2, 0)");
  }

  @Test
  void limitsAreExplicitOrStandard() {
    SpawnPlan plan =
        compile(LaunchSpec.builder("/bin/true").limit(Rlimit.NPROC, new Limit(10, 20)));
    assertThat(calls(plan, "limits"))
        .containsExactly(
            "prlimit64(0, RLIMIT_CORE, {0:unlimited}, NULL)  # may fail",
            "prlimit64(0, RLIMIT_NPROC, {10:20}, NULL)",
            "prlimit64(0, RLIMIT_NOFILE, {1024:4096}, NULL)  # may fail");
  }

  @Test
  void pathIsSearchedLikeExecvp() {
    SpawnPlan plan = compile(LaunchSpec.builder("node").environment(Map.of("PATH", "/a::/a:/b")));
    assertThat(calls(plan, "exec"))
        .map(call -> call.replace(", [\"node\"], [\"PATH=/a::/a:/b\"]", ""))
        .startsWith(
            "faccessat2(AT_FDCWD, \"/a/node\", X_OK, AT_EACCESS)  # error: skip 2",
            "faccessat2(AT_FDCWD, \"/a/node/.\", F_OK, AT_EACCESS)  # 0: skip 1",
            "execve(\"/a/node\")",
            "faccessat2(AT_FDCWD, \"./node\", X_OK, AT_EACCESS)  # error: skip 2")
        .endsWith(
            "faccessat2(AT_FDCWD, \"/b/node\", F_OK, AT_EACCESS)  # error: skip 1",
            "execve(\"/b/node\")",
            "execve(\"/b/node\")")
        .hasSize(3 * 3 + 3 * 2 + 1);
  }

  @Test
  void placeholdersAreWhereTheChildWrites() {
    SpawnPlan plan =
        compile(
            LaunchSpec.builder("/bin/true")
                .environment(Map.of("A", "1"))
                .birthVariable("PINFOLD_BIRTH")
                .pidVariable("LISTEN_PID"));
    PlanWalk walk = new PlanWalk(plan.encode());
    int exec = walk.calls() - 1;
    assertThat(walk.strings(exec, 2)).containsExactly("A=1", "PINFOLD_BIRTH=", "LISTEN_PID=");
    assertThat(walk.idOffset()).isPositive();
    assertThat(walk.pidOffset()).isPositive();
    assertThat(walk.problems()).isEmpty();
  }

  @Test
  void failuresNameTheStepInWords() {
    SpawnPlan plan = compile(LaunchSpec.builder("/bin/true").directory("/x"));
    int index = 0;
    for (Step step : plan.steps()) {
      if (step.name().equals("directory")) {
        break;
      }
      index += step.calls().size();
    }
    SpawnPlan.Failure failure = plan.failure(index, Errno.ENOENT);
    assertThat(failure.step().name()).isEqualTo("directory");
    assertThat(failure.text())
        .isEqualTo("cannot change to directory \"/x\": No such file or directory (ENOENT)");
    int calls = plan.steps().stream().mapToInt(s -> s.calls().size()).sum();
    assertThat(plan.failure(calls - 1, Errno.ENOEXEC).text())
        .isEqualTo("cannot execute \"/bin/true\": Exec format error (ENOEXEC)");
    assertThatIllegalArgumentException().isThrownBy(() -> plan.failure(calls, Errno.EPERM));
    assertThatIllegalArgumentException().isThrownBy(() -> plan.failure(-1, Errno.EPERM));
  }

  @Test
  void whatLinuxCannotPassIsRefusedWhenBuilt() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LaunchSpec.builder("a\0b").build())
        .withMessage("program holds a NUL character");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LaunchSpec.builder("x").environment(Map.of("A", "\0")).build())
        .withMessage("variable A holds a NUL character");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LaunchSpec.builder("x").environment(Map.of("A=B", "")).build());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LaunchSpec.builder("x").arguments(List.of("é".repeat(65_536))).build())
        .withMessage("argument 0 is longer than 131071 bytes, the most that Linux passes");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LaunchSpec.builder("x").directory("relative").build());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LaunchSpec.builder("x").place("a", 0, 3).place("b", 1, 3).build());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LaunchSpec.builder("x").place("a", 0, 256).build());
    List<String> arguments = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      arguments.add(i + "x".repeat(120_000));
    }
    SpawnPlan plan = compile(LaunchSpec.builder("/bin/true").arguments(arguments));
    assertThatIllegalArgumentException()
        .isThrownBy(plan::encode)
        .withMessageContaining("more than 1048576");
  }

  @Property(tries = 200)
  void anyStringsComeBackFromTheEncodedPlan(
      @ForAll @Size(max = 20) @NotEmpty List<String> arguments,
      @ForAll @Size(max = 20) Map<String, String> variables) {
    List<String> argv = arguments.stream().map(SpawnPlanTest::passable).toList();
    TreeMap<String, String> environment = new TreeMap<>();
    variables.forEach(
        (name, value) -> environment.put("v" + passable(name).replace('=', '_'), passable(value)));
    SpawnPlan plan = compile(LaunchSpec.builder("/p").arguments(argv).environment(environment));
    PlanWalk walk = new PlanWalk(plan.encode());
    assertThat(walk.problems()).isEmpty();
    int exec = walk.calls() - 1;
    assertThat(walk.string(exec, 0)).isEqualTo("/p");
    assertThat(walk.strings(exec, 1)).isEqualTo(argv);
    List<String> expected = new ArrayList<>();
    environment.forEach((name, value) -> expected.add(name + "=" + value));
    assertThat(walk.strings(exec, 2)).isEqualTo(expected);
  }

  /** Without what no argument can hold: NUL, and halves of characters. */
  private static String passable(String text) {
    StringBuilder result = new StringBuilder();
    text.codePoints()
        .filter(c -> c != 0 && (c < 0xd800 || c > 0xdfff))
        .forEach(result::appendCodePoint);
    return result.toString();
  }

  @Test
  void numbersOfTheEncodedCallsAreThoseOfThisMachine() {
    SpawnPlan plan = compile(LaunchSpec.builder("/bin/true"));
    PlanWalk walk = new PlanWalk(plan.encode());
    List<Integer> expected =
        plan.steps().stream().flatMap(s -> s.calls().stream()).map(Call::number).toList();
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < walk.calls(); i++) {
      numbers.add(walk.number(i));
    }
    assertThat(numbers).isEqualTo(expected);
  }
}
