package pinfold.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import pinfold.contract.Call;

/** {@code pinfold exec}. */
final class ExecVerb extends CommandVerb {
  @Override
  public void describe(Usage usage) {
    usage
        .summary("run a command beside a service: its environment, directory, limits")
        .words("SERVICE", "1", "api, api.2 (one instance) or shop/api")
        .command(true, "COMMAND…")
        .value("USER", "run as this user", "-u", "--user")
        .value("DIR", "working directory instead of the service's", "-w", "--workdir")
        .values("K=V", "add to the environment", "-e", "--env")
        .flag("pass standard input on", "-i", "--interactive")
        .flag("with a terminal", "-t", "--tty")
        .example("pinfold exec api -- env", "what the service sees")
        .example("pinfold exec -it db -- psql", "with a terminal");
  }

  @Override
  public int run(Invocation call) throws IOException {
    boolean interactive = call.flag("--interactive");
    Map<String, String> environment = environment(call.values("--env"));
    boolean tty = call.flag("--tty");
    if (tty) {
      environment.putIfAbsent("TERM", call.console().variable("TERM").orElse("xterm"));
    }
    return run(call, call.command(), interactive, tty, environment);
  }

  static int run(
      Invocation call,
      List<String> command,
      boolean interactive,
      boolean tty,
      Map<String, String> environment)
      throws IOException {
    boolean own = call.verb().equals("exec");
    Optional<String> user = own ? call.value("--user") : Optional.empty();
    Optional<String> directory = own ? call.value("--workdir") : Optional.empty();
    try (Client client = Supervision.toAct(call)) {
      return new Attachment(call.console(), interactive, false)
          .run(
              client,
              tty,
              size ->
                  new Call.Exec(
                      call.target(),
                      command,
                      user,
                      directory,
                      environment,
                      interactive,
                      tty,
                      size));
    }
  }

  static Map<String, String> environment(List<String> assignments) {
    Map<String, String> environment = new LinkedHashMap<>();
    for (String assignment : assignments) {
      int equals = assignment.indexOf('=');
      if (equals < 1) {
        throw Words.usage("-e takes NAME=VALUE, not \"" + assignment + "\"");
      }
      environment.put(assignment.substring(0, equals), assignment.substring(equals + 1));
    }
    return environment;
  }
}
