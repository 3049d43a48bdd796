package pinfold.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SocketsTest {
  @TempDir(factory = TempNames.class)
  Path directory;

  private Poller poller;

  @BeforeEach
  void startPoller() throws Exception {
    poller = Poller.start("poller-test");
  }

  @AfterEach
  void closePoller() {
    poller.close();
  }

  private static CompletableFuture<Void> echo(UnixListener listener) {
    return CompletableFuture.runAsync(
        () -> {
          try (UnixConnection connection = listener.accept()) {
            connection.input().transferTo(connection.output());
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        Executors.newVirtualThreadPerTaskExecutor());
  }

  @Test
  void bytesComeBackAndThePeerIsKnown() throws Exception {
    Path path = directory.resolve("control.sock");
    try (UnixListener listener = UnixListener.bind(path, poller)) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
          .isEqualTo("rw-------");
      CompletableFuture<Void> echo = echo(listener);
      try (UnixConnection client = UnixConnection.connect(path)) {
        assertThat(client.peer())
            .isEqualTo(
                new PeerCredentials(
                    (int) ProcessHandle.current().pid(),
                    User.ownUid(),
                    (int) Kernel.call(Sys.GETGID, 0)));
        byte[] much = new byte[3_000_000];
        new Random(7).nextBytes(much);
        CompletableFuture<Void> writing =
            CompletableFuture.runAsync(() -> {
              try {
                client.output().write(much);
                client.shutdownOutput();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
        assertThat(client.input().readAllBytes()).isEqualTo(much);
        writing.get(30, TimeUnit.SECONDS);
      }
      echo.get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void pathsLongerThanTheKernelsStructureWork() throws Exception {
    Path deep = directory.resolve("d".repeat(100)).resolve("e".repeat(100));
    Files.createDirectories(deep);
    Path path = deep.resolve("control.sock");
    try (UnixListener listener = UnixListener.bind(path, poller)) {
      CompletableFuture<Void> echo = echo(listener);
      try (UnixConnection client = UnixConnection.connect(path)) {
        client.output().write('x');
        assertThat(client.input().read()).isEqualTo('x');
      }
      echo.get(30, TimeUnit.SECONDS);
    }
    assertThatThrownBy(() -> UnixListener.bind(deep.resolve("n".repeat(120)), poller))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the name of the socket is too long");
  }

  @Test
  void aListenerIsTakenOverWithWhoeverWaitsInIt() throws Exception {
    Path path = directory.resolve("control.sock");
    Fd held;
    try (UnixListener first = UnixListener.bind(path, poller)) {
      held = first.descriptor().duplicate();
    }
    try (UnixConnection client = UnixConnection.connect(path);
        UnixListener second = UnixListener.of(held, poller)) {
      CompletableFuture<Void> echo = echo(second);
      client.output().write("hello".getBytes(UTF_8));
      client.shutdownOutput();
      assertThat(client.input().readAllBytes()).asString(UTF_8).isEqualTo("hello");
      echo.get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void closingEndsWhoeverWaits() throws Exception {
    Path path = directory.resolve("control.sock");
    try (UnixListener listener = UnixListener.bind(path, poller);
        UnixConnection client = UnixConnection.connect(path);
        UnixConnection server = listener.accept()) {
      CompletableFuture<Object> reading = outcome(() -> server.input().read());
      CompletableFuture<Object> clientReading = outcome(() -> client.input().read());
      CompletableFuture<Object> accepting = outcome(() -> listener.accept());
      ((Runnable) server::close).run();
      assertThat(reading.get(30, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
      assertThat(clientReading.get(30, TimeUnit.SECONDS)).isEqualTo(-1);
      ((Runnable) listener::close).run();
      assertThat(accepting.get(30, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
    }
    assertThatThrownBy(() -> UnixConnection.connect(path))
        .isInstanceOf(SystemCallException.class)
        .hasMessageContaining("ECONNREFUSED");
  }

  private interface Action {
    Object run() throws IOException;
  }

  private static CompletableFuture<Object> outcome(Action action) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return action.run();
          } catch (IOException e) {
            return e;
          }
        },
        Executors.newVirtualThreadPerTaskExecutor());
  }

  @Test
  void withoutAFreeDescriptorAConnectionWaits() throws Exception {
    Path path = directory.resolve("control.sock");
    Rlimits.own();
    try (UnixListener listener = UnixListener.bind(path, poller);
        UnixConnection client = UnixConnection.connect(path)) {
      int free;
      try (Fd probe = listener.descriptor().duplicate()) {
        free = probe.number();
      }
      // The message of an error is loaded from a file, which needs a descriptor.
      assertThat(new SystemCallException("a", "b", Errno.EMFILE)).hasMessageContaining("EMFILE");
      Object outcome;
      setSoftLimit(free);
      try {
        outcome = outcome(listener::accept).get(30, TimeUnit.SECONDS);
      } finally {
        setSoftLimit(Rlimits.hard().getOrDefault(Rlimit.NOFILE, 1024L));
      }
      assertThat(outcome)
          .isInstanceOfSatisfying(
              SystemCallException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EMFILE));
      try (UnixConnection server = listener.accept()) {
        client.output().write('x');
        assertThat(server.input().read()).isEqualTo('x');
      }
    }
  }

  private static void setSoftLimit(long value) throws Exception {
    try (Arena arena = Arena.ofConfined()) {
      var pair = arena.allocate(16, 8);
      pair.set(ValueLayout.JAVA_LONG, 0, value);
      pair.set(
          ValueLayout.JAVA_LONG,
          8,
          Limit.kernel(Rlimits.hard().getOrDefault(Rlimit.NOFILE, 1024L)));
      Kernel.must(
          "limit descriptors", Sys.PRLIMIT64, 0, Rlimit.NOFILE.number(), pair.address(), 0, 0, 0);
    }
  }

  @Test
  void manyWaitingConnectionsCostNoThreads() throws Exception {
    Path path = directory.resolve("control.sock");
    try (UnixListener listener = UnixListener.bind(path, poller)) {
      List<UnixConnection> clients = new ArrayList<>();
      List<CompletableFuture<Void>> echoes = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        echoes.add(echo(listener));
        clients.add(UnixConnection.connect(path));
      }
      for (UnixConnection client : clients) {
        client.output().write('x');
        assertThat(client.input().read()).isEqualTo('x');
        client.close();
      }
      for (CompletableFuture<Void> echo : echoes) {
        echo.get(30, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void notificationsSayWhoSentThemAndBringDescriptors() throws Exception {
    Path path = directory.resolve("n".repeat(120)).resolve("notify.sock");
    Files.createDirectory(path.getParent());
    BlockingQueue<NotifySocket.Message> messages = new LinkedBlockingQueue<>();
    Fd held;
    try (NotifySocket first = NotifySocket.bind(path)) {
      held = first.descriptor().duplicate();
      assertThat(first.receive()).isEmpty();
      send(path, "READY=1".getBytes(UTF_8), List.of());
    }
    try (NotifySocket socket = NotifySocket.of(held);
        Poller.Registration _ =
            poller.register(
                socket.descriptor(),
                _ -> {
                  try {
                    for (var next = socket.receive(); next.isPresent(); next = socket.receive()) {
                      messages.add(next.get());
                    }
                  } catch (SystemCallException e) {
                    throw new UncheckedIOException(e);
                  }
                })) {
      NotifySocket.Message ready = messages.take();
      assertThat(ready.text()).isEqualTo("READY=1");
      assertThat(ready.sender().pid()).isEqualTo((int) ProcessHandle.current().pid());
      assertThat(ready.sender().uid()).isEqualTo(User.ownUid());
      try (FdPair pipe = FdPair.pipe()) {
        send(path, "FDSTORE=1".getBytes(UTF_8), List.of(pipe.first(), pipe.second()));
      }
      NotifySocket.Message store = messages.take();
      assertThat(store.descriptors()).hasSize(2);
      store.descriptors().forEach(Fd::close);
      send(path, new byte[NotifySocket.MAX_MESSAGE + 1], List.of());
      assertThat(messages.take().complete()).isFalse();
    }
  }

  @Test
  void aHangUpIsToldAndNothingElse() throws Exception {
    Semaphore told = new Semaphore(0);
    Semaphore readable = new Semaphore(0);
    try (FdPair pair = FdPair.streams();
        Fd copy = pair.first().duplicate();
        Poller.Registration _ = poller.onHangUp(pair.first(), told::release);
        Poller.Registration _ = poller.register(copy, _ -> readable.release())) {
      readable.acquire(); // there is room to write, at once
      new MessageSocket(16).send(pair.second().number(), new byte[1], List.of(), 0);
      readable.acquire();
      assertThat(told.availablePermits()).isZero();
      pair.second().close();
      told.acquire();
    }
    try (Fd open = Memfd.sealed("file", new byte[1])) {
      assertThatThrownBy(() -> poller.onHangUp(open, told::release))
          .isInstanceOfSatisfying(
              SystemCallException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EPERM));
    }
  }

  private static void send(Path path, byte[] bytes, List<Fd> descriptors) throws Exception {
    try (Arena arena = Arena.ofConfined();
        UnixAddress address = UnixAddress.of(arena, path);
        Fd fd = UnixAddress.socket(2)) {
      address.connect(fd, path);
      assertThat(new MessageSocket(16_384).send(fd.number(), bytes, descriptors, 0))
          .isEqualTo(bytes.length);
    }
  }
}
