package pinfold.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Turns messages of the keeper into events. Not for more than one thread. */
final class KeeperReader {
  private static final int WELCOME = 101;
  private static final int CHILD = 102;
  private static final int SIGNALLED = 103;
  private static final int HELD = 104;
  private static final int FETCHED = 105;
  private static final int PIDFD_IS = 106;
  private static final int LOG = 107;
  private static final int SHUTDOWN = 108;
  private static final int REFUSED = 109;
  private static final int STATS_ARE = 110;

  private final String bootId;

  KeeperReader(String bootId) {
    this.bootId = bootId;
  }

  /** What the keeper sent is not what the protocol allows. */
  static final class ProtocolException extends Exception {
    private static final long serialVersionUID = 1;

    ProtocolException(String message) {
      super(message);
    }
  }

  /**
   * Gives the events of one message to {@code events}. Descriptors that no event owns are closed.
   *
   * @throws ProtocolException nothing was given
   */
  void read(MessageSocket.Received message, Consumer<KeeperEvent> events) throws ProtocolException {
    try {
      parse(message, events);
    } catch (IllegalArgumentException e) {
      message.closeDescriptors();
      throw new ProtocolException(String.valueOf(e.getMessage()));
    } catch (ProtocolException e) {
      message.closeDescriptors();
      throw e;
    }
  }

  private void parse(MessageSocket.Received message, Consumer<KeeperEvent> events)
      throws ProtocolException {
    ByteBuffer bytes = ByteBuffer.wrap(message.bytes()).order(ByteOrder.nativeOrder());
    if (bytes.capacity() < Wire.Header.BYTES) {
      throw new ProtocolException("a message of " + bytes.capacity() + " bytes");
    }
    int type = Short.toUnsignedInt(bytes.getShort(Wire.Header.TYPE));
    int count = Short.toUnsignedInt(bytes.getShort(Wire.Header.COUNT));
    int wantedFds = bytes.getInt(Wire.Header.NFDS);
    long seq = bytes.getLong(Wire.Header.SEQ);
    int size = size(type);
    if (bytes.capacity() != Wire.Header.BYTES + count * size) {
      throw new ProtocolException(
          "message " + type + " with " + count + " entries has " + bytes.capacity() + " bytes");
    }
    if (!message.complete() || wantedFds != message.descriptors().size()) {
      // This process is short of descriptors: what was asked can be asked again.
      message.closeDescriptors();
      events.accept(new KeeperEvent.Refused(seq, Errno.EMFILE, -1, List.of()));
      return;
    }
    int perEntry = perEntry(type);
    if (wantedFds > count * perEntry || (type == HELD && wantedFds != count)) {
      throw new ProtocolException("message " + type + " with " + wantedFds + " descriptors");
    }
    if (count == 0 && type == FETCHED) {
      events.accept(new KeeperEvent.Fetched(seq));
    }
    for (int i = 0; i < count; i++) {
      ByteBuffer entry =
          bytes.slice(Wire.Header.BYTES + i * size, size).order(ByteOrder.nativeOrder());
      Optional<Fd> descriptor =
          i < wantedFds ? Optional.of(message.descriptors().get(i)) : Optional.empty();
      events.accept(event(type, seq, entry, descriptor));
    }
  }

  private static int size(int type) throws ProtocolException {
    return switch (type) {
      case WELCOME -> Wire.Welcome.BYTES;
      case CHILD -> Wire.Child.BYTES;
      case SIGNALLED -> Wire.Signalled.BYTES;
      case HELD -> Wire.Hold.BYTES;
      case FETCHED -> 0;
      case PIDFD_IS -> Wire.Id.BYTES;
      case LOG -> Wire.Log.BYTES;
      case SHUTDOWN -> Wire.Signal.BYTES;
      case REFUSED -> Wire.Refused.BYTES;
      case STATS_ARE -> Wire.Stats.BYTES;
      default -> throw new ProtocolException("message of unknown type " + type);
    };
  }

  private static int perEntry(int type) {
    return type == HELD || type == PIDFD_IS ? 1 : 0;
  }

