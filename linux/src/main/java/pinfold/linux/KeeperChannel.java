package pinfold.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The threads behind a {@link Keeper}.
 *
 * <p>A request is sent at once by whoever makes it, unless others wait already. When the socket is
 * full (about 150 spawn requests) it waits in a queue with duplicates of its descriptors, and the
 * thread "keeper-writer", which exists only from the first such moment on, sends it when the socket
 * takes more; adjacent requests of one type then share a message. The queue has no bound: what
 * waits was decided, and the core decides no more than there are units.
 */
final class KeeperChannel {
  private static final int EAGAIN = Errno.EAGAIN.number();

  /** ETOOMANYREFS: too many descriptors of this user are in flight. */
  private static final int TOO_MANY_IN_FLIGHT = 109;

  /** ENOBUFS and ENOTCONN. */
  private static final int NO_BUFFERS = 105;

  private static final int NOT_CONNECTED = 107;
  private static final int EINTR = Errno.EINTR.number();
  private static final int SHUT_RDWR = 2;
  private static final short POLLOUT = 4;

  private final Fd socket;

  /** For waiting only: it may be closed meanwhile. */
  private final int number;

  private final Keeper.Listener listener;
  private final MessageSocket outgoing = new MessageSocket(Wire.MAX_MESSAGE);

  /** Held while the listener is called, and never together with the other. */
  private final ReentrantLock telling = new ReentrantLock();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // All below are guarded by lock.
  private final ArrayDeque<Message> queue = new ArrayDeque<>();
  private final Map<BirthId, Sent> unanswered = new HashMap<>();
  private long lastSeq;
  private boolean writing;
  private boolean lost;

  KeeperChannel(Fd socket, Keeper.Listener listener) {
    this.socket = socket;
    this.number = socket.number();
    this.listener = listener;
  }

  /** A message that waits, and owns its descriptors. */
  private record Message(
      int type, long seq, List<byte[]> entries, List<BirthId> births, List<Fd> descriptors) {
    int size() {
      return Wire.Header.BYTES + entries.size() * entries.getFirst().length;
    }

    byte[] encode() {
      Entry message = new Entry(size());
      message
          .u16(Wire.Header.TYPE, type)
          .u16(Wire.Header.COUNT, entries.size())
          .u32(Wire.Header.NFDS, descriptors.size())
          .u64(Wire.Header.SEQ, seq);
      int at = Wire.Header.BYTES;
      for (byte[] entry : entries) {
        message.bytes(at, entry);
        at += entry.length;
      }
      return message.bytes();
    }

    void close() {
      descriptors.forEach(Fd::close);
    }
  }

  /** Where a birth was asked for: which message, which entry. */
  private record Sent(long seq, int entry) {}

  void start() {
    Thread.ofPlatform().name("keeper-reader").daemon().start(this::read);
  }

  long send(int type, Entry entry, List<Fd> descriptors) {
    lock.lock();
    try {
      return enqueue(type, entry, List.of(), descriptors);
    } finally {
      lock.unlock();
    }
  }

  /** Remembers the birth until the keeper says something of it. */
  long spawn(int type, BirthId birth, Entry entry, List<Fd> descriptors) {
    lock.lock();
    try {
      unanswered.put(birth, new Sent(lastSeq + 1, 0));
      return enqueue(type, entry, List.of(birth), descriptors);
    } finally {
      lock.unlock();
    }
  }

  private long enqueue(int type, Entry entry, List<BirthId> births, List<Fd> descriptors) {
    long seq = ++lastSeq;
    if (lost) {
      return seq;
    }
    Message message = new Message(type, seq, List.of(entry.bytes()), births, descriptors);
    if (queue.isEmpty()) {
      long result = transmit(message);
      if (!mayRetry(result)) {
        settle(message, result);
        return seq;
      }
    }
    try {
      List<Fd> own = new ArrayList<>(descriptors.size());
      for (Fd descriptor : descriptors) {
        own.add(descriptor.duplicate());
      }
      queue.add(new Message(type, seq, List.of(entry.bytes()), births, own));
    } catch (SystemCallException e) {
      // No descriptor is free: the request has failed, and says so as the keeper would.
      refuse(seq, e.errno());
      return seq;
    }
    if (!writing) {
      writing = true;
      Thread.ofPlatform().name("keeper-writer").daemon().start(this::write);
    }
    changed.signal();
    return seq;
  }

  private static boolean mayRetry(long result) {
    return result == -EAGAIN || result == -TOO_MANY_IN_FLIGHT || result == -NO_BUFFERS;
  }

  /** A connection that broke is told by the reader; anything else is told here. */
  private void settle(Message message, long result) {
    if (result < 0
        && result != -Errno.EPIPE.number()
        && result != -Errno.ECONNRESET.number()
        && result != -NOT_CONNECTED) {
      refuse(message.seq(), new Errno((int) -result));
    }
  }

  /** The result of sendmsg. */
  private long transmit(Message message) {
    long result;
    do {
      result =
          outgoing.send(
              socket.number(), message.encode(), message.descriptors(), MessageSocket.MSG_DONTWAIT);
    } while (result == -EINTR);
    return result;
  }

