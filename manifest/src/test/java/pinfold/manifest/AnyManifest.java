package pinfold.manifest;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Provide;

/** Random valid manifests. */
abstract class AnyManifest {
  private static final String[] ODD = {
    "x", "a b", "ä ☃ 𝄞", "-", "null", "true", "12", "~", "~/x", "#", "a: b", "$HOME", "\"q\"",
    "'s'", "l\nm", "{", "%", "\u0085"
  };

  @Provide
  Arbitrary<Manifest> manifests() {
    return Arbitraries.longs().map(seed -> manifest(new Random(seed)));
  }

  @Provide
  Arbitrary<Service> services() {
    return Arbitraries.longs().map(seed -> service(new Random(seed), "api", List.of()));
  }

  static Manifest manifest(Random r) {
    Map<ServiceName, Service> all = new LinkedHashMap<>();
    int count = 1 + r.nextInt(6);
    for (int i = 0; i < count; i++) {
      Service service = service(r, "s" + i, new ArrayList<>(all.values()));
      all.put(service.name(), service);
    }
    return new Manifest(
        new ProjectName("p" + r.nextInt(9)), Path.of("/srv/shop/pinfold.yaml"), all);
  }

  static Service service(Random r, String name, List<Service> before) {
    ServiceBuilder b = Service.builder(new ServiceName(name), command(r), path(r));
    Map<String, String> variables = new LinkedHashMap<>();
    for (int i = r.nextInt(4); i > 0; i--) {
      variables.put(
          pick(r, "A", "vars", "file", "b.c", "PATH", "ä"),
          r.nextInt(5) == 0 ? "" : odd(r).replace("~", "t"));
    }
    List<Path> files = r.nextInt(3) == 0 ? List.of(path(r), path(r)) : List.of();
    EnvironmentSpec.Inherit inherit =
        switch (r.nextInt(3)) {
          case 0 -> new EnvironmentSpec.Inherit.Nothing();
          case 1 -> new EnvironmentSpec.Inherit.All();
          default -> new EnvironmentSpec.Inherit.Names(List.of("HOME", "X"));
        };
    boolean tty = r.nextBoolean();
    b.environment(new EnvironmentSpec(variables, files, inherit))
        .tty(tty)
        .essential(r.nextBoolean());
    b.stdin(
        switch (r.nextInt(tty ? 2 : 3)) { // what has a terminal reads that, never a file
          case 0 -> new Stdin.None();
          case 1 -> new Stdin.Open();
          default -> new Stdin.File(path(r));
        });
    b.limits(
        new Limits(
            r.nextBoolean()
                ? Map.of()
                : Map.of(
                    pick(r, Resource.values()),
                    new Rlimit(
                        r.nextInt(100), r.nextBoolean() ? Rlimit.INFINITY : 100 + r.nextInt(5))),
            r.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(r.nextInt(40) - 20)));
    b.success(
        new SuccessCodes(
            r.nextBoolean() ? Set.of(0) : Set.of(0, 1 + r.nextInt(255)),
            r.nextBoolean()
                ? Set.of()
                : Set.of(new Signal(1 + r.nextInt(31)), new Signal(34 + r.nextInt(31)))));
    RestartPolicy policy = pick(r, RestartPolicy.values());
    List<Dependency> on = new ArrayList<>();
    for (Service other : before) {
      if (r.nextInt(3) == 0) {
        Dependency.Condition condition =
            other.ready().isPresent()
                ? Dependency.Condition.READY
                : other.restartPolicy() == RestartPolicy.ALWAYS
                    ? Dependency.Condition.STARTED
                    : Dependency.Condition.COMPLETED;
        on.add(new Dependency(other.name(), condition, r.nextBoolean()));
      }
    }
    b.dependsOn(on).restartPolicy(policy);
    if (r.nextBoolean()) {
      Duration initial = time(r, 0);
      b.backoff(
          new Backoff(
              initial,
              1 + r.nextInt(99_000) / 1000.0,
              initial.plusMillis(r.nextInt(9_999)),
              r.nextInt(101) / 100.0));
    }
    if (r.nextBoolean()) {
      b.restartBudget(
          r.nextBoolean()
              ? new RestartBudget.Unlimited()
              : new RestartBudget.Limited(
                  r.nextInt(99), r.nextBoolean() ? Optional.empty() : Optional.of(time(r, 1))));
    }
    b.stopSignal(new Signal(1 + r.nextInt(31))).stopTimeout(time(r, 0));
    if (r.nextBoolean()) {
      b.reloadSignal(new Signal(1))
          .pidFile(path(r))
          .preStart(hook(r))
          .preStop(hook(r))
          .ready(probe(r, true))
          .live(probe(r, false));
    }
    Map<Hooks.Moment, Hook> hooks = new LinkedHashMap<>();
    for (Hooks.Moment moment : Hooks.Moment.values()) {
      if (r.nextInt(4) == 0) {
        hooks.put(moment, hook(r));
      }
    }
    b.hooks(new Hooks(hooks))
        .profiles(r.nextBoolean() ? Set.of() : new TreeSet<>(List.of("web", "a.b")));
    switch (r.nextInt(4)) {
      case 0 -> b.skip(new Skip.Always());
      case 1 -> b.skip(new Skip.When(command(r)));
      default -> {}
    }
    b.logs(
        new LogPolicy(
            pick(r, LogPolicy.Sink.values()),
            new Size(4096 + r.nextInt(1 << 20)),
            1 + r.nextInt(9),
            r.nextBoolean() ? Optional.empty() : Optional.of(time(r, 1)),
            pick(r, LogPolicy.Compress.values())));
    int port = 1 + r.nextInt(60_000);
    b.ports(
        r.nextBoolean()
            ? List.of()
            : List.of(
                new Port(
                    pick(r, "", "127.0.0.1", "::1", "localhost"),
                    port,
                    port + r.nextInt(5),
                    pick(r, Port.Protocol.values()))));
    return b.build();
  }

  private static Probe probe(Random r, boolean log) {
    Probe.Check check =
        switch (r.nextInt(log ? 5 : 4)) {
          case 0 -> new Probe.Http(URI.create("http://127.0.0.1:8080/health?a=b#c"));
          case 1 -> new Probe.Tcp(pick(r, "localhost", "::1", "10.0.0.1"), 1 + r.nextInt(65_535));
          case 2 -> new Probe.Exec(command(r));
          case 3 -> new Probe.Notify();
          default -> new Probe.Log(pick(r, "ready", "^a\\d+$", "\\$x", " "));
        };
    return new Probe(check, time(r, 1), time(r, 1), time(r, 0), 1 + r.nextInt(9));
  }

  private static Hook hook(Random r) {
    return new Hook(command(r), time(r, 1));
  }

  private static Command command(Random r) {
    return r.nextBoolean()
        ? new Command.Shell("run " + odd(r))
        : new Command.Argv(List.of("./p" + odd(r), odd(r), r.nextBoolean() ? "" : "${X:-y}"));
  }

  private static Path path(Random r) {
    return Path.of("/srv/" + odd(r).replace('\0', 'n') + "/d" + r.nextInt(9));
  }

  private static Duration time(Random r, int least) {
    return Duration.ofMillis(
        least + (r.nextBoolean() ? r.nextInt(2_000) : Math.abs(r.nextLong() % 3_000_000_000_000L)));
  }

  private static String odd(Random r) {
    return ODD[r.nextInt(ODD.length)] + ODD[r.nextInt(ODD.length)];
  }

  @SafeVarargs
  private static <T> T pick(Random r, T... of) {
    return of[r.nextInt(of.length)];
  }
}
