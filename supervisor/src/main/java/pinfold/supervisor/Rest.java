package pinfold.supervisor;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/// Gives the memory of a busy moment back once it is over: to start a thousand services takes ten
/// times the heap that to watch them does, and nothing collects it while nothing happens. Any
/// thread.
final class Rest {
  /// After the last thing that was asked for.
  private static final long LATER_MS = 3000;

  /// A heap of this size is left alone.
  static final long SMALL = 6L << 20;

  private final LongSupplier heap;
  private final Executor later;
  private final Runnable collect;
  private final AtomicBoolean coming = new AtomicBoolean();

  /// @param heap bytes that the heap has of the system
  /// @param later runs what it is given after a while
  Rest(LongSupplier heap, Executor later, Runnable collect) {
    this.heap = heap;
    this.later = later;
    this.collect = collect;
  }

  static Rest ofThisProcess() {
    return new Rest(
        Runtime.getRuntime()::totalMemory,
        CompletableFuture.delayedExecutor(LATER_MS, TimeUnit.MILLISECONDS),
        System::gc);
  }

  /// Something that may have taken memory is over.
  void soon() {
    if (heap.getAsLong() > SMALL && coming.compareAndSet(false, true)) {
      later.execute(() -> {
        coming.set(false);
        collect.run();
      });
    }
  }
}
