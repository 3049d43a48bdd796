package pinfold.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import pinfold.contract.Exit;
import pinfold.contract.Failure;
import pinfold.contract.Json;
import pinfold.linux.Call;
import pinfold.linux.LaunchSpec;
import pinfold.linux.SpawnPlan;
import pinfold.linux.Step;
import pinfold.linux.User;
import pinfold.manifest.EnvFile;
import pinfold.manifest.Manifest;
import pinfold.manifest.Parsed;
import pinfold.manifest.Service;
import pinfold.runtimes.LaunchContext;
import pinfold.runtimes.Owner;
import pinfold.runtimes.ProcessRuntime;
import pinfold.runtimes.ServiceEnvironment;
import pinfold.runtimes.WorkloadRuntime;

/**
 * {@code pinfold explain}: what exactly would be run for a service, or what an error code means.
 */
final class ExplainVerb implements Verb {
  @Override
  public void describe(Usage usage) {
    usage
        .summary("what exactly runs for a service, or what an error code means")
        .words("SERVICE|PFnnnn", "1", "a service of the manifest, or an error code")
        .flag("every system call before the service's own program", "--calls")
        .example("pinfold explain api", "program, directory, environment, steps")
        .example("pinfold explain PF1203", "an error code");
  }

  @Override
  public int run(Invocation call) throws IOException {
    String word = call.words().getFirst();
    if (word.matches("(?i)pf\\d{4}")) {
      return CodeText.print(word, call);
    }
    Parsed.Project owner =
        Chosen.owner(call, Chosen.projects(call, ManifestFile.valid(call)), word);
    Manifest manifest = owner.manifest();
    Service service =
        Chosen.service(owner, word.substring(word.indexOf('/') + 1))
            .flatMap(manifest::service)
            .orElseThrow();
    EnvFiles files = EnvFiles.read(service, call.console());
    User user = User.own();
    ServiceEnvironment base =
        new ServiceEnvironment(
            new Owner(user.name(), user.home(), user.shell()), call.console().variable("TZ"));
    Map<String, String> environment =
        base.of(
            manifest.project().toString(),
            service,
            1,
            call.console().environment(),
            files.variables());
    WorkloadRuntime.Launch launch =
        new ProcessRuntime().main(service, LaunchContext.of(environment));
    List<Step> steps = SpawnPlan.compile(launch.spec()).steps();
    String name = manifest.project() + "/" + service.name();
    if (call.json()) {
      call.print(json(name, launch.spec(), steps));
    } else {
      call.console().out().print(text(name, launch, files, steps, call));
    }
    return Exit.OK.code();
  }

  private static Json.Obj json(String name, LaunchSpec spec, List<Step> steps) {
    Map<String, Json> environment = new LinkedHashMap<>();
    spec.environment().forEach((key, value) -> environment.put(key, Json.of(value)));
    List<Json> list = new ArrayList<>();
    for (Step step : steps) {
      List<String> calls = step.calls().stream().map(Call::text).toList();
      list.add(
          Json.object("name", Json.of(step.name()), "text", Json.of(step.text()))
              .with("calls", Json.strings(calls)));
    }
    return Json.object("service", Json.of(name), "program", Json.of(spec.program()))
        .with("arguments", Json.strings(spec.arguments()))
        .with("directory", Json.of(spec.directory()))
        .with("environment", new Json.Obj(environment))
        .with("steps", Json.array(list));
  }

  private static String text(
      String name,
      WorkloadRuntime.Launch launch,
      EnvFiles files,
      List<Step> steps,
      Invocation call) {
    Style style = call.style();
    LaunchSpec spec = launch.spec();
    StringBuilder out = new StringBuilder();
    out.append(style.strong(Text.line(name))).append(" runs as a process\n");
    out.append("  program      ")
        .append(Text.line(spec.program()))
        .append(how(launch.execution()))
        .append('\n');
    for (int i = 0; i < spec.arguments().size(); i++) {
      out.append("  %-12s %s%n".formatted("argument " + i, Text.line(spec.arguments().get(i))));
    }
    out.append("  directory    ").append(Text.line(spec.directory())).append('\n');
    out.append("  environment\n");
    spec.environment()
        .forEach((key, value) -> {
          // What stands in an env_file may be a secret and is not shown.
          String shown = files.from(key).map(file -> "… (from " + file + ")").orElse(value);
          out.append("    ").append(Text.line(key + "=" + shown)).append('\n');
        });
    out.append("  steps before the program\n");
    for (Step step : steps) {
      out.append("    %-18s %s%n".formatted(Text.line(step.name()), Text.line(step.text())));
      if (call.flag("--calls")) {
        step.calls()
            .forEach(one ->
                out.append("      ").append(style.faint(Text.line(one.text()))).append('\n'));
      }
    }
    return out.toString();
  }

  private static String how(WorkloadRuntime.Execution execution) {
    return switch (execution) {
      case ARGUMENTS -> "  (the list of the manifest, executed as it is)";
      case WORDS -> "  (a line that needs no shell, executed as its words)";
      case SHELL -> "  (a line for the shell)";
    };
  }

  /** What the env files of a service hold now. */
  private record EnvFiles(List<Path> paths, List<Map<String, String>> variables) {
    static EnvFiles read(Service service, Console console) throws IOException {
      List<Path> paths = service.environment().files();
      List<Map<String, String>> variables = new ArrayList<>();
      for (Path path : paths) {
        EnvFile file =
            EnvFile.parse(path, Files.readString(path), console.variable("HOME").map(Path::of));
        if (!file.problems().isEmpty()) {
          throw Failure.from(file.problems().getFirst().json()).exception();
        }
        variables.add(file.variables());
      }
      return new EnvFiles(paths, variables);
    }

    /** The last file that sets a variable. */
    Optional<Path> from(String key) {
      for (int i = paths.size() - 1; i >= 0; i--) {
        if (variables.get(i).containsKey(key)) {
          return Optional.of(paths.get(i));
        }
      }
      return Optional.empty();
    }
  }
}
