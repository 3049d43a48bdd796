package pinfold.server;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import pinfold.contract.Bytes;
import pinfold.contract.Frame;
import pinfold.contract.PinfoldException;
import pinfold.contract.WindowSize;
import pinfold.linux.Pty;
import pinfold.linux.Signal;
import pinfold.supervisor.LiveSession;

/// A client at a command's input and output, from its first byte to its exit. What the command
/// writes is sent before its exit is; a client that goes away takes the command with it.
final class SessionFrames {
  private static final System.Logger LOG = System.getLogger("server");

  private final LiveSession session;
  private final FrameWire wire;
  private final Feed feed;
  private final AtomicLong moved = new AtomicLong();
  private final AtomicInteger sending = new AtomicInteger();

  /// Nobody listens any more.
  private volatile boolean gone;

  SessionFrames(LiveSession session, FrameWire wire) {
    this.session = session;
    this.wire = wire;
    this.feed = new Feed(session.input(), wire, session::endInput);
  }

  /// Returns when the session is over.
  void hold() throws InterruptedException {
    List<CompletableFuture<@Nullable Void>> readers = new ArrayList<>();
    try {
      wire.greet();
    } catch (IOException e) {
      lost(e);
    }
    readers.add(reader("session-output", session.output(), Frame.Stdout::new));
    session
        .error()
        .ifPresent(error -> readers.add(reader("session-error", error, Frame.Stderr::new)));
    feed.start("session-feed");
    Thread listening = Thread.ofVirtual().name("session-input").start(this::listen);
    try {
      Frame last = ended();
      CompletableFuture<?> read =
          CompletableFuture.allOf(readers.toArray(new CompletableFuture<?>[0]));
      session.windUp(read, moved::get, () -> sending.get() > 0);
      send(last);
    } finally {
      session.kill();
      feed.close();
      listening.interrupt();
    }
  }

  private Frame ended() throws InterruptedException {
    try {
      return FrameWire.exit(session.await());
    } catch (PinfoldException e) {
      return new Frame.Failed(e.failure());
    }
  }

  private CompletableFuture<@Nullable Void> reader(
      String name, InputStream from, Function<Bytes, Frame> as) {
    CompletableFuture<@Nullable Void> end = new CompletableFuture<>();
    Thread.ofVirtual()
        .name(name)
        .start(() -> {
          read(from, as);
          end.complete(null);
        });
    return end;
  }

  private void read(InputStream from, Function<Bytes, Frame> as) {
    byte[] buffer = new byte[16_384];
    try {
      for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
        send(as.apply(Bytes.of(buffer, 0, count)));
        moved.addAndGet(count);
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "a session's output was given up", e);
    }
  }

  /// What nobody listens to is dropped, so that the command can go on to its end.
  private void send(Frame frame) {
    if (gone) {
      return;
    }
    sending.incrementAndGet();
    try {
      wire.write(frame);
    } catch (IOException e) {
      lost(e);
    } finally {
      sending.decrementAndGet();
    }
  }

  private void lost(IOException e) {
    LOG.log(Level.DEBUG, "the client of a session is gone", e);
    gone = true;
  }

  private void listen() {
    try {
      Optional<Frame> frame = wire.read();
      while (frame.isPresent()) {
        take(frame.get());
        frame = wire.read();
      }
    } catch (IOException | PinfoldException e) {
      LOG.log(Level.DEBUG, "the client of a session cannot be heard", e);
    }
    gone = true;
    try {
      session.hangUp();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void take(Frame frame) throws IOException {
    switch (frame) {
      case Frame.Stdin(Bytes bytes) -> feed.add(bytes);
      case Frame.Eof() -> feed.end();
      case Frame.Resize(WindowSize size) ->
          session.resize(new Pty.Size(size.rows(), size.columns()));
      case Frame.Signal(int number) -> {
        if (number >= 1 && number <= 64) {
          session.signal(new Signal(number));
        }
      }
      case Frame.Hello _,
          Frame.Stdout _,
          Frame.Stderr _,
          Frame.Taken _,
          Frame.Exit _,
          Frame.Failed _ ->
          throw new IOException("a frame that only supervisors send");
    }
  }
}
