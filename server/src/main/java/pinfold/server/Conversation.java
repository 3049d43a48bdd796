package pinfold.server;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import pinfold.contract.PinfoldException;
import pinfold.contract.VarlinkCall;
import pinfold.contract.VarlinkReader;
import pinfold.contract.VarlinkReply;
import pinfold.contract.VarlinkWriter;

/// One client, from its first call to its last.
///
/// Calls are answered one after the other on this thread while another one reads: a client that
/// goes away in the middle of a long answer is noticed at once, and the answer is given up. A
/// client that stops reading blocks its own conversation and nothing else.
final class Conversation {
  private static final System.Logger LOG = System.getLogger("server");

  /// Calls that may wait while one is answered.
  private static final int AHEAD = 16;

  /// What the reader has to tell.
  private sealed interface Heard {
    record Called(VarlinkCall call) implements Heard {}

    /// What came is of no use, and nothing after it can be.
    record Nonsense(PinfoldException problem) implements Heard {}

    record Over() implements Heard {}
  }

  private final VarlinkReader reader;
  private final VarlinkWriter writer;
  private final OutputStream out;
  private final Dispatcher dispatcher;
  private final Tally answering;
  private final BlockingQueue<Heard> heard = new ArrayBlockingQueue<>(AHEAD);

  private final Patience patience;

  /// @param in what the client sends
  /// @param answering counts this conversation while it is in the middle of an answer
  Conversation(Patience in, OutputStream out, Dispatcher dispatcher, Tally answering) {
    this.patience = in;
    this.reader = new VarlinkReader(in);
    this.writer = new VarlinkWriter(out);
    this.out = out;
    this.dispatcher = dispatcher;
    this.answering = answering;
  }

  /// Answers until the client has no more to ask, or goes away.
  void hold() {
    Thread answering = Thread.currentThread();
    Thread reading = Thread.ofVirtual().name("client-reader").start(() -> read(answering));
    try {
      while (answered(heard.take())) {
        // The next one.
      }
    } catch (InterruptedException _) {
      LOG.log(Level.DEBUG, "a client went away in the middle of an answer");
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "a client cannot be answered", e);
    } finally {
      reading.interrupt();
      patience.end();
    }
  }

  private boolean answered(Heard what) throws IOException, InterruptedException {
    switch (what) {
      case Heard.Called(VarlinkCall call) -> {
        answering.add(1);
        try {
          // The reading thread has stopped by then: what follows is no call.
          Optional<Replies.Wire> wire =
              call.upgrade() ? Optional.of(new Replies.Wire(reader.rest(), out)) : Optional.empty();
          dispatcher.answer(call, new Replies(writer, call.more(), call.oneway(), wire));
        } finally {
          answering.add(-1);
        }
        return !call.upgrade();
      }
      case Heard.Nonsense(PinfoldException problem) -> {
        writer.write(VarlinkReply.failed(problem.failure()));
        return false;
      }
      case Heard.Over() -> {
        return false;
      }
    }
  }

  private void read(Thread answering) {
    try {
      Optional<VarlinkCall> call = reader.call();
      while (call.isPresent()) {
        if (call.get().upgrade()) {
          patience.end();
        }
        heard.put(new Heard.Called(call.get()));
        if (call.get().upgrade()) {
          return;
        }
        call = reader.call();
      }
      // Whoever closes its side has heard enough; what is being answered is of no use to anybody.
      heard.put(new Heard.Over());
      answering.interrupt();
    } catch (PinfoldException e) {
      tell(new Heard.Nonsense(e));
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "a client cannot be heard", e);
      answering.interrupt();
    } catch (InterruptedException _) {
      // The conversation is over.
      return;
    }
  }

  private void tell(Heard last) {
    try {
      heard.put(last);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
