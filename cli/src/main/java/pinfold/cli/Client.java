package pinfold.cli;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import pinfold.contract.Call;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.contract.PinfoldException;
import pinfold.contract.VarlinkCall;
import pinfold.contract.VarlinkReader;
import pinfold.contract.VarlinkReply;
import pinfold.contract.VarlinkWriter;

/**
 * One connection to a supervisor. Used by one thread; only {@link #close} may come from another
 * one.
 */
final class Client implements Closeable {
  /** How long an answer that needs no waiting may take. */
  static final Duration SOON = Duration.ofSeconds(10);

  /** How long a supervisor may take until it has taken an operation; its end is another matter. */
  static final Duration TAKEN = Duration.ofSeconds(30);

  /** A connection that speaks frames from now on. */
  record Upgraded<R>(R reply, InputStream in, OutputStream out) {}

  private final Link link;
  private final VarlinkReader reader;
  private final VarlinkWriter writer;
  private final OutputStream out;

  private Client(Link link) {
    this.link = link;
    this.out = link.out();
    this.reader = new VarlinkReader(link.in());
    this.writer = new VarlinkWriter(out);
  }

  /**
   * Connects.
   *
   * @return empty when nobody listens there
   * @throws PinfoldException {@link Code#NOT_ALLOWED}, {@link Code#SOCKET_UNUSABLE}
   */
  static Optional<Client> connect(Path socket) {
    if (!Files.exists(socket)) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Client(Link.open(socket)));
    } catch (ConnectException _) {
      return Optional.empty(); // the socket is left of a supervisor that is gone
    } catch (IOException e) {
      String reason = String.valueOf(e.getMessage());
      if (reason.contains("No such file")) {
        return Optional.empty(); // a new supervisor has just removed what a dead one left
      }
      Code code = reason.contains("ermission") ? Code.NOT_ALLOWED : Code.SOCKET_UNUSABLE;
      throw new PinfoldException(
          Failure.of(code, "cannot connect to " + socket + ": " + reason).tryNext("pinfold doctor"),
          e);
    }
  }

  /** As {@link #connect}, where a supervisor is needed. */
  static Client need(Path socket) {
    return connect(socket).orElseThrow(() -> nobody(socket));
  }

  /** That nobody listens there. */
  static PinfoldException nobody(Path socket) {
    return Failure.of(Code.NO_SUPERVISOR, "no supervisor runs for " + socket.getParent())
        .tryNext("pinfold up")
        .tryNext("pinfold doctor")
        .exception();
  }

  /** One call, one answer, soon. */
  <R extends Record> R call(Call call, Class<R> type) {
    return call(call, type, Optional.of(SOON));
  }

  /**
   * One call, one answer.
   *
   * @param bound how long it may take; empty means as long as it takes
   * @throws PinfoldException what the supervisor answers with, {@link Code#NO_ANSWER}, {@link
   *     Code#CONNECTION_LOST}
   */
  <R extends Record> R call(Call call, Class<R> type, Optional<Duration> bound) {
    return exchange(bound, () -> send(VarlinkCall.of(call)).as(type));
  }

  /**
   * One call, answers until the last one.
   *
   * @param first how long the first of them may take; empty means as long as it takes
   * @throws PinfoldException as {@link #call}
   */
  <R extends Record> void stream(
      Call call, Class<R> type, Optional<Duration> first, Consumer<R> each) {
    VarlinkReply begin = exchange(first, () -> send(VarlinkCall.of(call).withMore()));
    exchange(
        Optional.empty(),
        () -> {
          VarlinkReply reply = begin;
          while (true) {
            each.accept(reply.as(type));
            if (!reply.continues()) {
              return true;
            }
            reply = next();
          }
        });
  }

  /** A call after whose answer the connection speaks frames. */
  <R extends Record> Upgraded<R> upgrade(Call call, Class<R> type) {
    R reply = exchange(Optional.empty(), () -> send(VarlinkCall.of(call).withUpgrade()).as(type));
    return new Upgraded<>(reply, reader.rest(), out);
  }

  @Override
  public void close() {
    link.close();
  }

  private VarlinkReply send(VarlinkCall call) throws IOException {
    writer.write(call);
    return next();
  }

  private VarlinkReply next() throws IOException {
    return reader.reply().orElseThrow(() -> lost("the supervisor closed the connection"));
  }

  private interface Exchange<R> {
    R run() throws IOException;
  }

  private <R> R exchange(Optional<Duration> bound, Exchange<R> exchange) {
    AtomicBoolean late = new AtomicBoolean();
    Optional<Thread> watch = bound.map(time -> watch(time, late));
    try {
      return exchange.run();
    } catch (IOException e) {
      if (late.get()) {
        throw new PinfoldException(
            Failure.of(
                    Code.NO_ANSWER,
                    "the supervisor did not answer within " + Text.age(bound.orElse(SOON)))
                .tryNext("pinfold logs --supervisor")
                .tryNext("pinfold doctor"),
            e);
      }
      throw new PinfoldException(
          lost("the connection to the supervisor broke: " + e.getMessage()).failure(), e);
    } finally {
      watch.ifPresent(Thread::interrupt);
    }
  }

  /** Closes the connection when time is over: the only way to end a blocked read. */
  private Thread watch(Duration time, AtomicBoolean late) {
    return Thread.ofPlatform()
        .daemon()
        .name("pinfold-deadline")
        .start(() -> {
          try {
            Thread.sleep(time);
            late.set(true);
            close();
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // the answer came
          }
        });
  }

  private static PinfoldException lost(String message) {
    return Failure.of(Code.CONNECTION_LOST, message).tryNext("pinfold status").exception();
  }
}
