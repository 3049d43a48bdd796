package pinfold.supervisor;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import pinfold.core.Event;
import pinfold.core.Moment;
import pinfold.core.StepWriter;
import pinfold.core.World;
import pinfold.state.Journal;
import pinfold.state.StepFiles;

/// Writes down what the core is given, so that what it made of it can be replayed.
///
/// The core thread only notes; the journal's thread encodes and writes. A file begins with the
/// world before its first step. When too much waits, or the disk is full, steps are left out: what
/// comes after them begins a file of its own, so that every file replays as a whole.
final class Recorder {
  private static final System.Logger LOG = System.getLogger("supervisor");

  /// Steps that may wait.
  private static final int MOST = 8192;

  /// After a failure nothing is tried for so long.
  private static final long PAUSE = Duration.ofSeconds(10).toNanos();

  /// What the core is given, before it is.
  record Given(Event event, Moment now) {}

  /// @param before the world that the first of them meets
  /// @param number steps that were taken before
  private record Batch(World before, long number, List<Given> steps) {}

  private final Journal journal;
  private final StepFiles files;
  private final String release;
  private final Seal seal;

  /// Only used by the core thread, and by its starter before it runs.
  private long taken;

  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private List<Batch> waiting = new ArrayList<>();
  private int waitingSteps;

  // Only used by the journal's thread.
  private @Nullable StepWriter writer;
  private long written;
  private long pausedSince;
  private boolean failing;

  /// @param seal stands for what is not to be kept
  Recorder(Journal journal, StepFiles files, String release, Seal seal) {
    this.journal = journal;
    this.files = files;
    this.release = release;
    this.seal = seal;
  }

  /// The core is about to take, or has just taken, these steps. Only the core thread; never blocks
  /// on the disk.
  void given(World before, List<Given> steps) {
    boolean first;
    lock.lock();
    try {
      first = waiting.isEmpty();
      if (waitingSteps + steps.size() <= MOST) {
        waiting.add(new Batch(before, taken, steps));
        waitingSteps += steps.size();
      }
      first &= !waiting.isEmpty();
    } finally {
      lock.unlock();
    }
    taken += steps.size();
    if (first && !journal.later(this::write)) {
      LOG.log(Level.DEBUG, "steps after the end of the journal are not recorded");
    }
  }

  private void write() {
    List<Batch> batches;
    lock.lock();
    try {
      batches = waiting;
      waiting = new ArrayList<>();
      waitingSteps = 0;
    } finally {
      lock.unlock();
    }
    if (failing && System.nanoTime() - pausedSince < PAUSE) {
      return;
    }
    try {
      for (Batch batch : batches) {
        write(batch);
      }
      files.flush();
      failing = false;
    } catch (IOException | RuntimeException | AssertionError | LinkageError e) {
      failed(e);
    }
  }

  private void write(Batch batch) throws IOException {
    StepWriter to = writer;
    if (to == null || files.full() || written != batch.number()) {
      files.begin();
      to = new StepWriter(seal);
      writer = to;
      List<byte[]> head = new ArrayList<>();
      to.begin(batch.before(), batch.number(), release, head::add);
      for (byte[] frame : head) {
        files.append(batch.steps().getFirst().now().wall(), frame);
      }
      files.begun();
      written = batch.number();
    }
    for (Given given : batch.steps()) {
      files.append(given.now().wall(), to.step(given.event(), given.now()));
      written++;
    }
  }

  private void failed(Throwable cause) {
    if (!failing) {
      LOG.log(Level.WARNING, "steps cannot be recorded for now", cause);
    }
    failing = true;
    pausedSince = System.nanoTime();
    writer = null;
    try {
      files.giveUp();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the file of steps ends with a torn frame", e);
    }
  }
}
