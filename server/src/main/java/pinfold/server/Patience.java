package pinfold.server;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import pinfold.contract.Code;
import pinfold.contract.PinfoldException;

/// What a client sends, as long as it goes on sending: one that says nothing before its first
/// message, or hangs in the middle of one, is given up. Between messages it may take its time.
///
/// A long message needs room, of which all clients together have little: what many hold back in
/// parts cannot exhaust the supervisor's memory. One thread reads; any may say that it is over.
final class Patience extends FilterInputStream {
  /// A message of more bytes needs room.
  static final int SHORT = 64 << 10;

  private final Duration bound;
  private final Semaphore room;
  private final Runnable giveUp;

  /// Runs while a message is awaited.
  private final AtomicReference<@Nullable Thread> watch = new AtomicReference<>();

  private final AtomicBoolean holding = new AtomicBoolean();
  private volatile boolean over;

  /// Bytes of the message that is being heard; the reading thread's.
  private long length;

  /// @param bound from the first byte of a message to its last, and from now to the end of the
  ///   first message
  /// @param room for long messages, of all clients
  /// @param giveUp ends the connection; any thread
  Patience(InputStream in, Duration bound, Semaphore room, Runnable giveUp) {
    super(in);
    this.bound = bound;
    this.room = room;
    this.giveUp = giveUp;
    await();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  /// @throws PinfoldException when there is no room for a long message
  @Override
  public int read(byte[] into, int offset, int most) throws IOException {
    int count = super.read(into, offset, most);
    if (count < 0) {
      end();
    } else if (!over) {
      heard(into, offset, offset + count);
    }
    return count;
  }

  private void heard(byte[] bytes, int from, int to) {
    int begin = to;
    while (begin > from && bytes[begin - 1] != 0) {
      begin--;
    }
    if (begin > from) {
      whole();
    }
    length += to - begin;
    if (length > 0) {
      await();
    }
    if (length > SHORT && !holding.get()) {
      if (!room.tryAcquire()) {
        throw PinfoldException.of(
            Code.TOO_MANY_CONNECTIONS, "the supervisor hears other long messages, try again");
      }
      holding.set(true);
    }
  }

  private void await() {
    if (watch.get() == null) {
      watch.set(Thread.ofVirtual().name("client-patience").start(this::expire));
    }
  }

  private void expire() {
    try {
      Thread.sleep(bound);
      giveUp.run();
    } catch (InterruptedException _) {
      return; // all was said
    }
  }

  private void whole() {
    length = 0;
    Thread waiting = watch.getAndSet(null);
    if (waiting != null) {
      waiting.interrupt();
    }
    if (holding.getAndSet(false)) {
      room.release();
    }
  }

  /// The thread that waits for the end of a message; null when none is awaited.
  @Nullable Thread watching() {
    return watch.get();
  }

  /// No message is awaited any more: the client has closed its side, or speaks another protocol
  /// from now on, or is no more listened to.
  void end() {
    over = true;
    whole();
  }
}
