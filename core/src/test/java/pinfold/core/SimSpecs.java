package pinfold.core;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import pinfold.manifest.Backoff;
import pinfold.manifest.Dependency;
import pinfold.manifest.Dependency.Condition;
import pinfold.manifest.Hook;
import pinfold.manifest.Hooks;
import pinfold.manifest.Manifest;
import pinfold.manifest.Probe;
import pinfold.manifest.RestartBudget;
import pinfold.manifest.RestartPolicy;
import pinfold.manifest.Service;
import pinfold.manifest.ServiceName;
import pinfold.manifest.Signal;
import pinfold.manifest.Skip;

/** Random specifications and graphs. */
final class SimSpecs {
  private static final String[] NAMES = {"a", "b", "c", "d", "e", "f", "g"};

  private final Random random;

  SimSpecs(Random random) {
    this.random = random;
  }

  Manifest manifest() {
    int count = 2 + random.nextInt(NAMES.length - 1);
    List<Service> services = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      services.add(service(NAMES[i], i));
    }
    return Desk.manifest(services.toArray(Service[]::new));
  }

  /** The same with some services changed, removed or added. */
  Manifest edited(Manifest manifest) {
    if (random.nextInt(4) == 0) {
      return manifest();
    }
    List<Service> services = new ArrayList<>();
    for (Service service : manifest.services().values()) {
      services.add(
          switch (random.nextInt(6)) {
            case 0 ->
                service.toBuilder()
                    .command(new pinfold.manifest.Command.Shell("exec v" + random.nextInt(1000)))
                    .build();
            case 1 ->
                service.toBuilder().stopTimeout(Duration.ofSeconds(random.nextInt(1, 9))).build();
            case 2 -> service.toBuilder().ready(probe(false)).build();
            default -> service;
          });
    }
    return Desk.manifest(services.toArray(Service[]::new));
  }

  ApplyOptions options(Manifest manifest) {
    Set<ServiceName> only =
        random.nextInt(3) == 0
            ? Set.of(
                List.copyOf(manifest.services().keySet())
                    .get(random.nextInt(manifest.services().size())))
            : Set.of();
    return new ApplyOptions(
        only,
        random.nextBoolean() ? Set.of("extra") : Set.of(),
        random.nextInt(8) == 0,
        random.nextInt(4) != 0,
        false,
        random.nextInt(6) == 0);
  }

  Service single(String name) {
    return Desk.service(
        name,
        b -> {
          b.restartPolicy(pick(RestartPolicy.values()))
              .backoff(backoff())
              .stopTimeout(Duration.ofSeconds(random.nextInt(4)));
          if (random.nextInt(3) == 0) {
            b.preStart(hook());
          }
          if (random.nextInt(4) == 0) {
            b.skip(new Skip.Always());
          }
          return b;
        });
  }

  private Service service(String name, int index) {
    return Desk.service(
        name,
        b -> {
          List<Dependency> needs = new ArrayList<>();
          for (int i = 0; i < index; i++) {
            if (random.nextInt(3) == 0) {
              needs.add(
                  new Dependency(
                      new ServiceName(NAMES[i]), pick(Condition.values()), random.nextInt(3) == 0));
            }
          }
          b.dependsOn(needs)
              .restartPolicy(pick(RestartPolicy.values()))
              .backoff(backoff())
              .stopTimeout(Duration.ofMillis(random.nextInt(4) * 1000L))
              .reloadSignal(new Signal(1));
          if (random.nextInt(3) == 0) {
            b.restartBudget(
                new RestartBudget.Limited(
                    random.nextInt(4),
                    random.nextBoolean() ? Optional.empty() : Optional.of(Duration.ofMinutes(1))));
          }
          if (random.nextInt(2) == 0) {
            b.ready(probe(false));
          }
          if (random.nextInt(3) == 0) {
            b.live(probe(true));
          }
          if (random.nextInt(4) == 0) {
            b.preStart(hook());
          }
          if (random.nextInt(4) == 0) {
            b.preStop(hook());
          }
          if (random.nextInt(6) == 0) {
            b.skip(
                random.nextInt(4) == 0
                    ? new Skip.Always()
                    : new Skip.When(new pinfold.manifest.Command.Shell("test")));
          }
          if (random.nextInt(4) == 0) {
            b.pidFile(Path.of("/run/x.pid"));
          }
          if (random.nextInt(6) == 0) {
            b.profiles(Set.of("extra"));
          }
          if (random.nextInt(2) == 0) {
            Map<Hooks.Moment, Hook> hooks = new EnumMap<>(Hooks.Moment.class);
            for (Hooks.Moment moment : Hooks.Moment.values()) {
              if (random.nextInt(3) == 0) {
                hooks.put(moment, hook());
              }
            }
            b.hooks(new Hooks(hooks));
          }
          return b;
        });
  }

  private Backoff backoff() {
    return random.nextInt(4) == 0
        ? new Backoff(Duration.ZERO, 1, Duration.ofSeconds(1), 0)
        : new Backoff(Duration.ofMillis(random.nextInt(1, 500)), 2, Duration.ofSeconds(5), 0.1);
  }

  private Hook hook() {
    return new Hook(
        new pinfold.manifest.Command.Shell("hook"), Duration.ofMillis(random.nextInt(1, 2000)));
  }

  private Probe probe(boolean live) {
    Probe.Check check =
        switch (random.nextInt(live ? 2 : 3)) {
          case 0 -> new Probe.Tcp("localhost", 1);
          case 1 -> new Probe.Notify();
          default -> new Probe.Log("up");
        };
    return new Probe(
        check,
        Duration.ofMillis(random.nextInt(100, 3000)),
        Duration.ofSeconds(1),
        Duration.ofMillis(random.nextInt(3) * 2000L),
        random.nextInt(1, 4));
  }

  <T> T pick(T[] values) {
    return values[random.nextInt(values.length)];
  }
}
