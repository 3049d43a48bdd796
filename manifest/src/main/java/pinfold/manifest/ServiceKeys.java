package pinfold.manifest;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The keys of a service. */
final class ServiceKeys {
  /** A dependency before it is known what the other service declares. */
  record Wanted(
      Position at, String service, Optional<Dependency.Condition> condition, boolean restart) {}

  /** A service before its dependencies are resolved. */
  record Draft(Position at, ServiceBuilder builder, List<Wanted> wanted) {}

  static final Shape<String> SERVICE_NAME =
      Shapes.name("a service", "[A-Za-z0-9][A-Za-z0-9_-]{0,62}");

  static final Key<RuntimeKind> RUNTIME =
      Key.of(
              "runtime",
              Shapes.words(Map.of("process", RuntimeKind.PROCESS), List.of("container", "microvm")),
              "Whose kernel and root the service runs on.")
          .or("process");
  static final Key<Command> COMMAND =
      Key.of(
              "command",
              Shapes.COMMAND,
              "What runs. A string goes to /bin/sh -c, a list is executed as it is.")
          .must()
          .alias("cmd", "run", "exec", "program", "script");
  static final Key<Path> WORKING_DIR =
      Key.of(
              "working_dir",
              Shapes.PATH,
              "The directory it runs in. Without it, the folder of the file that declares the service.")
          .alias("cwd", "workdir", "directory", "chdir");
  static final Key<EnvironmentKeys.Variables> ENV =
      Key.of(
              "env",
              EnvironmentKeys.ENV,
              "Environment variables: a map, or the older form {file, vars}. They win over env_file.")
          .alias("environment", "vars");
  static final Key<List<Path>> ENV_FILE =
      Key.of(
              "env_file",
              EnvironmentKeys.FILES,
              "Files of variables, read anew at every start and never stored; later ones win.")
          .alias("env_files", "environment_file");
  static final Key<EnvironmentSpec.Inherit> INHERIT_ENV =
      Key.of(
              "inherit_env",
              EnvironmentKeys.INHERIT,
              "What comes from the environment of the caller of `up`: nothing, all, or some names. It is sent with the request and never stored.")
          .or("false");
  static final Key<Boolean> TTY =
      Key.of(
              "tty",
              Shapes.BOOL,
              "A terminal of its own instead of pipes. What it prints on it is the log `stdout`; `attach` types, and sets the size of the window. `TERM` is `xterm` unless `env` says otherwise.")
          .or("false");
  static final Key<Stdin> STDIN =
      Key.of(
              "stdin",
              stdin(),
              "What it reads: nothing, a pipe that `attach` writes to (open), or a file.")
          .or("none");
  static final Key<SuccessCodes> SUCCESS =
      Key.of(
              "success_exit_codes",
              success(),
              "The ends that count as success for on-failure, completed and hooks: exactly these exit codes and signals. 128+n also stands for death by signal n.")
          .or("[0]");
  static final Key<List<Wanted>> DEPENDS_ON =
      Key.of(
              "depends_on",
              new Shape.Many<>(
                  "a list of names or of {service, condition, restart}", dependency(), 0),
              "What must hold before it starts: names, or {service, condition, restart}.")
          .alias("depends", "after", "requires", "needs");
  static final Key<RestartPolicy> RESTART_POLICY =
      Key.of(
              "restart_policy",
              RestartKeys.POLICY,
              "When it is started again after it ended by itself. An explicit stop holds until an explicit start.")
          .or("on-failure")
          .alias("restart", "autorestart");
  static final Key<Backoff> BACKOFF =
      Key.of(
              "backoff",
              RestartKeys.BACKOFF,
              "How long restarts wait: {initial: 100ms, factor: 2, max: 5m, jitter: 10%}, or just the first wait. After 10 s of life (ready, where `ready` is declared) it begins anew.")
          .or("100ms")
          .alias("restart_delay", "restart_sec");
  static final Key<RestartBudget> MAX_RESTARTS =
      Key.of(
              "max_restarts",
              RestartKeys.BUDGET,
              "N restarts, so N+1 runs; then it is failed until a person acts. Without it: unlimited for `always`, {count: 10, within: 15m} for `on-failure`.")
          .alias("startretries", "max_retries");
  static final Key<Signal> STOP_SIGNAL =
      Key.of("stop_signal", Shapes.SIGNAL, "The polite signal, sent to the main process.")
          .or("TERM")
          .alias("stopsignal", "kill_signal");
  static final Key<Duration> STOP_TIMEOUT =
      Key.of("stop_timeout", Shapes.DURATION, "After it, KILL for everything that is left.")
          .or("10s")
          .alias("stop_grace_period", "kill_timeout", "grace_period");
  static final Key<Signal> RELOAD_SIGNAL =
      Key.of(
          "reload_signal",
          Shapes.SIGNAL,
          "What `pinfold reload` sends. Without it the service cannot reload.");
  static final Key<Probe> READY =
      Key.of(
              "ready",
              ProbeKeys.READY,
              "What makes it ready: one of http, tcp, exec, log, notify. Losing it holds back new dependents and never restarts.")
          .alias("readiness", "healthcheck", "health_check", "readiness_probe");
  static final Key<Probe> LIVE =
      Key.of(
              "live",
              ProbeKeys.LIVE,
              "What shows that it still works: one of http, tcp, exec, notify. Failing restarts it and spends max_restarts.")
          .alias("liveness", "liveness_probe");
  static final Key<Path> PID_FILE =
      Key.of("pid_file", Shapes.PATH, "Where a daemon that forks away writes its pid.")
          .alias("pidfile");
  static final Key<Boolean> ESSENTIAL =
      Key.of(
              "essential",
              Shapes.BOOL,
              "`up --foreground` ends non-zero when it has failed for good.")
          .or("false");
  static final Key<Hook> PRE_START =
      Key.of(
          "pre_start",
          HookKeys.hook("5m"),
          "Part of each start: its failure fails the start. Its timeout is 5m where none is given.");
  static final Key<Hook> PRE_STOP =
      Key.of(
          "pre_stop",
          HookKeys.hook("30s"),
          "Runs before the stop signal. Its timeout is 30s where none is given.");
  static final Key<Hooks> HOOKS =
      Key.of(
          "hooks",
          HookKeys.SHAPE,
          "Commands beside the service; they never delay or fail it. Their timeout is 30s where none is given.");
  static final Key<List<String>> PROFILES =
      Key.of(
              "profiles",
              Shapes.oneOrMany(Shapes.name("a profile", "[A-Za-z0-9][A-Za-z0-9._-]{0,62}")),
              "Started only with `--profile` of one of these.")
          .alias("profile");
  static final Key<Optional<Skip>> SKIP =
      Key.of(
              "skip",
              skip(),
              "true, or a command that skips the start by exiting 0. What depends on it is skipped too.")
          .or("false");
  static final Key<LogPolicy> LOGS =
      Key.of("logs", LogKeys.SHAPE, "What becomes of its output.").alias("logging", "log");
  static final Key<List<Port>> PORTS =
      Key.of(
          "ports",
          new Shape.Many<>("a list of ports", PortShape.PORT, 0),
          "Where it answers. For a plain process this is information, not a mapping.");
  static final Key<Limits> LIMITS =
      Key.of(
              "limits",
              LimitKeys.SHAPE,
              "What it may use: limits of setrlimit(2) within the hard limits of the caller, and nice.")
          .alias("ulimits", "rlimits");

