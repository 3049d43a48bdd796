package pinfold.server;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.stream.Stream;
import pinfold.contract.Bytes;
import pinfold.contract.Frame;
import pinfold.contract.PinfoldException;
import pinfold.contract.WindowSize;
import pinfold.core.Command;
import pinfold.core.Run;
import pinfold.core.Unit;
import pinfold.core.UnitName;
import pinfold.linux.Fd;
import pinfold.linux.Pty;
import pinfold.linux.SystemCallException;
import pinfold.linux.UnixConnection;
import pinfold.logs.LogEntry;
import pinfold.logs.LogQuery;
import pinfold.logs.LogReader;
import pinfold.logs.LogSource;
import pinfold.logs.LogStream;
import pinfold.supervisor.Bell;
import pinfold.supervisor.Supervisor;

/// A client at a running service: hears from its log what it says from now on, and writes to its
/// input. The service does not care whether the client goes away; the client is told when the
/// service's run ends.
final class AttachFrames {
  private static final System.Logger LOG = System.getLogger("server");

  /// Largest piece of a line in one frame.
  private static final int PIECE = 16_384;

  private final Supervisor supervisor;
  private final UnitName name;
  private final Run run;

  /// The terminal; empty when the service has none, or nothing may be done to it.
  private final Optional<Fd> screen;

  private final FrameWire wire;
  private final Optional<Feed> feed;
  private volatile boolean gone;

  AttachFrames(
      Supervisor supervisor,
      UnitName name,
      Run run,
      Optional<UnixConnection> input,
      Optional<Fd> screen,
      FrameWire wire) {
    this.supervisor = supervisor;
    this.name = name;
    this.run = run;
    this.screen = screen;
    this.wire = wire;
    // The input stays open for whoever attaches next.
    this.feed = input.map(to -> new Feed(to.output(), wire, () -> {}));
  }

  /// Returns when the run ended or the client is gone.
  ///
  /// @param size of the client's window, where it has one
  void hold(Optional<WindowSize> size) throws IOException, InterruptedException {
    wire.greet();
    Instant now = Instant.now();
    long from = now.getEpochSecond() * 1_000_000_000L + now.getNano();
    size.ifPresent(this::resize);
    Thread showing = Thread.ofVirtual().name("attach-output").start(() -> show(from));
    Thread main = Thread.currentThread();
    feed.ifPresent(f -> f.start("attach-feed"));
    Thread listening = Thread.ofVirtual().name("attach-input").start(() -> listen(main));
    try {
      Frame.Exit exit = ended();
      // Asked to stop, it gives what is there first.
      showing.interrupt();
      showing.join();
      wire.write(exit);
    } finally {
      showing.interrupt();
      listening.interrupt();
      feed.ifPresent(Feed::close);
    }
  }

  private Frame.Exit ended() throws InterruptedException {
    Bell bell = supervisor.changed();
    while (true) {
      long seen = bell.count();
      Optional<Unit> unit = supervisor.world().unit(name);
      boolean same =
          unit.flatMap(Unit::run)
              .filter(r -> r.id().equals(run.id()) && r.report().end() == null)
              .isPresent();
      if (!same) {
        return unit.flatMap(u -> end(u))
            .map(FrameWire::exit)
            .orElse(new Frame.Exit(OptionalInt.empty(), OptionalInt.empty()));
      }
      bell.await(seen, Long.MAX_VALUE);
    }
  }

  private Optional<pinfold.core.End> end(Unit unit) {
    return unit.run()
        .filter(r -> r.id().equals(run.id()))
        .flatMap(r -> Optional.ofNullable(r.report().end()))
        .or(unit::end);
  }

  private void show(long from) {
    List<LogSource> sources =
        Stream.of(LogStream.values()).map(stream -> supervisor.log(name, stream)).toList();
    LogQuery query = LogQuery.all(sources).runs(new LogQuery.Runs.Only(run.number())).since(from);
    try {
      LogReader.followPieces(query, this::show);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the log of " + name + " cannot be shown any more", e);
    }
  }

  private boolean show(LogEntry entry) throws IOException {
    if (entry instanceof LogEntry.Line line) {
      byte[] bytes = Arrays.copyOf(line.bytes(), line.bytes().length + (line.ended() ? 1 : 0));
      if (line.ended()) {
        bytes[bytes.length - 1] = '\n';
      }
      for (int at = 0; at < bytes.length; at += PIECE) {
        Bytes piece = Bytes.of(bytes, at, Math.min(PIECE, bytes.length - at));
        wire.write(
            line.source().stream() == LogStream.STDERR
                ? new Frame.Stderr(piece)
                : new Frame.Stdout(piece));
      }
    }
    return !gone;
  }

  private void listen(Thread main) {
    try {
      Optional<Frame> frame = wire.read();
      while (frame.isPresent()) {
        switch (frame.get()) {
          case Frame.Stdin(Bytes bytes) -> feed(bytes);
          case Frame.Signal(int number) -> signal(number);
          // As above.
          case Frame.Eof _ -> {}
          case Frame.Resize(WindowSize size) -> resize(size);
          case Frame.Hello _,
              Frame.Stdout _,
              Frame.Stderr _,
              Frame.Taken _,
              Frame.Exit _,
              Frame.Failed _ ->
              throw new IOException("a frame that only supervisors send");
        }
        frame = wire.read();
      }
    } catch (IOException | PinfoldException e) {
      LOG.log(Level.DEBUG, "the client at " + name + " cannot be heard", e);
    }
    gone = true;
    main.interrupt();
  }

  /// A terminal has one size: that of whoever said it last.
  void resize(WindowSize size) {
    if (screen.isPresent()) {
      try {
        Pty.resize(screen.get(), new Pty.Size(size.rows(), size.columns()));
      } catch (SystemCallException e) {
        LOG.log(Level.DEBUG, "the terminal of " + name + " cannot be resized", e);
      }
    }
  }

  private void feed(Bytes bytes) throws IOException {
    if (feed.isPresent()) {
      feed.get().add(bytes);
    } else if (bytes.length() > 0) {
      wire.write(new Frame.Taken(bytes.length()));
    }
  }

  private void signal(int number) {
    if (number >= 1 && number <= 64) {
      supervisor.request(
          "kill", List.of(name), new Command.Kill(new TreeSet<>(List.of(name)), number));
    }
  }
}
