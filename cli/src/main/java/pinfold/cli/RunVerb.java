package pinfold.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import pinfold.contract.Call;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.contract.Json;
import pinfold.contract.OperationView;

/** {@code pinfold run}: a process that no manifest has. */
final class RunVerb extends CommandVerb {
  /** Flags that are keys of a service, with the shape of their value. */
  private static final Map<String, String> KEYS =
      Map.of(
          "--restart-policy", "restart_policy",
          "--max-restarts", "max_restarts",
          "--stop-signal", "stop_signal",
          "--stop-timeout", "stop_timeout");

  @Override
  public void describe(Usage usage) {
    usage
        .summary("run a process that no manifest has")
        .words("IMAGE", "0..1", "not in this release: give a command after --")
        .command(true, "COMMAND…")
        .flag("leave it to the supervisor and return", "-d", "--detach")
        .value("NAME", "its name (default: one is made up)", "--name")
        .flag("forget it when it ended; without -d that is always so", "--rm")
        .flag("pass standard input on", "-i", "--interactive")
        .flag("with a terminal", "-t", "--tty")
        .values("K=V", "set in its environment", "-e", "--env")
        .values("FILE", "read at every start", "--env-file")
        .flag("this shell's environment, also with -d", "--inherit-env")
        .value("DIR", "working directory (default: this one)", "-w", "--workdir")
        .value("POLICY", "with -d: always, on-failure or never (default)", "--restart-policy")
        .value("N", "with -d: restarts before it is left failed", "--max-restarts")
        .value("SIGNAL", "with -d: the polite signal", "--stop-signal")
        .value("D", "with -d: from that signal to KILL", "--stop-timeout")
        .example("pinfold run -d --name tunnel -- ssh -N …", "supervised from now on")
        .example("pinfold run -- make test", "in front; ends with its exit code");
  }

  @Override
  public int run(Invocation call) throws IOException {
    if (!call.words().isEmpty()) {
      throw Failure.of(
              Code.NOT_PERMITTED,
              "running the image \""
                  + call.words().getFirst()
                  + "\" is not available in this release")
          .tryNext("pinfold run -- COMMAND    (a plain process)")
          .exception();
    }
    boolean detach = call.flag("--detach");
    if (!detach) {
      for (String option : KEYS.keySet()) {
        if (call.value(option).isPresent()) {
          throw Words.usage(option + " is for what the supervisor looks after: it needs -d");
        }
      }
    }
    Map<String, String> environment = call.console().environment();
    Json.Obj service = service(call, detach);
    try (Client client = Supervision.of(call).client()) {
      if (detach) {
        return detached(call, client, service, environment);
      }
      boolean interactive = call.flag("--interactive");
      boolean tty = call.flag("--tty");
      return new Attachment(call.console(), interactive, false)
          .run(
              client,
              tty,
              size ->
                  new Call.RunAttached(
                      call.value("--name"),
                      service,
                      call.flag("--rm"),
                      interactive,
                      tty,
                      size,
                      environment));
    }
  }

  private static int detached(
      Invocation call, Client client, Json.Obj service, Map<String, String> environment) {
    if (call.flag("--interactive") || call.flag("--tty")) {
      throw Words.usage("-d leaves the process alone; -i and -t do not go with it");
    }
    Operation operation = new Operation(call);
    Optional<OperationView> result =
        operation.follow(
            client,
            new Call.Run(
                call.value("--name"),
                service,
                call.flag("--rm"),
                call.noWait(),
                call.timeout(),
                environment));
    operation.names().forEach(name -> call.console().out().line(Text.line(name)));
    return result.map(operation::code).orElse(0);
  }

  private static Json.Obj service(Invocation call, boolean detach) {
    Map<String, Json> keys = new LinkedHashMap<>();
    keys.put("command", Json.strings(call.command()));
    String directory = call.value("--workdir").orElse(".");
    keys.put(
        "working_dir",
        Json.of(call.console().directory().resolve(directory).normalize().toString()));
    Map<String, Json> variables = new LinkedHashMap<>();
    ExecVerb.environment(call.values("--env"))
        .forEach((key, value) -> variables.put(key, Json.of(value)));
    keys.put("env", new Json.Obj(variables));
    List<String> files =
        call.values("--env-file").stream()
            .map(file -> call.console().directory().resolve(file).normalize().toString())
            .toList();
    if (!files.isEmpty()) {
      keys.put("env_file", Json.strings(files));
    }
    keys.put("inherit_env", Json.of(!detach || call.flag("--inherit-env")));
    keys.put("restart_policy", Json.of("never"));
    KEYS.forEach(
        (option, key) -> call.value(option).ifPresent(value -> keys.put(key, value(value))));
    return new Json.Obj(keys);
  }

  private static Json value(String text) {
    return text.matches("\\d{1,9}") ? Json.of(Long.parseLong(text)) : Json.of(text);
  }
}