  /** In the order of the reference. */
  static final List<Key<?>> ALL =
      List.of(
          RUNTIME,
          COMMAND,
          TTY,
          STDIN,
          SUCCESS,
          WORKING_DIR,
          ENV,
          ENV_FILE,
          INHERIT_ENV,
          DEPENDS_ON,
          RESTART_POLICY,
          BACKOFF,
          MAX_RESTARTS,
          STOP_SIGNAL,
          STOP_TIMEOUT,
          RELOAD_SIGNAL,
          READY,
          LIVE,
          PID_FILE,
          ESSENTIAL,
          HOOKS,
          PRE_START,
          PRE_STOP,
          PROFILES,
          SKIP,
          LOGS,
          PORTS,
          LIMITS);

  /** What {@code defaults} may hold: what makes sense for every service. */
  static final List<Key<?>> SHARED =
      List.of(
          STDIN,
          SUCCESS,
          WORKING_DIR,
          ENV,
          ENV_FILE,
          INHERIT_ENV,
          RESTART_POLICY,
          BACKOFF,
          MAX_RESTARTS,
          STOP_SIGNAL,
          STOP_TIMEOUT,
          RELOAD_SIGNAL,
          HOOKS,
          LOGS,
          LIMITS);

  static final List<String> LATER =
      List.of(
          "entrypoint",
          "image",
          "cron",
          "replicas",
          "watch",
          "sockets",
          "deployment",
          "user",
          "group",
          "supplementary_groups",
          "capabilities",
          "isolation",
          "private_tmp",
          "private_devices",
          "no_new_privileges",
          "seccomp",
          "apparmor_profile",
          "selinux_context",
          "landlock",
          "init_mode",
          "volumes",
          "network",
          "security",
          "userns",
          "kernel",
          "engine",
          "vcpus",
          "memory",
          "disk",
          "ephemeral",
          "devices",
          "umask",
          "dynamic_user",
          "state_directory",
          "runtime_directory",
          "cache_directory",
          "logs_directory",
          "root_directory",
          "read_only_paths",
          "read_write_paths",
          "inaccessible_paths",
          "tmpfs",
          "binds",
          "protect_system",
          "protect_home",
          "protect_proc",
          "protect_kernel_tunables",
          "protect_kernel_modules",
          "protect_kernel_logs",
          "protect_clock",
          "protect_hostname",
          "protect_control_groups",
          "restrict_address_families",
          "restrict_namespaces",
          "memory_deny_write_execute",
          "restrict_suid_sgid",
          "lock_personality",
          "keyring",
          "securebits",
          "credentials",
          "inherit_sockets");

