package pinfold.server;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantLock;
import pinfold.contract.Frame;
import pinfold.contract.Frames;
import pinfold.core.End;

/// The frames of one connection. Any thread writes; one reads.
final class FrameWire {
  private final Replies.Wire wire;
  private final long epoch;
  private final ReentrantLock lock = new ReentrantLock();
  private boolean begun;

  FrameWire(Replies.Wire wire, long epoch) {
    this.wire = wire;
    this.epoch = epoch;
  }

  void write(Frame frame) throws IOException {
    lock.lock();
    try {
      Frames.write(wire.out(), frame);
    } finally {
      lock.unlock();
    }
  }

  /// Says that the frames of this session begin.
  void greet() throws IOException {
    write(new Frame.Hello(epoch));
  }

  /// The next frame of the session; empty when the client is gone.
  Optional<Frame> read() throws IOException {
    while (true) {
      Optional<Frame> frame = Frames.read(wire.in());
      if (frame.isEmpty()) {
        return frame;
      }
      if (frame.get() instanceof Frame.Hello(long id)) {
        begun = id == epoch;
      } else if (begun) {
        return frame;
      }
    }
  }

  /// Tells how it ended.
  static Frame.Exit exit(End end) {
    return switch (end) {
      case End.Exited(int code) -> new Frame.Exit(OptionalInt.of(code), OptionalInt.empty());
      case End.Signalled(int signal) -> new Frame.Exit(OptionalInt.empty(), OptionalInt.of(signal));
      case End.Unknown() -> new Frame.Exit(OptionalInt.empty(), OptionalInt.empty());
    };
  }
}
