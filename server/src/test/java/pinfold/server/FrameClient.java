package pinfold.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import pinfold.contract.Bytes;
import pinfold.contract.Call;
import pinfold.contract.Frame;
import pinfold.contract.Frames;
import pinfold.contract.Reply;
import pinfold.contract.Target;
import pinfold.contract.VarlinkCall;
import pinfold.contract.VarlinkReader;
import pinfold.contract.VarlinkWriter;
import pinfold.contract.WindowSize;

/// The other end of a session.
final class FrameClient implements AutoCloseable {
  /// How it ended, and all that it said.
  record Ended(Frame last, String out, String err, long bytes) {
    int code() {
      return ((Frame.Exit) last).code().orElseThrow();
    }

    int signal() {
      return ((Frame.Exit) last).signal().orElseThrow();
    }
  }

  private final SocketChannel channel;
  private final InputStream in;
  private final OutputStream out;
  private final long epoch;
  private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
  private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();

  private FrameClient(SocketChannel channel, Call call) throws IOException {
    this.channel = channel;
    this.out = Channels.newOutputStream(channel);
    new VarlinkWriter(out).write(VarlinkCall.of(call).withUpgrade());
    VarlinkReader reader = new VarlinkReader(Channels.newInputStream(channel));
    this.epoch = reader.reply().orElseThrow().as(Reply.Session.class).epoch();
    this.in = reader.rest();
    try {
      send(new Frame.Hello(epoch));
    } catch (IOException _) {
      // A command that could not be started is told of and over at once.
      assertThat(channel.isOpen()).isTrue();
    }
  }

  static FrameClient call(Bench bench, Call call) throws IOException {
    SocketChannel channel = bench.connect();
    try {
      return new FrameClient(channel, call);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  static FrameClient exec(Bench bench, String service, String... command) throws IOException {
    return call(bench, exec(service, List.of(command), false, Optional.empty()));
  }

  static FrameClient terminal(Bench bench, String service, String... command) throws IOException {
    Optional<WindowSize> size = Optional.of(new WindowSize(31, 97));
    return call(bench, exec(service, List.of(command), true, size));
  }

  static Call.Exec exec(
      String service, List<String> command, boolean tty, Optional<WindowSize> size) {
    return new Call.Exec(
        Target.of(service),
        command,
        Optional.empty(),
        Optional.empty(),
        Map.of("TERM", "dumb"),
        true,
        tty,
        size);
  }

  void send(Frame frame) throws IOException {
    Frames.write(out, frame);
  }

  void type(String text) throws IOException {
    send(new Frame.Stdin(Bytes.of(text)));
  }

  /// Reads until the output has this text.
  void until(String text) throws IOException {
    while (!stdout.toString(StandardCharsets.UTF_8).contains(text)) {
      Frame frame = next();
      if (frame instanceof Frame.Exit || frame instanceof Frame.Failed) {
        throw new AssertionError(
            "ended before \"" + text + "\": " + frame + "\n" + stdout + stderr);
      }
    }
  }

  Ended end() throws IOException {
    while (true) {
      Frame frame = next();
      if (frame instanceof Frame.Exit || frame instanceof Frame.Failed) {
        return new Ended(
            frame,
            stdout.toString(StandardCharsets.UTF_8),
            stderr.toString(StandardCharsets.UTF_8),
            stdout.size());
      }
    }
  }

  private Frame next() throws IOException {
    Frame frame = Frames.read(in).orElseThrow(() -> new AssertionError("no more frames"));
    if (frame instanceof Frame.Stdout(Bytes bytes)) {
      stdout.writeBytes(bytes.toArray());
    } else if (frame instanceof Frame.Stderr(Bytes bytes)) {
      stderr.writeBytes(bytes.toArray());
    }
    return frame;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
