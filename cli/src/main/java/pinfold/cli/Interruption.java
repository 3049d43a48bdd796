package pinfold.cli;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;
import org.jline.utils.Signals;

/** What Ctrl-C does for a while instead of ending the command silently. */
final class Interruption implements AutoCloseable {
  private final Object previous;

  private Interruption(Object previous) {
    this.previous = previous;
  }

  /**
   * Until closed, the first Ctrl-C runs an action and ends the process with the code that it
   * returns. The action runs on a thread of its own.
   */
  static Interruption on(IntSupplier action) {
    AtomicBoolean first = new AtomicBoolean(true);
    return new Interruption(
        Signals.register(
            "INT",
            () -> {
              if (first.getAndSet(false)) {
                Runtime.getRuntime().halt(action.getAsInt());
              }
            }));
  }

  @Override
  public void close() {
    Signals.unregister("INT", previous);
  }
}
