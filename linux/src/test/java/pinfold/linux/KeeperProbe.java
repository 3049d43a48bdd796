package pinfold.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * The supervisor that a keeper under test starts: it hands its socket to the test through a unix
 * socket and lives until the test closes that connection.
 */
final class KeeperProbe {
  private KeeperProbe() {}

  static final int SOCK_SEQPACKET = 5;

  public static void main(String[] arguments) throws IOException {
    Path path = Path.of(arguments[0]);
    try (Arena arena = Arena.ofConfined();
        UnixAddress address = UnixAddress.of(arena, path);
        Fd connection = UnixAddress.socket(SOCK_SEQPACKET);
        Fd supervisor = Keeper.inherited()) {
      address.connect(connection, path);
      MessageSocket messages = new MessageSocket(16);
      long sent = messages.send(connection.number(), new byte[1], List.of(supervisor), 0);
      if (sent != 1) {
        throw new IOException("cannot hand over the socket: " + new Errno((int) -sent));
      }
      wait(messages, connection);
    }
  }

  /** The socket does not block: it is asked again when a poller says so. */
  private static void wait(MessageSocket messages, Fd connection) throws IOException {
    Semaphore ready = new Semaphore(0);
    try (Poller poller = Poller.start("probe");
        Poller.Registration _ = poller.register(connection, _ -> ready.release())) {
      while (true) {
        try {
          if (messages.receive(connection.number(), 0).bytes().length == 0) {
            return;
          }
        } catch (SystemCallException e) {
          if (!e.errno().equals(Errno.EAGAIN)) {
            return;
          }
          ready.acquireUninterruptibly();
        }
      }
    }
  }
}