  private KeeperEvent event(int type, long seq, ByteBuffer entry, Optional<Fd> descriptor)
      throws ProtocolException {
    return switch (type) {
      case WELCOME -> welcome(entry);
      case CHILD -> new KeeperEvent.Child(ChildCodec.read(entry, bootId));
      case SIGNALLED ->
          new KeeperEvent.Signalled(
              seq,
              ChildCodec.id(entry, Wire.Signalled.ID),
              new Signal(entry.getInt(Wire.Signalled.SIG)),
              scope(entry.getInt(Wire.Signalled.SCOPE)),
              new Errno(entry.getInt(Wire.Signalled.ERR)),
              entry.getInt(Wire.Signalled.COUNT));
      case HELD ->
          new KeeperEvent.Held(
              seq,
              entry.getLong(Wire.Hold.KEY),
              (entry.getInt(Wire.Hold.FLAGS) & 1) != 0,
              text(entry, Wire.Hold.NAME, Wire.HOLD_NAME),
              descriptor.orElseThrow(() -> new ProtocolException("held without descriptor")));
      case PIDFD_IS -> new KeeperEvent.PidfdIs(seq, ChildCodec.id(entry, Wire.Id.ID), descriptor);
      case LOG ->
          new KeeperEvent.Log(
              ChildCodec.id(entry, Wire.Log.ID),
              entry.getInt(Wire.Log.STREAM) == 1,
              logKind(entry.getInt(Wire.Log.KIND)),
              new Errno(entry.getInt(Wire.Log.ERR)),
              entry.getLong(Wire.Log.BYTES_OFFSET));
      case SHUTDOWN -> new KeeperEvent.Shutdown(new Signal(entry.getInt(Wire.Signal.SIG)));
      case REFUSED ->
          new KeeperEvent.Refused(
              seq,
              new Errno(entry.getInt(Wire.Refused.ERR)),
              entry.getInt(Wire.Refused.ENTRY),
              List.of());
      case STATS_ARE -> stats(seq, entry);
      default -> throw new ProtocolException("message of unknown type " + type);
    };
  }

  private static KeeperEvent welcome(ByteBuffer entry) throws ProtocolException {
    int protocol = entry.getInt(Wire.Welcome.PROTOCOL);
    if (protocol != Wire.PROTOCOL) {
      throw new ProtocolException(
          "the keeper speaks protocol " + protocol + ", this supervisor " + Wire.PROTOCOL);
    }
    return new KeeperEvent.Welcome(
        entry.getInt(Wire.Welcome.PID),
        entry.getInt(Wire.Welcome.CHILDREN),
        ChildCodec.time(entry.getLong(Wire.Welcome.STARTED_NS)).orElse(Instant.EPOCH),
        entry.getLong(Wire.Welcome.GENERATION),
        (entry.getInt(Wire.Welcome.FLAGS) & 1) != 0);
  }

  private static KeeperEvent.Stats stats(long seq, ByteBuffer entry) {
    return new KeeperEvent.Stats(
        seq,
        entry.getLong(Wire.Stats.BIRTHS),
        entry.getLong(Wire.Stats.EXITS),
        entry.getLong(Wire.Stats.WAKEUPS),
        entry.getLong(Wire.Stats.LOG_BYTES),
        entry.getLong(Wire.Stats.LOG_DROPPED),
        entry.getLong(Wire.Stats.SUPERVISORS),
        entry.getInt(Wire.Stats.CHILDREN),
        entry.getInt(Wire.Stats.STREAMS),
        entry.getInt(Wire.Stats.HELD),
        entry.getInt(Wire.Stats.PLANS));
  }

  private static KeeperEvent.Scope scope(int number) throws ProtocolException {
    for (KeeperEvent.Scope scope : KeeperEvent.Scope.values()) {
      if (scope.number() == number) {
        return scope;
      }
    }
    throw new ProtocolException("signal scope " + number);
  }

  private static KeeperEvent.LogKind logKind(int number) throws ProtocolException {
    return switch (number) {
      case 1 -> KeeperEvent.LogKind.FULL;
      case 2 -> KeeperEvent.LogKind.RESUMED;
      case 3 -> KeeperEvent.LogKind.ROTATED;
      case 4 -> KeeperEvent.LogKind.FAILED;
      default -> throw new ProtocolException("log event " + number);
    };
  }

  /** Up to the first NUL. */
  private static String text(ByteBuffer entry, int offset, int space) {
    int length = 0;
    while (length < space && entry.get(offset + length) != 0) {
      length++;
    }
    byte[] bytes = new byte[length];
    entry.get(offset, bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
