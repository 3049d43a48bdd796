package pinfold.runtimes;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import pinfold.linux.LaunchSpec;
import pinfold.linux.Limit;
import pinfold.linux.Rlimit;
import pinfold.manifest.Command;
import pinfold.manifest.Limits;
import pinfold.manifest.RuntimeKind;
import pinfold.manifest.Service;
import pinfold.manifest.Stdin;

/** {@code runtime: process}: the host's kernel, root and network, the owner's identity. */
public final class ProcessRuntime implements WorkloadRuntime {
  /** sd_listen_fds(3): where the first passed descriptor is. */
  private static final int LISTEN_FDS_START = 3;

  /** It has no state: one serves all. */
  public ProcessRuntime() {}

  @Override
  public RuntimeKind kind() {
    return RuntimeKind.PROCESS;
  }

  @Override
  public Launch main(Service service, LaunchContext context) {
    Program program = Program.of(service.command());
    boolean piped = !service.tty() && service.stdin() instanceof Stdin.Open;
    LaunchSpec.Builder builder =
        builder(service, program.arguments(), service.workingDir(), context);
    Map<String, String> environment = new TreeMap<>(context.environment());
    if (service.tty()) {
      environment.putIfAbsent("TERM", "xterm");
    }
    stored(builder, environment, context.stored(), piped ? 1 : 0);
    if (service.tty()) {
      builder
          .stdin(new LaunchSpec.Terminal())
          .stdout(new LaunchSpec.Logged())
          .stderr(new LaunchSpec.Merged())
          .controllingTerminal(true);
      return new Launch(builder.build(), Streams.LOGGED_TERMINAL, program.execution());
    }
    builder.stdin(
        switch (service.stdin()) {
          case Stdin.None _ -> new LaunchSpec.Null();
          case Stdin.Open _ -> new LaunchSpec.Received(0);
          case Stdin.File(Path path) -> new LaunchSpec.File(path.toString());
        });
    return new Launch(builder.build(), Streams.LOGGED, program.execution());
  }

  @Override
  public Launch beside(Service service, Command command, LaunchContext context) {
    Program program = Program.of(command);
    LaunchSpec.Builder builder =
        builder(service, program.arguments(), service.workingDir(), context);
    return new Launch(builder.build(), Streams.LOGGED_MERGED, program.execution());
  }

  @Override
  public Launch session(Service service, Session session, LaunchContext context) {
    Path directory =
        session.directory().map(service.workingDir()::resolve).orElse(service.workingDir());
    Map<String, String> environment = new TreeMap<>(context.environment());
    environment.putAll(session.environment());
    LaunchSpec.Builder builder =
        builder(
            service,
            session.arguments(),
            directory,
            new LaunchContext(environment, context.cgroup(), List.of()));
    if (session.terminal()) {
      terminal(builder);
      return new Launch(builder.build(), Streams.TERMINAL, Execution.ARGUMENTS);
    }
    builder
        .stdin(new LaunchSpec.Received(0))
        .stdout(new LaunchSpec.Received(1))
        .stderr(new LaunchSpec.Received(2));
    return new Launch(builder.build(), Streams.RECEIVED, Execution.ARGUMENTS);
  }

  private static LaunchSpec.Builder builder(
      Service service, List<String> arguments, Path directory, LaunchContext context) {
    LaunchSpec.Builder builder =
        LaunchSpec.builder(arguments.getFirst())
            .arguments(arguments)
            .environment(context.environment())
            .birthVariable(ServiceEnvironment.BIRTH)
            .directory(directory.toString());
    limits(builder, service.limits());
    context.cgroup().ifPresent(path -> builder.cgroup(new LaunchSpec.CgroupJoin.ByPath(path)));
    return builder;
  }

  private static void limits(LaunchSpec.Builder builder, Limits limits) {
    limits.nice().ifPresent(builder::nice);
    limits
        .rlimits()
        .forEach((resource, limit) ->
            builder.limit(
                Rlimit.valueOf(resource.name()),
                new Limit(value(limit.soft()), value(limit.hard()))));
  }

  private static long value(long manifest) {
    return manifest == pinfold.manifest.Rlimit.INFINITY ? Limit.UNLIMITED : manifest;
  }

  private static void terminal(LaunchSpec.Builder builder) {
    builder
        .stdin(new LaunchSpec.Received(0))
        .stdout(new LaunchSpec.Received(0))
        .stderr(new LaunchSpec.Received(0))
        .controllingTerminal(true);
  }

  private static void stored(
      LaunchSpec.Builder builder, Map<String, String> environment, List<String> names, int first) {
    builder.environment(environment);
    if (names.isEmpty()) {
      return;
    }
    environment.put("LISTEN_FDS", Integer.toString(names.size()));
    environment.put("LISTEN_FDNAMES", String.join(":", names));
    builder.environment(environment).pidVariable("LISTEN_PID");
    for (int i = 0; i < names.size(); i++) {
      builder.place(names.get(i), first + i, LISTEN_FDS_START + i);
    }
  }

  /** A command as it is executed. */
  private record Program(List<String> arguments, Execution execution) {
    static Program of(Command command) {
      return switch (command) {
        case Command.Argv(List<String> argv) -> new Program(argv, Execution.ARGUMENTS);
        case Command.Shell(String line) -> {
          Optional<List<String>> words = ShellWords.of(line);
          yield words
              .map(list -> new Program(list, Execution.WORDS))
              .orElseGet(() -> new Program(command.argv(), Execution.SHELL));
        }
      };
    }
  }
}
