package pinfold.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import pinfold.contract.Change;
import pinfold.contract.Json;
import pinfold.manifest.Command;
import pinfold.manifest.Probe;
import pinfold.manifest.Service;

/**
 * What differs between two specifications of a service.
 *
 * @param fields every key that differs
 * @param launch those of them that a running process was started with: they need a restart
 */
record Differences(List<Change.Field> fields, List<String> launch) {

  static Differences between(Service before, Service after) {
    List<Change.Field> fields = new ArrayList<>();
    List<String> launch = new ArrayList<>();
    Collector at = new Collector(fields, launch);
    at.launch("runtime", before.runtime(), after.runtime());
    at.launch("command", words(before.command()), words(after.command()));
    at.launch("working_dir", before.workingDir(), after.workingDir());
    TreeSet<String> names = new TreeSet<>(before.environment().variables().keySet());
    names.addAll(after.environment().variables().keySet());
    for (String name : names) {
      at.launch(
          "env." + name,
          before.environment().variables().get(name),
          after.environment().variables().get(name));
    }
    at.launch("env_file", before.environment().files(), after.environment().files());
    at.launch("inherit_env", before.environment().inherit(), after.environment().inherit());
    at.launch("tty", before.tty(), after.tty());
    at.launch("stdin", before.stdin(), after.stdin());
    at.launch("limits", before.limits(), after.limits());
    at.launch("logs.sink", before.logs().sink(), after.logs().sink());
    // The notify socket and WATCHDOG_USEC are in the environment that a process was started with.
    if (notifies(before.ready()) != notifies(after.ready())) {
      at.launch("ready", before.ready(), after.ready());
    } else {
      at.policy("ready", before.ready(), after.ready());
    }
    if (notifies(before.live()) || notifies(after.live())) {
      at.launch("live", before.live(), after.live());
    } else {
      at.policy("live", before.live(), after.live());
    }
    at.policy("success_exit_codes", before.success(), after.success());
    at.policy("depends_on", before.dependsOn(), after.dependsOn());
    at.policy("restart_policy", before.restartPolicy().word(), after.restartPolicy().word());
    at.policy("backoff", before.backoff(), after.backoff());
    at.policy("max_restarts", before.restartBudget(), after.restartBudget());
    at.policy("stop_signal", before.stopSignal(), after.stopSignal());
    at.policy("stop_timeout", before.stopTimeout(), after.stopTimeout());
    at.policy("reload_signal", before.reloadSignal(), after.reloadSignal());
    at.policy("pid_file", before.pidFile(), after.pidFile());
    at.policy("essential", before.essential(), after.essential());
    at.policy("pre_start", before.preStart(), after.preStart());
    at.policy("pre_stop", before.preStop(), after.preStop());
    at.policy("hooks", before.hooks(), after.hooks());
    at.policy("profiles", before.profiles(), after.profiles());
    at.policy("skip", before.skip(), after.skip());
    at.policy(
        "logs",
        List.of(
            before.logs().maxSize(),
            before.logs().maxFiles(),
            before.logs().maxAge(),
            before.logs().compress()),
        List.of(
            after.logs().maxSize(),
            after.logs().maxFiles(),
            after.logs().maxAge(),
            after.logs().compress()));
    at.policy("ports", before.ports(), after.ports());
    return new Differences(List.copyOf(fields), List.copyOf(launch));
  }

  private static boolean notifies(java.util.Optional<Probe> probe) {
    return probe.map(Probe::check).orElse(null) instanceof Probe.Notify;
  }

  private static String words(Command command) {
    return switch (command) {
      case Command.Shell shell -> shell.line();
      case Command.Argv argv -> argv.argv().toString();
    };
  }

  /** Compares key by key. */
  private record Collector(List<Change.Field> fields, List<String> needRestart) {
    void launch(String key, @Nullable Object before, @Nullable Object after) {
      if (policy(key, before, after)) {
        needRestart.add(key);
      }
    }

    boolean policy(String key, @Nullable Object before, @Nullable Object after) {
      if (Objects.equals(before, after)) {
        return false;
      }
      fields.add(new Change.Field(key, json(before), json(after)));
      return true;
    }

    private static Json json(@Nullable Object value) {
      return switch (value) {
        case null -> Json.Null.NULL;
        case java.util.Optional<?> optional when optional.isEmpty() -> Json.Null.NULL;
        case java.util.Optional<?> optional -> Json.of(optional.get().toString());
        case Boolean truth -> Json.of(truth);
        default -> Json.of(value.toString());
      };
    }
  }
}
