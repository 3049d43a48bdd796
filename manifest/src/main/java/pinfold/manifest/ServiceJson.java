package pinfold.manifest;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import pinfold.contract.Json;

/** A service in the words of the manifest, every default written out. */
final class ServiceJson {
  private final Map<String, Json> keys = new LinkedHashMap<>();

  private ServiceJson() {}

  static Json.Obj of(Service s) {
    ServiceJson json = new ServiceJson();
    json.launch(s);
    json.life(s);
    json.rest(s);
    return new Json.Obj(json.keys);
  }

  private void put(Key<?> key, Json value) {
    keys.put(key.name(), value);
  }

  private void launch(Service s) {
    put(ServiceKeys.RUNTIME, Json.of(s.runtime().word()));
    put(ServiceKeys.COMMAND, command(s.command()));
    put(ServiceKeys.TTY, Json.of(s.tty()));
    put(
        ServiceKeys.STDIN,
        switch (s.stdin()) {
          case Stdin.None() -> Json.of("none");
          case Stdin.Open() -> Json.of("open");
          case Stdin.File(Path path) -> Json.object("file", path(path));
        });
    List<Json> success = new ArrayList<>();
    s.success().codes().forEach(code -> success.add(Json.of(code)));
    s.success().signals().forEach(signal -> success.add(Json.of(signal.name())));
    put(ServiceKeys.SUCCESS, Json.array(success));
    put(ServiceKeys.WORKING_DIR, path(s.workingDir()));
    // The older form says the same for any names, also for a variable that is called "vars".
    Map<String, Json> variables = new LinkedHashMap<>();
    s.environment().variables().forEach((name, value) -> variables.put(name, Json.of(value)));
    put(ServiceKeys.ENV, Json.object("vars", new Json.Obj(variables)));
    put(
        ServiceKeys.ENV_FILE,
        Json.array(s.environment().files().stream().map(ServiceJson::path).toList()));
    put(
        ServiceKeys.INHERIT_ENV,
        switch (s.environment().inherit()) {
          case EnvironmentSpec.Inherit.Nothing() -> Json.of(false);
          case EnvironmentSpec.Inherit.All() -> Json.of(true);
          case EnvironmentSpec.Inherit.Names(List<String> names) -> Json.strings(names);
        });
  }

  private void life(Service s) {
    put(
        ServiceKeys.DEPENDS_ON,
        Json.array(
            s.dependsOn().stream()
                .map(d ->
                    Json.object(
                            "service",
                            Json.of(d.service().text()),
                            "condition",
                            Json.of(d.condition().word()))
                        .with("restart", Json.of(d.restart())))
                .toList()));
    put(ServiceKeys.RESTART_POLICY, Json.of(s.restartPolicy().word()));
    put(
        ServiceKeys.BACKOFF,
        Json.object("initial", time(s.backoff().initial()), "factor", number(s.backoff().factor()))
            .with("max", time(s.backoff().max()))
            .with("jitter", number(s.backoff().jitter())));
    put(
        ServiceKeys.MAX_RESTARTS,
        switch (s.restartBudget()) {
          case RestartBudget.Unlimited() -> Json.of("unlimited");
          case RestartBudget.Limited limited -> {
            Json.Obj count = Json.object("count", Json.of(limited.count()));
            yield limited.within().map(within -> count.with("within", time(within))).orElse(count);
          }
        });
    put(ServiceKeys.STOP_SIGNAL, Json.of(s.stopSignal().name()));
    put(ServiceKeys.STOP_TIMEOUT, time(s.stopTimeout()));
    s.reloadSignal().ifPresent(signal -> put(ServiceKeys.RELOAD_SIGNAL, Json.of(signal.name())));
    s.ready().ifPresent(probe -> put(ServiceKeys.READY, probe(probe)));
    s.live().ifPresent(probe -> put(ServiceKeys.LIVE, probe(probe)));
    s.pidFile().ifPresent(file -> put(ServiceKeys.PID_FILE, path(file)));
    put(ServiceKeys.ESSENTIAL, Json.of(s.essential()));
  }

