package pinfold.linux;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import pinfold.linux.Argument.Literal;
import pinfold.linux.Argument.Slot;
import pinfold.linux.Argument.Strings;
import pinfold.linux.Argument.Text;
import pinfold.linux.Argument.Words;
import pinfold.linux.PlanString.Suffix;

/**
 * Turns a specification into steps. The order is fixed: what makes the child a leader of its own
 * and clean comes first, then its descriptors, then the first act that others can see (the cgroup),
 * then what belongs to the process, and last the gate, behind which nothing but exec is left.
 */
final class PlanCompiler {
  private static final String DEFAULT_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  private static final int TIOCSCTTY = 0x540e;
  private static final int PR_SET_TIMERSLACK = 29;
  private static final int PR_SET_NO_NEW_PRIVS = 38;
  private static final int AT_EACCESS = 0x200;
  private static final long EXEC_REPORT = 0xffff_fffeL;
  private static final Literal NULL = new Literal(0, "NULL");
  private static final Literal HERE = new Literal(-100, "AT_FDCWD");

  // What is the same in every plan is made once: a project may have a thousand of them.
  private static final Step SESSION = session();
  private static final Step SIGNALS = signals();
  private static final Step OOM_SCORE = oomScore();
  private static final Step CORE_DUMPS = coreDumps();
  private static final Step GATE = gate();
  private static final Step REPORT = report();

  private PlanCompiler() {}

  static List<Step> steps(LaunchSpec spec, Map<Rlimit, Long> hard) {
    List<Step> steps = new ArrayList<>();
    steps.add(SESSION);
    steps.add(SIGNALS);
    steps.add(PlanDescriptors.step(spec));
    if (spec.controllingTerminal()) {
      String text = "make standard input the controlling terminal";
      steps.add(
          new Step(
              "terminal",
              text,
              List.of(
                  Call.must(
                      text,
                      Sys.IOCTL,
                      Literal.of(0),
                      new Literal(TIOCSCTTY, "TIOCSCTTY"),
                      Literal.of(0)))));
    }
    if (spec.cgroup().isPresent()) {
      steps.add(cgroup(spec.cgroup().get()));
    }
    steps.add(OOM_SCORE);
    steps.add(CORE_DUMPS);
    steps.add(limits(spec.limits(), hard));
    steps.add(scheduling(spec.nice()));
    String umask = "set umask " + octal(spec.umask());
    steps.add(
        new Step(
            "umask",
            umask,
            List.of(Call.must(umask, Sys.UMASK, new Literal(spec.umask(), octal(spec.umask()))))));
    String directory = "change to directory " + Quote.quote(spec.directory());
    steps.add(
        new Step(
            "directory",
            directory,
            List.of(Call.must(directory, Sys.CHDIR, new Text(spec.directory())))));
    if (spec.noNewPrivileges()) {
      String text = "give up gaining privileges by exec";
      steps.add(
          new Step(
              "no-new-privileges",
              text,
              List.of(
                  Call.must(
                      text,
                      Sys.PRCTL,
                      new Literal(PR_SET_NO_NEW_PRIVS, "PR_SET_NO_NEW_PRIVS"),
                      Literal.of(1),
                      Literal.of(0),
                      Literal.of(0),
                      Literal.of(0)))));
    }
    steps.add(GATE);
    steps.add(REPORT);
    steps.add(exec(spec));
    return steps;
  }

  private static Step session() {
    String text = "become leader of a session and process group of its own";
    return new Step("session", text, List.of(Call.must(text, Sys.SETSID)));
  }

  private static Step gate() {
    String text = "wait until the keeper has recorded the birth";
    Words buffer = new Words(List.of(0L), "{buffer}");
    return new Step(
        "gate",
        text,
        List.of(Call.equal(text, 1, Sys.READ, new Slot(Slot.GATE), buffer, Literal.of(1))));
  }

  private static Step report() {
    String text = "report that the program comes next";
    Words report = new Words(List.of(EXEC_REPORT), "{step: EXEC, errno: 0}");
    return new Step(
        "report",
        text,
        List.of(Call.equal(text, 8, Sys.WRITE, new Slot(Slot.REPORT), report, Literal.of(8))));
  }

