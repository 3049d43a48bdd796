package pinfold.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.opentest4j.AssertionFailedError;
import pinfold.contract.Call;
import pinfold.contract.InstanceStatus;
import pinfold.contract.Json;
import pinfold.contract.OperationView;
import pinfold.contract.Reply;
import pinfold.contract.ServiceStatus;
import pinfold.contract.State;
import pinfold.contract.Target;
import pinfold.contract.VarlinkCall;
import pinfold.contract.VarlinkReader;
import pinfold.contract.VarlinkReply;
import pinfold.contract.VarlinkWriter;
import pinfold.linux.BootId;
import pinfold.linux.KeeperProgram;
import pinfold.linux.ProcessIdentity;
import pinfold.linux.Processes;
import pinfold.manifest.Canonical;
import pinfold.manifest.ManifestReader;
import pinfold.manifest.Parsed;
import pinfold.manifest.Surroundings;

/// A real supervisor, in a JVM of its own below a real keeper, in a state directory of its own.
/// Closing it ends all; so does the death of whoever it was started for.
final class Bench implements AutoCloseable {
  private static final Duration AMPLE = Duration.ofSeconds(60);

  final Path folder;
  final Path state;
  final Path socket;

  private Bench(Path folder) {
    this.folder = folder;
    this.state = folder.resolve("s");
    this.socket = state.resolve("control.sock");
  }

  static Bench start() throws IOException {
    return start(ProcessHandle.current());
  }

  static Bench start(ProcessHandle owner) throws IOException {
    Bench bench = new Bench(Files.createTempDirectory("pinfold-test-"));
    bench.keeper(Processes.identity((int) owner.pid()).orElseThrow());
    bench.until("a supervisor that answers", () -> bench.keeperPid() != 0);
    return bench;
  }

  private void keeper(ProcessIdentity owner) throws IOException {
    Path run = state.resolve("run").resolve(BootId.current());
    Path logs = state.resolve("logs");
    Files.createDirectories(run);
    Files.createDirectories(logs);
    Path binary = Path.of(System.getProperty("pinfold.native"), "pinfold-keeper");
    List<String> command =
        List.of(
            System.getProperty("java.home") + "/bin/java",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            "pinfold.server.BenchMain");
    Path jar = Files.createDirectories(folder.resolve("bin")).resolve("supervisor");
    Files.writeString(
        jar,
        "#!/bin/sh\nexec '" + String.join("' '", command) + "' " + BenchMain.words(owner) + "\n");
    assertThat(jar.toFile().setExecutable(true)).isTrue();
    KeeperProgram program = new KeeperProgram(binary, state, run, logs, Optional.empty());
    assertThat(
            program.start(
                List.of(jar.toString()),
                Map.of(
                    "PINFOLD_STATE_DIR",
                    state.toString(),
                    "HOME",
                    folder.toString(),
                    "PATH",
                    "/usr/bin:/bin")))
        .isEqualTo(new KeeperProgram.Started.Running());
  }

  /// Waits for a condition, generously.
  void until(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + AMPLE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionFailedError("waited in vain for " + what + "\n" + said());
      }
      Thread.onSpinWait();
      java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
    }
  }

  /// What the supervisor printed.
  String said() {
    try {
      return Files.readString(state.resolve("logs/_supervisor/supervisor.stderr"));
    } catch (IOException e) {
      return "the supervisor printed nothing: " + e;
    }
  }

  /// A connection as bytes.
  SocketChannel connect() throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(socket));
    return channel;
  }

  /// All replies to a call.
  List<VarlinkReply> replies(VarlinkCall call) throws IOException {
    try (SocketChannel channel = connect()) {
      InputStream in = Channels.newInputStream(channel);
      OutputStream out = Channels.newOutputStream(channel);
      new VarlinkWriter(out).write(call);
      VarlinkReader reader = new VarlinkReader(in);
      List<VarlinkReply> all = new ArrayList<>();
      Optional<VarlinkReply> reply = reader.reply();
      while (reply.isPresent()) {
        all.add(reply.get());
        reply = reply.get().continues() ? reader.reply() : Optional.empty();
      }
      return all;
    }
  }

  <R extends Record> R ask(Call call, Class<R> type) throws IOException {
    return replies(VarlinkCall.of(call)).getLast().as(type);
  }

  /// Applies a manifest and waits for its end.
  OperationView up(String yaml) throws IOException {
    Path file = folder.resolve("pinfold.yaml");
    Parsed parsed = ManifestReader.read(file, yaml, Surroundings.NONE);
    assertThat(parsed.problems()).isEmpty();
    Json.Obj json = Canonical.json(parsed.manifest().orElseThrow(), parsed.positions());
    Call.Up up =
        new Call.Up(
            json,
            file.toString(),
            List.of(),
            List.of(),
            List.of(),
            false,
            false,
            false,
            false,
            Optional.of(AMPLE),
            Map.of());
    return ask(up, Reply.Operated.class).result().orElseThrow();
  }

  ServiceStatus status(String name) {
    try {
      return ask(new Call.Status(Target.of(name), true), Reply.Status.class).services().getFirst();
    } catch (IOException e) {
      throw new AssertionFailedError("no status", e);
    }
  }

  InstanceStatus instance(String name) {
    return status(name).instances().getFirst();
  }

  int pid(String name) {
    return instance(name).pid().orElseThrow();
  }

  void untilState(String name, State state) {
    until(name + " to be " + state, () -> status(name).state() == state);
  }

  /// The keeper of the supervisor that answers now; 0 when none does.
  int keeperPid() {
    try {
      return version().keeperPid();
    } catch (IOException | RuntimeException e) {
      return 0; // between two supervisors
    }
  }

  Reply.Release version() throws IOException {
    return ask(new Call.Version(), Reply.Release.class);
  }

  static void kill(int pid) {
    ProcessHandle.of(pid).orElseThrow().destroyForcibly();
  }

  static boolean alive(int pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  /// Waits for the end that the death of its owner brings.
  void ended(int keeper) throws IOException {
    until("the keeper to end by itself", () -> !alive(keeper));
    delete();
  }

  @Override
  public void close() throws IOException {
    int keeper = version().keeperPid();
    ask(new Call.Shutdown(true), Reply.Operated.class);
    until("the keeper to end", () -> !alive(keeper));
    delete();
  }

  private void delete() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