  static final Shape<Draft> SHAPE =
      new Shape.Keys<>("service", ALL, LATER, f -> Optional.of(draft(f)));

  private ServiceKeys() {}

  private static Draft draft(Fields f) {
    EnvironmentKeys.Variables env =
        f.own(ENV).orElse(new EnvironmentKeys.Variables(Map.of(), List.of()));
    List<Path> files = new ArrayList<>(env.files());
    files.addAll(f.own(ENV_FILE).orElse(List.of()));
    if (f.get(TTY) && f.get(STDIN) instanceof Stdin.File) {
      f.refuse(
          pinfold.contract.Code.CONTRADICTION,
          f.at(STDIN),
          f.in().subject() + " has a terminal and a file as its input",
          "with `tty: true` the terminal is what it reads");
    }
    ServiceBuilder builder =
        Service.builder(
                new ServiceName(f.in().member()),
                f.get(COMMAND),
                f.own(WORKING_DIR).orElseGet(() -> f.in().folder(f.at(COMMAND))))
            .runtime(f.get(RUNTIME))
            .environment(new EnvironmentSpec(env.variables(), files, f.get(INHERIT_ENV)))
            .tty(f.get(TTY))
            .stdin(f.get(STDIN))
            .limits(f.own(LIMITS).orElse(Limits.NONE))
            .success(f.get(SUCCESS))
            .restartPolicy(f.get(RESTART_POLICY))
            .backoff(f.get(BACKOFF))
            .stopSignal(f.get(STOP_SIGNAL))
            .stopTimeout(f.get(STOP_TIMEOUT))
            .essential(f.get(ESSENTIAL))
            .hooks(f.own(HOOKS).orElse(Hooks.NONE))
            .profiles(new TreeSet<>(f.own(PROFILES).orElse(List.of())))
            .logs(f.own(LOGS).orElse(LogPolicy.DEFAULT))
            .ports(f.own(PORTS).orElse(List.of()));
    f.own(MAX_RESTARTS).ifPresent(builder::restartBudget);
    f.own(RELOAD_SIGNAL).ifPresent(builder::reloadSignal);
    f.own(READY).ifPresent(builder::ready);
    f.own(LIVE).ifPresent(builder::live);
    f.own(PID_FILE).ifPresent(builder::pidFile);
    f.own(PRE_START).ifPresent(builder::preStart);
    f.own(PRE_STOP).ifPresent(builder::preStop);
    f.get(SKIP).ifPresent(builder::skip);
    return new Draft(f.at(), builder, f.own(DEPENDS_ON).orElse(List.of()));
  }

