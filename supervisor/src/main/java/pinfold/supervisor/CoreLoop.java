package pinfold.supervisor;

import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import pinfold.core.Effect;
import pinfold.core.Event;
import pinfold.core.Moment;
import pinfold.core.Step;
import pinfold.core.Timer;
import pinfold.core.World;

/// The one thread that owns the world: takes events, steps the core, has the effects carried out,
/// publishes the world.
///
/// It waits for nothing but the next event or the next timer; with neither it sleeps for good. An
/// event that the core cannot take is a bug: it is dropped and said, the world stays as it was and
/// the services are left alone.
public final class CoreLoop {
  private static final System.Logger LOG = System.getLogger("core");

  /// So many events are taken before their effects are carried out together.
  private static final int BATCH = 256;

  /// What a step leads to. Called by the core thread (by its starter first); must not block.
  interface Hands {
    /// All of this is to be done, in this order where order matters.
    void carryOut(List<Effect> effects, World world);

    /// The core could not take this event.
    void dropped(Event event, Throwable bug);
  }

  private final BlockingQueue<Event> queue = new LinkedBlockingQueue<>();
  private final Bell changed = new Bell();

  /// Owned by the core thread, and by its starter before it runs.
  private final TimerQueue<Long, Timer> timers = new TimerQueue<>();

  /// Written by the core thread only, and by its starter before it runs.
  private volatile World world;

  private volatile @Nullable String bug;

  private final Recorder recorder;

  /// What decides.
  interface Stepping {
    /// As [pinfold.core.Core#step].
    Step step(World world, Event event, Moment now);
  }

  private final Stepping stepping;

  CoreLoop(World world, Stepping stepping, Recorder recorder) {
    this.world = world;
    this.stepping = stepping;
    this.recorder = recorder;
  }

  /// Begins; what was told before is taken, and seen in [#world], when this returns. To be called
  /// once.
  void start(Hands hands) {
    List<Event> before = new ArrayList<>();
    queue.drainTo(before);
    take(before, hands);
    Thread.ofPlatform().name("core").daemon().start(() -> run(hands));
  }

  /// Hands an event to the core. Any thread; never blocks.
  void tell(Event event) {
    queue.add(event);
  }

  /// The world after the last step. Any thread.
  public World world() {
    return world;
  }

  /// Rings after each change of [#world].
  public Bell changed() {
    return changed;
  }

  /// What the core last failed at, and where; empty when it never did. Any thread.
  public Optional<String> bug() {
    return Optional.ofNullable(bug);
  }

  private void run(Hands hands) {
    List<Event> batch = new ArrayList<>(BATCH);
    while (true) {
      try {
        await(batch);
      } catch (InterruptedException _) {
        return;
      }
      take(batch, hands);
      batch.clear();
    }
  }

  private void take(List<Event> batch, Hands hands) {
    World before = world;
    List<Recorder.Given> given = new ArrayList<>(batch.size());
    List<Effect> effects = new ArrayList<>();
    for (Event event : batch) {
      Moment now = new Moment(System.nanoTime(), Instant.now());
      given.add(new Recorder.Given(event, now));
      step(event, now, effects, hands);
    }
    if (!given.isEmpty()) {
      recorder.given(before, given);
    }
    if (!effects.isEmpty()) {
      hands.carryOut(List.copyOf(effects), world);
    }
    changed.ring();
  }

  /// Takes what is there, waiting for the first of it: events, or timers that are due.
  private void await(List<Event> batch) throws InterruptedException {
    while (batch.isEmpty()) {
      OptionalLong wait = timers.next(System.nanoTime());
      Event first =
          wait.isEmpty() ? queue.take() : queue.poll(wait.getAsLong(), TimeUnit.NANOSECONDS);
      if (first != null) {
        batch.add(first);
        queue.drainTo(batch, BATCH - 1);
      }
      for (Timer timer : timers.due(System.nanoTime())) {
        batch.add(new Event.Due(timer));
      }
    }
  }

  private void step(Event event, Moment now, List<Effect> effects, Hands hands) {
    Step step;
    try {
      step = stepping.step(world, event, now);
    } catch (RuntimeException | Error e) {
      StackTraceElement[] at = e.getStackTrace();
      bug =
          "%s: it was given %s and failed with %s%s"
              .formatted(
                  now.wall(),
                  event.getClass().getSimpleName(),
                  e,
                  at.length == 0 ? "" : " at " + at[0]);
      LOG.log(
          Level.ERROR,
          "an event could not be taken and was dropped: " + event.getClass().getSimpleName(),
          e);
      hands.dropped(event, e);
      return;
    }
    world = step.world();
    for (Effect effect : step.effects()) {
      if (effect instanceof Effect.Arm(Timer timer, long nanos)) {
        timers.arm(timer.generation(), timer, nanos);
      } else if (effect instanceof Effect.Disarm(Timer timer)) {
        timers.disarm(timer.generation());
      } else {
        effects.add(effect);
      }
    }
  }
}
