package pinfold.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A datagram socket at a path that says who sent each message and takes descriptors (sd_notify(3)).
 * Waiting is done through a {@link Poller}: register {@link #descriptor}, then {@link #receive}
 * until nothing is left.
 */
public final class NotifySocket implements AutoCloseable {
  private static final int SOCK_DGRAM = 2;
  private static final int SOL_SOCKET = 1;
  private static final int SO_PASSCRED = 16;

  /** Largest message; systemd takes 4096 bytes. */
  public static final int MAX_MESSAGE = 8192;

  /** All notify sockets share one buffer: there may be a thousand of them, mostly silent. */
  private static final ReentrantLock LOCK = new ReentrantLock();

  private static final MessageSocket BUFFER = new MessageSocket(MAX_MESSAGE);

  private final Fd fd;

  /** Guarded by LOCK. */
  private boolean closed;

  private NotifySocket(Fd fd) throws SystemCallException {
    this.fd = fd;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment one = arena.allocate(4, 4);
      one.set(ValueLayout.JAVA_INT, 0, 1);
      Kernel.must(
          "ask for senders",
          Sys.SETSOCKOPT,
          fd.number(),
          SOL_SOCKET,
          SO_PASSCRED,
          one.address(),
          4,
          0);
    }
  }

  /**
   * One message.
   *
   * @param text hostile: at most {@link #MAX_MESSAGE} bytes of anything
   * @param sender as the kernel says
   * @param descriptors owned by the receiver
   * @param complete false when it was longer than the buffer or descriptors were lost
   */
  public record Message(
      String text, PeerCredentials sender, List<Fd> descriptors, boolean complete) {
    public Message {
      descriptors = List.copyOf(descriptors);
    }
  }

  /**
   * Makes a socket with mode 0600.
   *
   * @param path must not exist; its directory should be private
   */
  public static NotifySocket bind(Path path) throws IOException {
    Fd fd = UnixAddress.socket(SOCK_DGRAM);
    try (Arena arena = Arena.ofConfined();
        UnixAddress address = UnixAddress.of(arena, path)) {
      NotifySocket socket = new NotifySocket(fd);
      address.bind(fd, path);
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
      return socket;
    } catch (IOException e) {
      fd.close();
      throw e;
    }
  }

  /**
   * Makes a socket in no file system, for where a path would be too long for who connects. Any user
   * who learns the name can send to it: what a message may do has to depend on its sender.
   *
   * @param name 1 to 107 bytes; who connects puts '@' before it
   */
  public static NotifySocket bindName(String name) throws SystemCallException {
    Fd fd = UnixAddress.socket(SOCK_DGRAM);
    try (Arena arena = Arena.ofConfined();
        UnixAddress address = UnixAddress.ofName(arena, name)) {
      NotifySocket socket = new NotifySocket(fd);
      address.bind(fd, name);
      return socket;
    } catch (SystemCallException e) {
      fd.close();
      throw e;
    }
  }

  /** Takes over the descriptor of such a socket that the keeper held. */
  public static NotifySocket of(Fd held) throws SystemCallException {
    Blocking.never(held);
    return new NotifySocket(held);
  }

  /** For the poller and the keeper; stays this object's. */
  public Fd descriptor() {
    return fd;
  }

  /**
   * The next message, if one is there; never waits. Empty also after {@link #close}, which a
   * poller's callback may still meet.
   *
   * @throws SystemCallException what recvmsg(2) says, but EAGAIN
   */
  public Optional<Message> receive() throws SystemCallException {
    LOCK.lock();
    try {
      if (closed) {
        return Optional.empty();
      }
      MessageSocket.Received received = BUFFER.receive(fd.number(), MessageSocket.MSG_DONTWAIT);
      return Optional.of(
          new Message(
              new String(received.bytes(), StandardCharsets.UTF_8),
              received.sender().orElse(new PeerCredentials(0, -1, -1)),
              received.descriptors(),
              received.complete()));
    } catch (SystemCallException e) {
      if (e.errno().equals(Errno.EAGAIN)) {
        return Optional.empty();
      }
      throw e;
    } finally {
      LOCK.unlock();
    }
  }

  /** Closes this end; the path stays. */
  @Override
  public void close() {
    LOCK.lock();
    try {
      closed = true;
      fd.close();
    } finally {
      LOCK.unlock();
    }
  }
}
