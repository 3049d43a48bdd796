package pinfold.runtimes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import pinfold.linux.LaunchSpec;
import pinfold.linux.Limit;
import pinfold.linux.Rlimit;
import pinfold.manifest.Command;
import pinfold.manifest.Limits;
import pinfold.manifest.Resource;
import pinfold.manifest.Service;
import pinfold.manifest.ServiceBuilder;
import pinfold.manifest.ServiceName;
import pinfold.manifest.Stdin;
import pinfold.runtimes.WorkloadRuntime.Execution;
import pinfold.runtimes.WorkloadRuntime.Launch;
import pinfold.runtimes.WorkloadRuntime.Streams;

class ProcessRuntimeTest {
  private final ProcessRuntime runtime = new ProcessRuntime();
  private final LaunchContext context = LaunchContext.of(Map.of("A", "b"));

  private static ServiceBuilder service(String line) {
    return Service.builder(new ServiceName("api"), new Command.Shell(line), Path.of("/srv/api"));
  }

  @Test
  void aPlainLineIsExecutedWithoutShell() {
    Launch launch = runtime.main(service("./api --port 80").build(), context);
    assertThat(launch.execution()).isEqualTo(Execution.WORDS);
    assertThat(launch.spec().program()).isEqualTo("./api");
    assertThat(launch.spec().arguments()).containsExactly("./api", "--port", "80");
    assertThat(launch.spec().directory()).isEqualTo("/srv/api");
    assertThat(launch.spec().birthVariable()).contains("PINFOLD_BIRTH");
    assertThat(launch.streams()).isEqualTo(Streams.LOGGED);
    assertThat(launch.spec().stdin()).isEqualTo(new LaunchSpec.Null());
  }

  @Test
  void aLineWithSyntaxGoesToTheShell() {
    Launch launch = runtime.main(service("./api | tee x").build(), context);
    assertThat(launch.execution()).isEqualTo(Execution.SHELL);
    assertThat(launch.spec().arguments()).containsExactly("/bin/sh", "-c", "./api | tee x");
  }

  @Test
  void everyResourceOfTheManifestIsOneOfTheKernel() {
    assertThat(Arrays.stream(Resource.values()).map(Resource::name))
        .isSubsetOf(Arrays.stream(Rlimit.values()).map(Rlimit::name).toList());
  }

  @Test
  void limitsAndNiceReachTheLaunch() {
    Limits limits =
        new Limits(
            Map.of(
                Resource.NOFILE, new pinfold.manifest.Rlimit(64, 128),
                Resource.CORE, new pinfold.manifest.Rlimit(0, pinfold.manifest.Rlimit.INFINITY)),
            OptionalInt.of(5));
    LaunchSpec spec = runtime.main(service("api").limits(limits).build(), context).spec();
    assertThat(spec.nice()).isEqualTo(5);
    assertThat(spec.limits())
        .isEqualTo(
            Map.of(Rlimit.NOFILE, new Limit(64, 128), Rlimit.CORE, new Limit(0, Limit.UNLIMITED)));
  }

  @Test
  void openInputIsTheFirstReceivedDescriptorAndStoredOnesFollow() {
    LaunchContext stored = new LaunchContext(Map.of(), Optional.empty(), List.of("http", "state"));
    LaunchSpec spec = runtime.main(service("api").stdin(new Stdin.Open()).build(), stored).spec();
    assertThat(spec.stdin()).isEqualTo(new LaunchSpec.Received(0));
    assertThat(spec.environment())
        .containsEntry("LISTEN_FDS", "2")
        .containsEntry("LISTEN_FDNAMES", "http:state");
    assertThat(spec.pidVariable()).contains("LISTEN_PID");
    assertThat(spec.placements())
        .containsExactly(
            new LaunchSpec.Placement("http", new LaunchSpec.Received(1), 3),
            new LaunchSpec.Placement("state", new LaunchSpec.Received(2), 4));
  }

  @Test
  void aTerminalIsInputOutputAndErrorAndControls() {
    Launch launch = runtime.main(service("api").tty(true).build(), context);
    assertThat(launch.streams()).isEqualTo(Streams.LOGGED_TERMINAL);
    assertThat(launch.spec().controllingTerminal()).isTrue();
    assertThat(launch.spec().stdin()).isEqualTo(new LaunchSpec.Terminal());
    assertThat(launch.spec().stderr()).isEqualTo(new LaunchSpec.Merged());
    assertThat(launch.spec().environment()).containsEntry("TERM", "xterm");
  }

  @Test
  void whatRunsBesideSharesOneStream() {
    Launch launch =
        runtime.beside(
            service("api").stdin(new Stdin.Open()).build(),
            new Command.Argv(List.of("./migrate")),
            context);
    assertThat(launch.streams()).isEqualTo(Streams.LOGGED_MERGED);
    assertThat(launch.spec().stdin()).isEqualTo(new LaunchSpec.Null());
  }

  @Test
  void aSessionHasTheServicesEnvironmentAndItsOwnOnTop() {
    Session session = new Session(List.of("env"), Optional.of("sub"), Map.of("B", "c"), false);
    Launch launch = runtime.session(service("api").build(), session, context);
    assertThat(launch.spec().environment()).isEqualTo(Map.of("A", "b", "B", "c"));
    assertThat(launch.spec().directory()).isEqualTo("/srv/api/sub");
    assertThat(launch.spec().stdout()).isEqualTo(new LaunchSpec.Received(1));
    assertThat(launch.streams()).isEqualTo(Streams.RECEIVED);
  }
}
