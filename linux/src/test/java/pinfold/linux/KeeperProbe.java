package pinfold.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;

/**
 * The supervisor that a keeper under test starts: it hands its socket to the test through a unix
 * socket and lives until the test closes that connection. Where there is no test any more, it ends
 * the keeper and what that holds.
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
      try {
        address.connect(connection, path);
      } catch (SystemCallException e) {
        endAll(supervisor);
        throw e;
      }
      MessageSocket messages = new MessageSocket(16);
      long sent = messages.send(connection.number(), new byte[1], List.of(supervisor), 0);
      if (sent != 1) {
        throw new IOException("cannot hand over the socket: " + new Errno((int) -sent));
      }
      wait(messages, connection);
    }
  }

  private static void endAll(Fd supervisor) {
    BlockingQueue<KeeperEvent> events = new LinkedBlockingQueue<>();
    try (Keeper keeper = Keeper.attach(supervisor, events::add)) {
      Set<BirthId> told = new HashSet<>();
      boolean done = false;
      while (!done) {
        switch (events.take()) {
          case KeeperEvent.Welcome welcome -> {
            for (int left = welcome.children(); left > 0; left = welcome.children() - told.size()) {
              if (events.take() instanceof KeeperEvent.Child(ChildSnapshot child)) {
                told.add(child.birth());
              }
            }
            told.forEach(birth -> keeper.signal(birth, Signal.KILL, KeeperEvent.Scope.ALL));
            keeper.role(Keeper.Role.END, List.of());
            keeper.stats();
          }
          case KeeperEvent.Stats _, KeeperEvent.Lost _ -> done = true; // it has heard all of it
          case KeeperEvent.Child _,
              KeeperEvent.Signalled _,
              KeeperEvent.Held _,
              KeeperEvent.Fetched _,
              KeeperEvent.PidfdIs _,
              KeeperEvent.Log _,
              KeeperEvent.Shutdown _,
              KeeperEvent.Refused _ -> {}
        }
      }
    } catch (InterruptedException e) {
      throw new AssertionError("nobody interrupts", e);
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
