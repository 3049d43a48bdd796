package pinfold.server;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.contract.VarlinkReply;
import pinfold.contract.VarlinkWriter;
import pinfold.linux.PeerCredentials;
import pinfold.linux.SystemCallException;
import pinfold.linux.UnixConnection;
import pinfold.linux.UnixListener;

/// Takes connections at the control socket. Each is a virtual thread; there are never more than
/// [#MOST].
final class ControlServer {
  private static final System.Logger LOG = System.getLogger("server");

  /// Connections at one time.
  static final int MOST = 256;

  /// A message has to be whole within this time.
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /// Long messages that are heard at one time.
  private static final int LONG = 2;

  private final Semaphore longMessages = new Semaphore(LONG);
  private final UnixListener listener;
  private final Dispatcher dispatcher;
  private final int owner;
  private final Semaphore room = new Semaphore(MOST);
  private final Tally answering = new Tally();

  /// @param owner uid that may talk to the supervisor, besides root
  ControlServer(UnixListener listener, Dispatcher dispatcher, int owner) {
    this.listener = listener;
    this.dispatcher = dispatcher;
    this.owner = owner;
  }

  /// Takes connections until the listener is closed.
  void serve() {
    while (true) {
      try {
        UnixConnection connection = listener.accept();
        Thread.ofVirtual().name("client").start(() -> converse(connection));
      } catch (SystemCallException e) {
        // Short of descriptors: the connection waits in the backlog until some are free again.
        LOG.log(Level.WARNING, "a connection cannot be taken", e);
        pause();
      } catch (IOException _) {
        return;
      }
    }
  }

  /// Waits until no conversation is in the middle of an answer, as long as `nanos` at most.
  void settle(long nanos) throws InterruptedException {
    answering.awaitZero(nanos);
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(100);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void converse(UnixConnection connection) {
    try (connection) {
      PeerCredentials peer = connection.peer();
      if (peer.uid() != owner && peer.uid() != 0) {
        refuse(
            connection,
            Failure.of(
                Code.NOT_ALLOWED, "user " + peer.uid() + " may not talk to this supervisor"));
        return;
      }
      if (!room.tryAcquire()) {
        refuse(
            connection,
            Failure.of(
                Code.TOO_MANY_CONNECTIONS, "the supervisor has " + MOST + " connections already"));
        return;
      }
      try {
        Patience input =
            new Patience(connection.input(), PATIENCE, longMessages, connection::close);
        new Conversation(input, connection.output(), dispatcher, answering).hold();
      } finally {
        room.release();
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "a connection ended", e);
    }
  }

  private static void refuse(UnixConnection connection, Failure failure) throws IOException {
    new VarlinkWriter(connection.output()).write(VarlinkReply.failed(failure));
  }
}