  private static Step signals() {
    List<Call> calls = new ArrayList<>();
    Words standard = new Words(List.of(0L, 0L, 0L, 0L), "{SIG_DFL}");
    for (int number = 1; number <= Signal.LAST; number++) {
      Signal signal = new Signal(number);
      if (!signal.equals(Signal.KILL) && !signal.equals(Signal.STOP)) {
        calls.add(
            Call.may(
                "reset " + signal,
                Sys.RT_SIGACTION,
                new Literal(number, signal.toString()),
                standard,
                NULL,
                Literal.of(8)));
      }
    }
    calls.add(
        Call.must(
            "unblock all signals",
            Sys.RT_SIGPROCMASK,
            new Literal(2, "SIG_SETMASK"),
            new Words(List.of(0L), "[]"),
            NULL,
            Literal.of(8)));
    return new Step("signals", "reset every signal to its default and unblock all", calls);
  }

  private static Step cgroup(LaunchSpec.CgroupJoin join) {
    return switch (join) {
      case LaunchSpec.CgroupJoin.ByDescriptor(LaunchSpec.Received procs) -> {
        String text = "join the cgroup of received descriptor " + procs.index();
        yield new Step(
            "cgroup",
            text,
            List.of(
                Call.equal(
                    text,
                    1,
                    Sys.WRITE,
                    new Slot(Slot.FIRST + procs.index()),
                    new Text("0"),
                    Literal.of(1))));
      }
      case LaunchSpec.CgroupJoin.ByPath(String path) -> {
        String text = "join cgroup " + Quote.quote(path);
        yield new Step(
            "cgroup",
            text,
            List.of(
                Call.store(text, 0, Sys.OPENAT, HERE, new Text(path + "/cgroup.procs"), write()),
                Call.equal(
                    text, 1, Sys.WRITE, new Argument.Result(0), new Text("0"), Literal.of(1))));
      }
    };
  }

  /** Lowering below what the user started with needs a privilege; then it stays as it is. */
  private static Step oomScore() {
    String text = "set OOM score adjustment 0";
    return new Step("oom-score", text, own(text, "oom_score_adj", "0"));
  }

  /** What the kernel starts with (core(5)). */
  private static Step coreDumps() {
    String text = "put the ordinary kinds of memory into core dumps";
    return new Step("core-dumps", text, own(text, "coredump_filter", "0x33"));
  }

  /** Writes to a file of the child's own below /proc, where that may be written. */
  private static List<Call> own(String text, String file, String value) {
    return List.of(
        Call.of(
            text,
            Sys.OPENAT,
            Call.Mode.SKIP_ERROR,
            0,
            1,
            0,
            HERE,
            new Text("/proc/self/" + file),
            write()),
        Call.may(
            text, Sys.WRITE, new Argument.Result(0), new Text(value), Literal.of(value.length())));
  }

  private static Step limits(Map<Rlimit, Limit> wanted, Map<Rlimit, Long> hard) {
    List<Call> calls = new ArrayList<>();
    StringBuilder named = new StringBuilder();
    for (Rlimit limit : Rlimit.values()) {
      Limit explicit = wanted.get(limit);
      Long highest = hard.get(limit);
      if (explicit != null) {
        named.append(named.isEmpty() ? "" : ", ").append(limit.key()).append(' ');
        named.append(explicit.text());
        calls.add(limit(limit, explicit, Call.Mode.MUST));
      } else if (highest != null) {
        calls.add(limit(limit, Rlimits.standard(limit, highest), Call.Mode.MAY));
      }
    }
    return new Step(
        "limits",
        named.isEmpty()
            ? "set every limit to its standard value"
            : "set limits " + named + "; all others to their standard values",
        calls);
  }

  private static Call limit(Rlimit limit, Limit value, Call.Mode mode) {
    return Call.of(
        "set limit " + limit.key() + " to " + value.text(),
        Sys.PRLIMIT64,
        mode,
        -1,
        0,
        0,
        Literal.of(0),
        new Literal(limit.number(), "RLIMIT_" + limit.name()),
        new Words(
            List.of(Limit.kernel(value.soft()), Limit.kernel(value.hard())),
            "{" + value.text() + "}"),
        NULL);
  }