  private static Shape<Stdin> stdin() {
    Map<String, Stdin> words = new LinkedHashMap<>();
    words.put("none", new Stdin.None());
    words.put("open", new Stdin.Open());
    Key<Path> file = Key.of("file", Shapes.PATH, "Opened at each start.").must();
    Shape<Stdin> map =
        new Shape.Keys<>(
            "stdin", List.of(file), List.of(), f -> Optional.of(new Stdin.File(f.get(file))));
    return new Shape.Either<>(
        "none | open | {file: PATH}",
        List.of(Shapes.words(words, List.of())),
        List.of(),
        List.of(map));
  }

  private static Shape<Optional<Skip>> skip() {
    Shape<Optional<Skip>> scalar =
        new Shape.As<>(
            Shapes.COMMAND,
            command ->
                switch (command) {
                  case Command.Shell(String line) when line.equals("true") ->
                      Optional.of(new Skip.Always());
                  case Command.Shell(String line) when line.equals("false") -> Optional.empty();
                  case Command.Shell shell -> Optional.of(new Skip.When(shell));
                  case Command.Argv argv -> Optional.of(new Skip.When(argv));
                });
    return new Shape.Either<>(
        "true, false, or a command", List.of(scalar), List.of(scalar), List.of());
  }

  private record End(int number, boolean isSignal) {}

  private static Shape<SuccessCodes> success() {
    Shape<End> end =
        new Shape.One<>(
            "an exit code (0 to 255) or a signal's name",
            Shapes.scalarSchema(),
            (s, in) -> {
              if (!s.text().matches("-?\\d+")) {
                return new End(
                    Signal.parse(s.text())
                        .orElseThrow(() ->
                            new Refusal(
                                pinfold.contract.Code.UNKNOWN_VALUE,
                                "is neither an exit code nor a signal",
                                Nearest.hint(s.text(), Signal.NAMES).orElse("")))
                        .number(),
                    true);
              }
              if (!s.text().matches("\\d{1,3}") || Integer.parseInt(s.text()) > 255) {
                throw new Refusal(pinfold.contract.Code.OUT_OF_RANGE, "is not 0 to 255", "");
              }
              return new End(Integer.parseInt(s.text()), false);
            });
    return new Shape.As<>(
        Shapes.oneOrMany(end),
        ends -> {
          Set<Integer> codes = new TreeSet<>();
          Set<Signal> signals = new TreeSet<>();
          ends.forEach(e -> {
            if (e.isSignal()) {
              signals.add(new Signal(e.number()));
            } else {
              codes.add(e.number());
            }
          });
          return new SuccessCodes(codes, signals);
        });
  }

  private static Shape<Wanted> dependency() {
    Map<String, Dependency.Condition> conditions = new LinkedHashMap<>();
    for (Dependency.Condition condition : Dependency.Condition.values()) {
      conditions.put(condition.word(), condition);
    }
    Key<String> service =
        Key.of("service", SERVICE_NAME, "The service that is waited for.").must().alias("name");
    Key<Dependency.Condition> condition =
        Key.of(
            "condition",
            Shapes.words(conditions, List.of()),
            "What is waited for. Without it: ready if that service declares `ready`, else started.");
    Key<Boolean> restart =
        Key.of("restart", Shapes.BOOL, "Restart this service when that one restarts.").or("false");
    Shape<Wanted> map =
        new Shape.Keys<>(
            "depends_on",
            List.of(service, condition, restart),
            List.of(),
            f ->
                Optional.of(
                    new Wanted(f.at(service), f.get(service), f.own(condition), f.get(restart))));
    Shape<Wanted> plain =
        new Shape.One<>(
            "the name of a service",
            SERVICE_NAME.schema(),
            (s, in) -> {
              if (!ServiceName.valid(s.text())) {
                throw new Refusal(
                    pinfold.contract.Code.BAD_NAME, "cannot be the name of a service", "");
              }
              return new Wanted(s.at(), s.text(), Optional.empty(), false);
            });
    return new Shape.Either<>(
        "the name of a service, or {service, condition, restart}",
        List.of(plain),
        List.of(),
        List.of(map));
  }
}