  private void rest(Service s) {
    Map<String, Json> hooks = new LinkedHashMap<>();
    s.hooks().byMoment().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(e -> {
          Hooks.Moment moment = e.getKey();
          Json.Obj hook = hook(e.getValue());
          if (moment.outcome().isEmpty()) {
            hooks.put(moment.key(), hook);
          } else {
            Json.Obj known =
                hooks.get(moment.key()) instanceof Json.Obj before ? before : Json.Obj.EMPTY;
            hooks.put(moment.key(), known.with(moment.outcome(), hook));
          }
        });
    put(ServiceKeys.HOOKS, new Json.Obj(hooks));
    s.preStart().ifPresent(hook -> put(ServiceKeys.PRE_START, hook(hook)));
    s.preStop().ifPresent(hook -> put(ServiceKeys.PRE_STOP, hook(hook)));
    put(ServiceKeys.PROFILES, Json.strings(s.profiles()));
    s.skip()
        .ifPresent(skip ->
            put(
                ServiceKeys.SKIP,
                switch (skip) {
                  case Skip.Always() -> Json.of(true);
                  case Skip.When(Command.Shell(String line))
                      when line.equals("true") || line.equals("false") ->
                      Json.strings(new Command.Shell(line).argv());
                  case Skip.When(Command command) -> command(command);
                }));
    Json.Obj logs =
        Json.object(
                "sink",
                Json.of(s.logs().sink().name().toLowerCase(Locale.ROOT)),
                "max_size",
                Json.of(Sizes.text(s.logs().maxSize())))
            .with("max_files", Json.of(s.logs().maxFiles()))
            .with("compress", Json.of(s.logs().compress().name().toLowerCase(Locale.ROOT)));
    put(
        ServiceKeys.LOGS,
        s.logs().maxAge().map(age -> logs.with("max_age", time(age))).orElse(logs));
    put(ServiceKeys.PORTS, Json.strings(s.ports().stream().map(PortShape::text).toList()));
    Map<String, Json> limits = new LinkedHashMap<>();
    s.limits()
        .rlimits()
        .forEach((resource, limit) ->
            limits.put(resource.key(), Json.of(amount(limit.soft()) + ":" + amount(limit.hard()))));
    s.limits().nice().ifPresent(nice -> limits.put("nice", Json.of(nice)));
    put(ServiceKeys.LIMITS, new Json.Obj(limits));
  }

  private static Json.Obj probe(Probe probe) {
    Json.Obj check =
        switch (probe.check()) {
          case Probe.Http(java.net.URI url) -> Json.object("http", Json.of(url.toString()));
          case Probe.Tcp(String host, int port) ->
              Json.object(
                  "tcp", Json.of((host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port));
          case Probe.Exec(Command command) -> Json.object("exec", command(command));
          case Probe.Log(String regex) -> Json.object("log", Json.of(regex));
          case Probe.Notify() -> Json.object("notify", Json.of(true));
        };
    return check
        .with("interval", time(probe.interval()))
        .with("timeout", time(probe.timeout()))
        .with("start_period", time(probe.startPeriod()))
        .with("failures", Json.of(probe.failures()));
  }

  private static Json.Obj hook(Hook hook) {
    return Json.object("command", command(hook.command()), "timeout", time(hook.timeout()));
  }

  private static Json command(Command command) {
    return switch (command) {
      case Command.Shell(String line) -> Json.of(line);
      case Command.Argv(List<String> argv) -> Json.strings(argv);
    };
  }

  private static Json path(Path path) {
    return Json.of(path.toString());
  }

  private static Json time(Duration duration) {
    return Json.of(Durations.text(duration));
  }

  /** As text: what is read back is exact and has no exponent. */
  private static Json number(double value) {
    return Json.of(new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString());
  }

  private static String amount(long value) {
    return value == Rlimit.INFINITY ? "unlimited" : Long.toString(value);
  }
}
