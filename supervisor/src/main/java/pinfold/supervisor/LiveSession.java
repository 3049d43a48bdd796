package pinfold.supervisor;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import pinfold.contract.Failure;
import pinfold.contract.PinfoldException;
import pinfold.core.BirthId;
import pinfold.core.End;
import pinfold.linux.Fd;
import pinfold.linux.KeeperEvent;
import pinfold.linux.Pty;
import pinfold.linux.Signal;
import pinfold.linux.UnixConnection;

/// A command beside a service, with us at the other end of its input and output. Any thread.
public final class LiveSession implements AutoCloseable {
  /// How long what the command left behind may be silent before it is ended.
  private static final long QUIET_MS = 200;

  /// How long it may go on in all.
  private static final int ROUNDS = 10;

  /// From HUP to KILL, when the person is gone.
  private static final long PATIENCE_S = 5;

  private final BirthId birth;
  private final Helpers helpers;
  private final Helpers.Helper helper;
  private final UnixConnection input;
  private final UnixConnection output;
  private final @Nullable UnixConnection error;
  private final @Nullable Fd terminal;
  private final Consumer<LiveSession> closed;

  /// @param input the same as `output` for a terminal
  /// @param error null for a terminal
  /// @param terminal null for pipes
  LiveSession(
      BirthId birth,
      Helpers helpers,
      Helpers.Helper helper,
      UnixConnection input,
      UnixConnection output,
      @Nullable UnixConnection error,
      @Nullable Fd terminal,
      Consumer<LiveSession> closed) {
    this.birth = birth;
    this.helpers = helpers;
    this.helper = helper;
    this.input = input;
    this.output = output;
    this.error = error;
    this.terminal = terminal;
    this.closed = closed;
  }

  public BirthId birth() {
    return birth;
  }

  /// What the command writes; with a terminal all of it. Ends when nobody has it open any more.
  public InputStream output() {
    return output.input();
  }

  /// What the command writes to its error output; empty with a terminal.
  public Optional<InputStream> error() {
    return Optional.ofNullable(error).map(UnixConnection::input);
  }

  /// What the command reads.
  public OutputStream input() {
    return input.output();
  }

  /// The command reads the end of its input. A terminal has no such thing: there it is a key.
  public void endInput() {
    if (terminal == null) {
      input.close();
    }
  }

  /// The person's window has another size.
  public void resize(Pty.Size size) throws IOException {
    if (terminal != null) {
      Pty.resize(terminal, size);
    }
  }

  /// Sends the command's process group a signal.
  public void signal(Signal signal) {
    helpers.signal(birth, signal, KeeperEvent.Scope.GROUP);
  }

  /// Waits for the command's end.
  ///
  /// @throws PinfoldException when it could not be started
  public End await() throws InterruptedException {
    try {
      return switch (helper.outcome().get()) {
        case Helpers.Outcome.Ended(End end) -> end;
        case Helpers.Outcome.Failed(Failure failure) -> throw failure.exception();
      };
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  /// The person is gone: everything of the command gets HUP, and KILL when it does not end by that.
  /// Returns when the command ended.
  public void hangUp() throws InterruptedException {
    helpers.signal(birth, Signal.HUP, KeeperEvent.Scope.ALL);
    if (!within(helper.outcome(), TimeUnit.SECONDS.toMillis(PATIENCE_S))) {
      kill();
      within(helper.outcome(), Long.MAX_VALUE);
    }
  }

  /// Ends every process of it now.
  public void kill() {
    helpers.kill(birth);
  }

  /// After the command's end: gives what it left behind a moment to finish what it writes, and ends
  /// it then, so that its output ends too. All that the command wrote is still there to be read.
  ///
  /// @param read completes when output and error were read to their end
  /// @param moved bytes read so far
  /// @param stuck whether whoever reads waits for somebody else
  public void windUp(CompletableFuture<?> read, LongSupplier moved, Stuck stuck)
      throws InterruptedException {
    long last = -1;
    for (int i = 0; i < ROUNDS && (moved.getAsLong() != last || stuck.now()); i++) {
      last = moved.getAsLong();
      if (within(read, QUIET_MS)) {
        break;
      }
    }
    kill();
    within(helper.gone(), Long.MAX_VALUE);
    last = -1;
    while (!within(read, QUIET_MS)) {
      // Whoever has it open is no process of the session: the command passed it on.
      if (moved.getAsLong() == last && !stuck.now()) {
        output.close();
        if (error != null) {
          error.close();
        }
      }
      last = moved.getAsLong();
    }
  }

  /// Whether whoever reads waits for somebody else at this moment.
  public interface Stuck {
    boolean now();
  }

  private static boolean within(CompletableFuture<?> what, long millis)
      throws InterruptedException {
    try {
      what.get(millis, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException _) {
      return false;
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  /// To be called when it is over, or never began. Gives up what is still open; whoever reads gets
  /// an IOException.
  @Override
  public void close() {
    closed.accept(this);
    input.close();
    output.close();
    if (error != null) {
      error.close();
    }
    if (terminal != null) {
      terminal.close();
    }
  }
}
