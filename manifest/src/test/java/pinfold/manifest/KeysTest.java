package pinfold.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static pinfold.manifest.Texts.api;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every key, and every default. */
class KeysTest {
  record Row(String key, Function<Service, Object> part, Object expected) {
    @Override
    public String toString() {
      return key;
    }
  }

  private static Row row(String key, Function<Service, Object> part, Object expected) {
    return new Row(key, part, expected);
  }

  private static Hook hook(String line, long seconds) {
    return new Hook(new Command.Shell(line), Duration.ofSeconds(seconds));
  }

  private static Probe ready(Probe.Check check) {
    return new Probe(check, Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ZERO, 3);
  }

  static List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    rows.add(row("runtime: process", Service::runtime, RuntimeKind.PROCESS));
    rows.add(row("tty: true", Service::tty, true));
    rows.add(row("stdin: open", Service::stdin, new Stdin.Open()));
    rows.add(row("stdin: none", Service::stdin, new Stdin.None()));
    rows.add(
        row("stdin: {file: in.txt}", Service::stdin, new Stdin.File(Path.of("/srv/shop/in.txt"))));
    rows.add(
        row(
            "success_exit_codes: [0, 143, SIGINT]",
            Service::success,
            new SuccessCodes(Set.of(0, 143), Set.of(new Signal(2)))));
    rows.add(row("success_exit_codes: 3", Service::success, new SuccessCodes(Set.of(3), Set.of())));
    rows.add(row("working_dir: ./sub/../x", Service::workingDir, Path.of("/srv/shop/x")));
    rows.add(row("working_dir: ~/x", Service::workingDir, Path.of("/home/ann/x")));
    rows.add(row("working_dir: ~", Service::workingDir, Path.of("/home/ann")));
    rows.add(row("working_dir: /abs", Service::workingDir, Path.of("/abs")));
    rows.add(
        row(
            "env: {PORT: \"8080\", N: 5, T: true, E: \"\", H: ~/x, F: 1.50}",
            s -> s.environment().variables(),
            Map.of(
                "PORT", "8080", "N", "5", "T", "true", "E", "", "H", "/home/ann/x", "F", "1.50")));
    rows.add(
        row(
            "env: {file: a.env, vars: {A: b}}",
            Service::environment,
            new EnvironmentSpec(
                Map.of("A", "b"),
                List.of(Path.of("/srv/shop/a.env")),
                new EnvironmentSpec.Inherit.Nothing())));
    rows.add(
        row(
            "env: {file: a.env}",
            s -> s.environment().files(),
            List.of(Path.of("/srv/shop/a.env"))));
    rows.add(
        row(
            "env: {file: x, A: b}",
            s -> s.environment().variables(),
            Map.of("file", "x", "A", "b")));
    rows.add(row("env: {vars: x}", s -> s.environment().variables(), Map.of("vars", "x")));
    rows.add(
        row(
            "env_file: [.env.api, ~/b]",
            s -> s.environment().files(),
            List.of(Path.of("/srv/shop/.env.api"), Path.of("/home/ann/b"))));
    rows.add(row("env_file: one", s -> s.environment().files(), List.of(Path.of("/srv/shop/one"))));
    rows.add(
        row(
            "inherit_env: true",
            s -> s.environment().inherit(),
            new EnvironmentSpec.Inherit.All()));
    rows.add(
        row(
            "inherit_env: [SSH_AUTH_SOCK, X]",
            s -> s.environment().inherit(),
            new EnvironmentSpec.Inherit.Names(List.of("SSH_AUTH_SOCK", "X"))));
    rows.add(
        row(
            "depends_on: [db, {service: job, condition: completed, restart: true}]",
            Service::dependsOn,
            List.of(
                new Dependency(new ServiceName("db"), Dependency.Condition.READY, false),
                new Dependency(new ServiceName("job"), Dependency.Condition.COMPLETED, true))));
    rows.add(
        row(
            "depends_on: [{service: db, condition: started}]",
            Service::dependsOn,
            List.of(new Dependency(new ServiceName("db"), Dependency.Condition.STARTED, false))));
    rows.add(row("restart_policy: always", Service::restartPolicy, RestartPolicy.ALWAYS));
    rows.add(row("restart_policy: always", Service::restartBudget, new RestartBudget.Unlimited()));
    rows.add(row("restart_policy: never", Service::restartPolicy, RestartPolicy.NEVER));
    rows.add(
        row(
            "backoff: 5s",
            Service::backoff,
            new Backoff(Duration.ofSeconds(5), 2, Duration.ofMinutes(5), 0.1)));
    rows.add(
        row(
            "backoff: 10m",
            Service::backoff,
            new Backoff(Duration.ofMinutes(10), 2, Duration.ofMinutes(10), 0.1)));
    rows.add(
        row(
            "backoff: {initial: 1s, factor: 1.5, max: 1m, jitter: 20%}",
            Service::backoff, new Backoff(Duration.ofSeconds(1), 1.5, Duration.ofMinutes(1), 0.2)));
    rows.add(
        row(
            "backoff: {jitter: 0.25}",
            Service::backoff,
            new Backoff(Duration.ofMillis(100), 2, Duration.ofMinutes(5), 0.25)));
    rows.add(
        row(
            "max_restarts: 8",
            Service::restartBudget,
            new RestartBudget.Limited(8, Optional.empty())));
    rows.add(
        row(
            "max_restarts: {count: 8, within: 15m}",
            Service::restartBudget,
            new RestartBudget.Limited(8, Optional.of(Duration.ofMinutes(15)))));
    rows.add(row("max_restarts: unlimited", Service::restartBudget, new RestartBudget.Unlimited()));
    rows.add(row("stop_signal: SIGQUIT", Service::stopSignal, new Signal(3)));
    rows.add(row("stop_signal: 2", Service::stopSignal, new Signal(2)));
    rows.add(row("stop_timeout: 0", Service::stopTimeout, Duration.ZERO));
    rows.add(row("reload_signal: HUP", Service::reloadSignal, Optional.of(new Signal(1))));
    rows.add(
        row(
            "ready: {http: \"http://127.0.0.1:8080/health\", interval: 3s, timeout: 4s, start_period: 30s, failures: 5}",
            Service::ready,
            Optional.of(
                new Probe(
                    new Probe.Http(URI.create("http://127.0.0.1:8080/health")),
                    Duration.ofSeconds(3),
                    Duration.ofSeconds(4),
                    Duration.ofSeconds(30),
                    5))));
    rows.add(
        row(
            "ready: {tcp: \"[::1]:80\"}",
            Service::ready,
            Optional.of(ready(new Probe.Tcp("::1", 80)))));
    rows.add(
        row(
            "ready: {tcp: localhost:80}",
            Service::ready,
            Optional.of(ready(new Probe.Tcp("localhost", 80)))));
    rows.add(
        row(
            "ready: {exec: [./check, \"\"]}",
            Service::ready,
            Optional.of(ready(new Probe.Exec(new Command.Argv(List.of("./check", "")))))));
    rows.add(
        row(
            "ready: {log: \"^listening\"}",
            Service::ready,
            Optional.of(ready(new Probe.Log("^listening")))));
    rows.add(row("ready: {notify: true}", Service::ready, Optional.of(ready(new Probe.Notify()))));
    rows.add(
        row(
            "live: {exec: ./check}",
            Service::live,
            Optional.of(
                new Probe(
                    new Probe.Exec(new Command.Shell("./check")),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(2),
                    Duration.ZERO,
                    3))));
    rows.add(
        row(
            "pid_file: run/api.pid",
            Service::pidFile,
            Optional.of(Path.of("/srv/shop/run/api.pid"))));
    rows.add(row("essential: true", Service::essential, true));
    rows.add(row("pre_start: ./migrate", Service::preStart, Optional.of(hook("./migrate", 300))));
    rows.add(
        row(
            "pre_start: {command: ./migrate, timeout: 1s}",
            Service::preStart,
            Optional.of(hook("./migrate", 1))));
    rows.add(
        row(
            "pre_stop: [./drain, now]",
            Service::preStop,
            Optional.of(
                new Hook(new Command.Argv(List.of("./drain", "now")), Duration.ofSeconds(30)))));
    rows.add(
        row(
            "hooks: {on_start: {success: {command: a, timeout: 5s}, error: b}, on_stop: {success: c}, on_restart: {error: d}, on_failure: e, on_ready: {command: f}}",
            Service::hooks,
            new Hooks(
                Map.of(
                    Hooks.Moment.START_SUCCESS,
                    hook("a", 5),
                    Hooks.Moment.START_ERROR,
                    hook("b", 30),
                    Hooks.Moment.STOP_SUCCESS,
                    hook("c", 30),
                    Hooks.Moment.RESTART_ERROR,
                    hook("d", 30),
                    Hooks.Moment.FAILURE,
                    hook("e", 30),
                    Hooks.Moment.READY,
                    hook("f", 30)))));
    rows.add(row("profiles: [web, full]", Service::profiles, Set.of("full", "web")));
    rows.add(row("profiles: web", Service::profiles, Set.of("web")));
    rows.add(row("skip: true", Service::skip, Optional.of(new Skip.Always())));
    rows.add(row("skip: false", Service::skip, Optional.empty()));
    rows.add(
        row(
            "skip: test -f maintenance",
            Service::skip,
            Optional.of(new Skip.When(new Command.Shell("test -f maintenance")))));
    rows.add(
        row(
            "skip: [test, -f, x]",
            Service::skip,
            Optional.of(new Skip.When(new Command.Argv(List.of("test", "-f", "x"))))));
    rows.add(
        row(
            "logs: {max_size: 50M, max_files: 10, max_age: 14d, compress: none, sink: none}",
            Service::logs,
            new LogPolicy(
                LogPolicy.Sink.NONE,
                new Size(50 << 20),
                10,
                Optional.of(Duration.ofDays(14)),
                LogPolicy.Compress.NONE)));
    rows.add(
        row(
            "ports: [8080, \"127.0.0.1:5432:5432\", \"[::1]:53/udp\", \"9000-9010\"]",
            Service::ports,
            List.of(
                new Port("", 8080, 8080, Port.Protocol.TCP),
                new Port("127.0.0.1", 5432, 5432, Port.Protocol.TCP),
                new Port("::1", 53, 53, Port.Protocol.UDP),
                new Port("", 9000, 9010, Port.Protocol.TCP))));
    rows.add(
        row(
            "limits: {nofile: \"1024:65536\", memlock: 100M, core: 0, cpu: 1m, rttime: 500, stack: unlimited, nproc: \"5:unlimited\", nice: 5}",
            Service::limits,
            new Limits(
                Map.of(
                    Resource.NOFILE,
                    new Rlimit(1024, 65_536),
                    Resource.MEMLOCK,
                    new Rlimit(100 << 20, 100 << 20),
                    Resource.CORE,
                    new Rlimit(0, 0),
                    Resource.CPU,
                    new Rlimit(60, 60),
                    Resource.RTTIME,
                    new Rlimit(500, 500),
                    Resource.STACK,
                    new Rlimit(-1, -1),
                    Resource.NPROC,
                    new Rlimit(5, -1)),
                OptionalInt.of(5))));
    rows.add(
        row(
            "limits: {rttime: 2s}",
            Service::limits,
            new Limits(
                Map.of(Resource.RTTIME, new Rlimit(2_000_000, 2_000_000)), OptionalInt.empty())));
    rows.add(row("x-mine: {anything: [1]}", Service::tty, false));
    return rows;
  }

  @ParameterizedTest
  @MethodSource("rows")
  void means(Row row) {
    assertThat(row.part.apply(api(row.key))).isEqualTo(row.expected);
  }

  @Test
  void everyKeyIsTried() {
    List<String> tried = rows().stream().map(r -> r.key.replaceFirst(":.*", "")).toList();
    assertThat(tried)
        .containsAll(
            ServiceKeys.ALL.stream().map(k -> k.name()).filter(n -> !n.equals("command")).toList());
  }

  @Test
  void commands() {
    Manifest manifest =
        Texts.valid(
            "services: {a: {command: \"./api --port 8080\"}, b: {command: [sleep, 5, true]}, c: {command: true}}");
    assertThat(Texts.service("a", manifest).command().argv())
        .containsExactly("/bin/sh", "-c", "./api --port 8080");
    assertThat(Texts.service("b", manifest).command())
        .isEqualTo(new Command.Argv(List.of("sleep", "5", "true")));
    assertThat(Texts.service("c", manifest).command()).isEqualTo(new Command.Shell("true"));
  }

  /** Changing a default changes what people's files mean: this table is meant to break. */
  @Test
  void theDefaults() {
    StringBuilder table = new StringBuilder();
    KeyTable.tables()
        .forEach((name, keys) ->
            keys.keys()
                .forEach(key ->
                    key.fallback()
                        .ifPresent(v ->
                            table.append(
                                name.equals("defaults")
                                    ? ""
                                    : name + "." + key.name() + "=" + v + "\n"))));
    assertThat(table)
        .hasToString(
            """
            manifest.version=1
            backoff.initial=100ms
            backoff.factor=2
            backoff.max=5m
            backoff.jitter=10%
            hook.timeout=30s
            logs.sink=file
            logs.max_size=10M
            logs.max_files=5
            logs.compress=zstd
            limits.nice=0
            service.runtime=process
            service.tty=false
            service.stdin=none
            service.success_exit_codes=[0]
            service.inherit_env=false
            service.restart_policy=on-failure
            service.backoff=100ms
            service.stop_signal=TERM
            service.stop_timeout=10s
            service.essential=false
            service.skip=false
            depends_on.restart=false
            ready.interval=1s
            ready.timeout=2s
            ready.start_period=0s
            ready.failures=3
            live.interval=10s
            live.timeout=2s
            live.start_period=0s
            live.failures=3
            """);
  }

  @Test
  void aServiceWithNothingButACommandIsWhatTheBuilderMakes() {
    Service service = Texts.service("api", Texts.valid("services: {api: {command: x}}"));
    assertThat(service)
        .isEqualTo(
            Service.builder(new ServiceName("api"), new Command.Shell("x"), Path.of("/srv/shop"))
                .build());
    assertThat(service.restartBudget())
        .isEqualTo(new RestartBudget.Limited(10, Optional.of(Duration.ofMinutes(15))));
    assertThat(service.backoff())
        .isEqualTo(new Backoff(Duration.ofMillis(100), 2, Duration.ofMinutes(5), 0.1));
    assertThat(Backoff.RESET_AFTER).isEqualTo(Duration.ofSeconds(10));
    assertThat(service.logs()).isEqualTo(LogPolicy.DEFAULT);
  }

  @Test
  void theProjectIsNamedAfterTheFolder() {
    assertThat(Texts.valid("services: {a: {command: x}}").project()).hasToString("shop");
    assertThat(Texts.valid("project: 2024\nservices: {a: {command: x}}").project())
        .hasToString("2024");
    assertThat(ProjectName.ofFolder("..my shop ä!")).hasToString("my-shop---");
    assertThat(ProjectName.ofFolder("")).hasToString("project");
  }

  @Test
  void defaultsAreMerged() {
    Manifest manifest =
        Texts.valid(
            """
            defaults:
              env: {A: base, B: base}
              env_file: base.env
              logs: {max_files: 2, max_size: 1M}
              limits: {nofile: 64, nice: 3}
              restart_policy: always
              stop_timeout: 1s
            services:
              own:
                command: x
                env: {file: own.env, vars: {B: own}}
                logs: {max_files: 9}
                limits: {nofile: 128}
                restart_policy: never
              bare: {command: y}
            """);
    Service own = Texts.service("own", manifest);
    assertThat(own.environment().variables())
        .containsExactlyInAnyOrderEntriesOf(Map.of("A", "base", "B", "own"));
    assertThat(own.environment().files())
        .containsExactly(Path.of("/srv/shop/own.env"), Path.of("/srv/shop/base.env"));
    assertThat(own.logs())
        .isEqualTo(
            new LogPolicy(
                LogPolicy.Sink.FILE,
                new Size(1 << 20),
                9,
                Optional.empty(),
                LogPolicy.Compress.ZSTD));
    assertThat(own.limits())
        .isEqualTo(new Limits(Map.of(Resource.NOFILE, new Rlimit(128, 128)), OptionalInt.of(3)));
    assertThat(own.restartPolicy()).isEqualTo(RestartPolicy.NEVER);
    Service bare = Texts.service("bare", manifest);
    assertThat(bare.restartPolicy()).isEqualTo(RestartPolicy.ALWAYS);
    assertThat(bare.restartBudget()).isEqualTo(new RestartBudget.Unlimited());
    assertThat(bare.stopTimeout()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void projectsAreReadAsIfEachHadAFileOfItsOwn() {
    Parsed parsed =
        Texts.read(
            """
            version: 1
            defaults: {env: {A: file, B: file}, stop_timeout: 1s}
            projects:
              shop:
                defaults: {env: {B: shop}, restart_policy: always}
                services:
                  api: {command: ./api, depends_on: [db]}
                  db: {command: ./db, ready: {notify: true}}
              blog:
                services:
                  api: {command: ./blog, env: {A: own}}
            """);
    assertThat(parsed.render()).isEmpty();
    assertThat(parsed.manifest()).isEmpty();
    assertThat(parsed.projects()).extracting(Parsed.Project::name).containsExactly("shop", "blog");
    Manifest shop = parsed.projects().getFirst().manifest();
    Manifest blog = parsed.projects().getLast().manifest();
    assertThat(shop.file()).isEqualTo(Texts.FILE).isEqualTo(blog.file());
    assertThat(shop.services()).hasSize(2);
    assertThat(blog.services()).hasSize(1);
    Service api = Texts.service("api", shop);
    assertThat(api.environment().variables()).isEqualTo(Map.of("A", "file", "B", "shop"));
    assertThat(api.restartPolicy()).isEqualTo(RestartPolicy.ALWAYS);
    assertThat(api.dependsOn())
        .containsExactly(new Dependency(new ServiceName("db"), Dependency.Condition.READY, false));
    Service other = Texts.service("api", blog);
    assertThat(other.environment().variables()).isEqualTo(Map.of("A", "own", "B", "file"));
    assertThat(other.restartPolicy()).isEqualTo(RestartPolicy.ON_FAILURE);
    assertThat(other.stopTimeout()).isEqualTo(Duration.ofSeconds(1));
    for (Parsed.Project project : parsed.projects()) {
      Parsed back = Canonical.read(Canonical.json(project.manifest(), project.positions()));
      assertThat(back.manifest()).contains(project.manifest());
    }
    assertThat(parsed.projects().getLast().positions())
        .hasEntrySatisfying(
            "/services/api/command",
            at -> assertThat(at).hasToString("/srv/shop/pinfold.yaml:11:22"))
        .allSatisfy((pointer, _) -> assertThat(pointer).startsWith("/"));
  }

  @Test
  void anchorsMergeKeysAndExtensionsWork() {
    Manifest manifest =
        Texts.valid(
            """
            x-base: &base {command: base, tty: true, env: &env {A: a}}
            x-more: &more {essential: true, command: more}
            services:
              one: {<<: *base}
              two: {<<: [*base, *more], command: two}
              three: {command: x, env: {<<: *env, B: b}, "x-note": y}
            """);
    assertThat(Texts.service("one", manifest).command()).isEqualTo(new Command.Shell("base"));
    assertThat(Texts.service("two", manifest).command()).isEqualTo(new Command.Shell("two"));
    assertThat(Texts.service("two", manifest).tty()).isTrue();
    assertThat(Texts.service("two", manifest).essential()).isTrue();
    assertThat(Texts.service("three", manifest).environment().variables())
        .isEqualTo(Map.of("A", "a", "B", "b"));
  }
}
