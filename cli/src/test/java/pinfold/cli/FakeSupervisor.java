package pinfold.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import pinfold.contract.Call;
import pinfold.contract.Failure;
import pinfold.contract.Interfaces;
import pinfold.contract.Json;
import pinfold.contract.Reply;
import pinfold.contract.VarlinkCall;
import pinfold.contract.VarlinkReader;
import pinfold.contract.VarlinkReply;
import pinfold.contract.VarlinkWriter;

/** A supervisor that answers over a real socket what a test tells it to. */
final class FakeSupervisor implements AutoCloseable {
  /** What happens on a connection after the reply to an upgrade. */
  interface Frames {
    void run(InputStream in, OutputStream out) throws IOException;
  }

  private final ServerSocketChannel server;
  private final Path socket;
  private final Map<Class<? extends Call>, List<VarlinkReply>> answers = new HashMap<>();
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final List<VarlinkCall> messages = new CopyOnWriteArrayList<>();
  private final CountDownLatch released = new CountDownLatch(1);
  private final Thread accepting;
  private volatile Frames frames = (_, _) -> {};
  private volatile CountDownLatch gate = new CountDownLatch(0);

  FakeSupervisor(Path state) throws IOException {
    socket = state.resolve("control.sock");
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    accepting = Thread.ofPlatform().daemon().start(this::accept);
  }

  /** The replies to a method, in order. */
  FakeSupervisor answer(Class<? extends Call> method, Reply... replies) {
    List<VarlinkReply> list = new ArrayList<>();
    for (int i = 0; i < replies.length; i++) {
      list.add(
          i + 1 < replies.length
              ? VarlinkReply.continued(replies[i])
              : VarlinkReply.last(replies[i]));
    }
    answers.put(method, list);
    return this;
  }

  FakeSupervisor fail(Class<? extends Call> method, Failure failure) {
    answers.put(method, List.of(VarlinkReply.failed(failure)));
    return this;
  }

  FakeSupervisor raw(Class<? extends Call> method, VarlinkReply reply) {
    answers.put(method, List.of(reply));
    return this;
  }

  /** Answers nothing before the gate is open. */
  FakeSupervisor after(CountDownLatch open) {
    gate = open;
    return this;
  }

  FakeSupervisor frames(Frames session) {
    frames = session;
    return this;
  }

  /** The calls that came, in order. */
  List<Call> calls() {
    return calls;
  }

  /** The same as they came over the wire. */
  List<VarlinkCall> messages() {
    return messages;
  }

  private void accept() {
    while (true) {
      try {
        SocketChannel channel = server.accept();
        Thread.ofVirtual().start(() -> serve(channel));
      } catch (ClosedChannelException _) {
        return;
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  private void serve(SocketChannel channel) {
    try (channel) {
      OutputStream out = Channels.newOutputStream(channel);
      VarlinkReader reader = new VarlinkReader(Channels.newInputStream(channel));
      VarlinkWriter writer = new VarlinkWriter(out);
      for (var message = reader.call(); message.isPresent(); message = reader.call()) {
        messages.add(message.get());
        Call call = Interfaces.call(message.get()).orElseThrow();
        calls.add(call);
        List<VarlinkReply> replies = answers.get(call.getClass());
        if (replies == null) {
          writer.write(
              VarlinkReply.serviceError(
                  "MethodNotFound", Json.object("method", Json.of(message.get().method()))));
          continue;
        }
        if (replies.isEmpty()) {
          released.await(); // says nothing
        }
        gate.await();
        for (VarlinkReply reply : replies) {
          writer.write(reply);
        }
        if (message.get().upgrade()) {
          frames.run(reader.rest(), out);
          return;
        }
      }
    } catch (IOException _) {
      // The client went away.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    released.countDown();
    server.close();
    try {
      accepting.join(); // until then the socket is still open
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    Files.deleteIfExists(socket);
  }
}
