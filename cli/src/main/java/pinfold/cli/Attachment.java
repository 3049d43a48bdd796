package pinfold.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;
import pinfold.contract.Bytes;
import pinfold.contract.Call;
import pinfold.contract.Code;
import pinfold.contract.Exit;
import pinfold.contract.Failure;
import pinfold.contract.Frame;
import pinfold.contract.Frames;
import pinfold.contract.PinfoldException;
import pinfold.contract.Reply;
import pinfold.contract.WindowSize;
import pinfold.linux.Signal;

/**
 * The caller's input, output, window and signals at a process elsewhere, until it ends. The input
 * is read by a thread of its own, the output by the calling one.
 */
final class Attachment {
  /**
   * Signals that are passed on where no terminal turns keys into them at the other end, and where
   * the caller does more than look.
   */
  private static final List<String> PASSED_ON = List.of("INT", "TERM", "HUP");

  private final Console console;
  private final boolean interactive;
  private final boolean detachable;
  private final Object writing = new Object();
  private final Semaphore ahead = new Semaphore(Frame.AHEAD);
  private volatile boolean detached;

  /**
   * Not yet attached.
   *
   * @param interactive whether input is passed on
   * @param detachable whether Ctrl-P Ctrl-Q leaves
   */
  Attachment(Console console, boolean interactive, boolean detachable) {
    this.console = console;
    this.interactive = interactive;
    this.detachable = detachable;
  }

  /**
   * Makes the call and stays until the process ends or the person leaves.
   *
   * @param tty whether the other end is a terminal, so that this one is to pass keys as they are
   * @param call the call, given the size of the window
   * @return the exit code
   */
  int run(Client client, boolean tty, Function<Optional<WindowSize>, Call> call)
      throws IOException {
    if (!tty) {
      return attached(client.upgrade(call.apply(Optional.empty()), Reply.Session.class), null);
    }
    if (!console.inTerminal() || !console.out().terminal()) {
      throw Failure.of(Code.NOT_A_TERMINAL, "-t needs a terminal, and input or output is none here")
          .tryNext("leave -t out")
          .exception();
    }
    try (RawTerminal terminal = RawTerminal.open()) {
      var session = client.upgrade(call.apply(Optional.of(terminal.size())), Reply.Session.class);
      terminal.raw();
      return attached(session, terminal);
    }
  }

  /**
   * The same from a terminal to a process that may have one, which its reply says: then keys are
   * passed as they are, else lines are edited here.
   */
  int join(Client client, Function<Optional<WindowSize>, Call> call) throws IOException {
    try (RawTerminal terminal = RawTerminal.open()) {
      var session = client.upgrade(call.apply(Optional.of(terminal.size())), Reply.Session.class);
      if (session.reply().tty()) {
        terminal.raw();
        return attached(session, terminal);
      }
      terminal.detachable();
      return attached(session, null);
    }
  }

  private int attached(Client.Upgraded<Reply.Session> session, @Nullable RawTerminal terminal)
      throws IOException {
    OutputStream out = session.out();
    quietly(out, new Frame.Hello(session.reply().epoch()));
    List<Object> handlers = new ArrayList<>();
    if (terminal == null && (interactive || !detachable)) {
      for (String name : PASSED_ON) {
        handlers.add(Signals.register(name, () -> passOn(out, name)));
      }
    } else if (terminal != null) {
      terminal.onResize(() -> quietly(out, new Frame.Resize(terminal.size())));
    }
    try {
      Thread.ofPlatform().daemon().name("pinfold-stdin").start(() -> input(out));
      return output(session.in(), session.reply().epoch());
    } finally {
      for (int i = 0; i < handlers.size(); i++) {
        Signals.unregister(PASSED_ON.get(i), handlers.get(i));
      }
    }
  }

  private int output(InputStream in, long epoch) throws IOException {
    boolean begun = false;
    while (true) {
      Optional<Frame> frame;
      try {
        frame = Frames.read(in);
      } catch (IOException e) {
        if (detached) {
          return Exit.OK.code();
        }
        throw new PinfoldException(lost(), e);
      }
      if (frame.isEmpty()) {
        if (detached) {
          return Exit.OK.code();
        }
        throw lost().exception();
      }
      if (frame.get() instanceof Frame.Hello(long id)) {
        begun = id == epoch;
      } else if (begun) {
        switch (frame.get()) {
          case Frame.Stdout(Bytes bytes) -> show(console.out(), bytes);
          case Frame.Stderr(Bytes bytes) -> show(console.err(), bytes);
          case Frame.Taken(int count) -> taken(count);
          case Frame.Exit exit -> {
            return code(exit);
          }
          case Frame.Failed(Failure failure) -> throw failure.exception();
          case Frame.Hello _, Frame.Stdin _, Frame.Eof _, Frame.Resize _, Frame.Signal _ ->
              throw PinfoldException.of(
                  Code.BAD_MESSAGE, "the supervisor sent a frame that only clients send");
        }
      }
    }
  }

  private void taken(int count) {
    if (count > Frame.AHEAD - ahead.availablePermits()) {
      throw PinfoldException.of(Code.BAD_MESSAGE, "the supervisor took more input than there was");
    }
    ahead.release(count);
  }

  private static int code(Frame.Exit exit) {
    if (exit.code().isPresent()) {
      return exit.code().getAsInt() & 0xff;
    }
    return exit.signal().isPresent() ? 128 + (exit.signal().getAsInt() & 0x7f) : Exit.RUNNER.code();
  }

  private static void show(Output output, Bytes bytes) {
    output.write(bytes.toArray());
    output.flush();
  }

  private void input(OutputStream out) {
    DetachKeys keys = new DetachKeys(detachable);
    byte[] buffer = new byte[16_384];
    try {
      while (interactive) {
        int count = console.in().read(buffer);
        if (count < 0) {
          break;
        }
        byte[] passed = keys.filter(buffer, count);
        if (passed.length > 0) {
          ahead.acquire(passed.length);
          send(out, new Frame.Stdin(Bytes.of(passed, 0, passed.length)));
        }
        if (keys.detached()) {
          detached = true;
          out.close();
          return;
        }
      }
      send(out, new Frame.Eof());
    } catch (IOException _) {
      // The session is over; the reader of the other direction finds out how.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // nobody does that: the thread ends with the command
    }
  }

  private void passOn(OutputStream out, String name) {
    Signal.named(name).ifPresent(signal -> quietly(out, new Frame.Signal(signal.number())));
  }

  private void quietly(OutputStream out, Frame frame) {
    try {
      send(out, frame);
    } catch (IOException _) {
      // As above.
    }
  }

  private void send(OutputStream out, Frame frame) throws IOException {
    synchronized (writing) {
      Frames.write(out, frame);
    }
  }

  private static Failure lost() {
    return Failure.of(Code.CONNECTION_LOST, "the connection ended before the command did")
        .tryNext("pinfold status");
  }
}