  private static Step scheduling(int nice) {
    String set = "set nice " + nice;
    return new Step(
        "scheduling",
        set + ", the ordinary scheduler, I/O class and timer slack, all processors, local memory",
        List.of(
            Call.may(
                "take the ordinary scheduler",
                Sys.SCHED_SETSCHEDULER,
                Literal.of(0),
                new Literal(0, "SCHED_OTHER"),
                new Words(List.of(0L), "{0}")),
            Call.of(
                set,
                Sys.SETPRIORITY,
                nice == 0 ? Call.Mode.MAY : Call.Mode.MUST,
                -1,
                0,
                0,
                new Literal(0, "PRIO_PROCESS"),
                Literal.of(0),
                Literal.of(nice)),
            Call.may(
                "take the ordinary I/O class",
                Sys.IOPRIO_SET,
                new Literal(1, "IOPRIO_WHO_PROCESS"),
                Literal.of(0),
                Literal.of(0)),
            Call.may(
                "use all processors",
                Sys.SCHED_SETAFFINITY,
                Literal.of(0),
                Literal.of(128),
                new Words(Collections.nCopies(16, -1L), "{all}")),
            Call.may("use local memory", Sys.SET_MEMPOLICY, Literal.of(0), NULL, Literal.of(0)),
            Call.may(
                "take the standard timer slack",
                Sys.PRCTL,
                new Literal(PR_SET_TIMERSLACK, "PR_SET_TIMERSLACK"),
                Literal.of(0),
                Literal.of(0),
                Literal.of(0),
                Literal.of(0)),
            Call.may("take the ordinary personality", Sys.PERSONALITY, Literal.of(0))));
  }

  /**
   * A name without a slash is searched as execvp(3) does, in the child: the first file that may be
   * executed and is no directory is executed, and its error is the error. Where there is none, the
   * first that exists is executed for its error (EACCES); where nothing exists, ENOENT.
   */
  private static Step exec(LaunchSpec spec) {
    List<PlanString> variables = new ArrayList<>();
    spec.environment().forEach((name, value) -> variables.add(PlanString.of(name + "=" + value)));
    spec.birthVariable().ifPresent(name -> variables.add(new PlanString(name + "=", Suffix.BIRTH)));
    spec.pidVariable().ifPresent(name -> variables.add(new PlanString(name + "=", Suffix.PID)));
    Strings environment = new Strings(variables);
    Strings arguments = new Strings(spec.arguments().stream().map(PlanString::of).toList());
    String program = spec.program();
    if (program.indexOf('/') >= 0) {
      String text = "execute " + Quote.quote(program);
      return new Step(
          "exec",
          text,
          List.of(Call.must(text, Sys.EXECVE, new Text(program), arguments, environment)));
    }
    String path = Optional.ofNullable(spec.environment().get("PATH")).orElse(DEFAULT_PATH);
    String text = "execute " + Quote.quote(program) + ", searched in PATH " + Quote.quote(path);
    List<String> candidates = new ArrayList<>();
    for (String directory : path.split(":", -1)) {
      String candidate = directory.isEmpty() ? "./" + program : directory + "/" + program;
      if (!candidates.contains(candidate)) {
        candidates.add(candidate);
      }
    }
    List<Call> calls = new ArrayList<>();
    for (String candidate : candidates) {
      String look = "look for " + Quote.quote(candidate);
      calls.add(access(look, candidate, 1, Call.Mode.SKIP_ERROR, 2));
      calls.add(access(look, candidate + "/.", 0, Call.Mode.SKIP_ZERO, 1));
      calls.add(
          Call.must(
              "execute " + Quote.quote(candidate),
              Sys.EXECVE,
              new Text(candidate),
              arguments,
              environment));
    }
    for (String candidate : candidates) {
      String look = "look for " + Quote.quote(candidate);
      calls.add(access(look, candidate, 0, Call.Mode.SKIP_ERROR, 1));
      calls.add(
          Call.must(
              "execute " + Quote.quote(candidate),
              Sys.EXECVE,
              new Text(candidate),
              arguments,
              environment));
    }
    calls.add(Call.must(text, Sys.EXECVE, new Text(candidates.getLast()), arguments, environment));
    return new Step("exec", text, calls);
  }

  private static Call access(String action, String path, int bits, Call.Mode mode, int skip) {
    return Call.of(
        action,
        Sys.FACCESSAT2,
        mode,
        -1,
        skip,
        0,
        HERE,
        new Text(path),
        new Literal(bits, bits == 0 ? "F_OK" : "X_OK"),
        new Literal(AT_EACCESS, "AT_EACCESS"));
  }

  private static Literal write() {
    return new Literal(0x8_0001, "O_WRONLY|O_CLOEXEC");
  }

  private static String octal(int value) {
    return value == 0 ? "0" : "0" + Integer.toOctalString(value);
  }
}