  /** The refusal is told by a thread of its own, since the caller may hold locks. */
  private void refuse(long seq, Errno errno) {
    List<BirthId> births = births(seq, -1);
    Thread.startVirtualThread(() -> deliver(new KeeperEvent.Refused(seq, errno, -1, births)));
  }

  private void write() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment poll = arena.allocate(8, 4);
      MemorySegment pause = arena.allocate(16, 8);
      pause.set(ValueLayout.JAVA_LONG, 8, 5_000_000);
      while (awaitWork()) {
        poll.set(ValueLayout.JAVA_INT, 0, number);
        poll.set(ValueLayout.JAVA_SHORT, 4, POLLOUT);
        Kernel.call(Sys.PPOLL, poll.address(), 1, 0);
        if (!flush()) {
          // Descriptors in flight are counted elsewhere than in the socket's room.
          Kernel.call(Sys.PPOLL, 0, 0, pause.address());
        }
      }
    }
  }

  private boolean awaitWork() {
    lock.lock();
    try {
      while (queue.isEmpty() && !lost) {
        changed.awaitUninterruptibly();
      }
      return !lost;
    } finally {
      lock.unlock();
    }
  }

  /** Sends what the socket takes; false when it has room but takes no more descriptors. */
  private boolean flush() {
    lock.lock();
    try {
      while (!queue.isEmpty() && !lost) {
        Message message = gather();
        long result = transmit(message);
        if (mayRetry(result)) {
          queue.addFirst(message);
          return result == -EAGAIN;
        }
        settle(message, result);
        message.close();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Takes the head of the queue together with the requests of its type behind it that fit. */
  private Message gather() {
    Message head = queue.remove();
    List<byte[]> entries = new ArrayList<>(head.entries());
    List<BirthId> births = new ArrayList<>(head.births());
    List<Fd> descriptors = new ArrayList<>(head.descriptors());
    int size = head.size();
    while (!queue.isEmpty()) {
      Message next = queue.element();
      size += next.entries().getFirst().length * next.entries().size();
      if (next.type() != head.type()
          || !shares(head.type())
          || size > Wire.MAX_MESSAGE
          || descriptors.size() + next.descriptors().size() > Wire.MAX_FDS) {
        break;
      }
      queue.remove();
      int first = entries.size();
      unanswered.replaceAll((_, sent) ->
          sent.seq() == next.seq() ? new Sent(head.seq(), first + sent.entry()) : sent);
      entries.addAll(next.entries());
      descriptors.addAll(next.descriptors());
    }
    return new Message(head.type(), head.seq(), entries, births, descriptors);
  }

  /** Births and acknowledgements: requests whose sequence number no caller waits for. */
  private static boolean shares(int type) {
    return type == Keeper.SPAWN || type == Keeper.ACK;
  }

  private void read() {
    String reason = "the keeper closed the connection";
    MessageSocket incoming = new MessageSocket(Wire.MAX_MESSAGE);
    try {
      KeeperReader reader = new KeeperReader(BootId.current());
      while (true) {
        MessageSocket.Received message = incoming.receive(socket.number(), 0);
        if (message.bytes().length == 0 && message.descriptors().isEmpty()) {
          break;
        }
        reader.read(message, this::tell);
      }
    } catch (KeeperReader.ProtocolException | IOException e) {
      reason = String.valueOf(e.getMessage());
    } finally {
      end();
    }
    deliver(new KeeperEvent.Lost(reason));
  }

  /** One at a time, whichever thread has it. */
  private void deliver(KeeperEvent event) {
    telling.lock();
    try {
      listener.event(event);
    } catch (RuntimeException e) {
      // A listener's mistake must not end the connection; it is told like any uncaught one.
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
    } finally {
      telling.unlock();
    }
  }

  private void tell(KeeperEvent event) {
    KeeperEvent told = event;
    if (event instanceof KeeperEvent.Child(ChildSnapshot snapshot)) {
      lock.lock();
      try {
        unanswered.remove(snapshot.birth());
      } finally {
        lock.unlock();
      }
    } else if (event instanceof KeeperEvent.Refused(long seq, Errno errno, int entry, _)) {
      lock.lock();
      try {
        told = new KeeperEvent.Refused(seq, errno, entry, births(seq, entry));
      } finally {
        lock.unlock();
      }
    }
    deliver(told);
  }

  private List<BirthId> births(long seq, int entry) {
    List<BirthId> births = new ArrayList<>();
    Iterator<Map.Entry<BirthId, Sent>> all = unanswered.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<BirthId, Sent> one = all.next();
      if (one.getValue().seq() == seq && (entry == -1 || one.getValue().entry() == entry)) {
        births.add(one.getKey());
        all.remove();
      }
    }
    return births;
  }

  private void end() {
    lock.lock();
    try {
      lost = true;
      queue.forEach(Message::close);
      queue.clear();
      changed.signalAll();
      socket.close();
    } finally {
      lock.unlock();
    }
  }

  /** Wakes the reader, which ends everything. */
  void close() {
    lock.lock();
    try {
      if (!lost) {
        Kernel.call(Sys.SHUTDOWN, socket.number(), SHUT_RDWR, 0);
      }
    } finally {
      lock.unlock();
    }
  }
}
