package pinfold.core;

import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A world and the steps that were taken from it, as frames of bytes for {@link Replay}. The values
 * of environment variables and the texts of manifests, which may hold secrets, are not in them:
 * what stands in their place can only be told to be the same or another. One writer for one file;
 * not thread-safe.
 */
public final class StepWriter {
  /** Of the frames as such; what they hold names its types itself. */
  static final int FORMAT = 1;

  /**
   * What a file begins with, after its {@link #mark}.
   *
   * @param number steps that this supervisor had taken before
   */
  record Head(
      long number,
      long seedHigh,
      long seedLow,
      long count,
      World.Mode mode,
      int projects,
      int units,
      int births,
      int operations) {}

  /** Whose a birth is. */
  record Owner(BirthId birth, UnitName unit) {}

  /** What was given to {@link Core#step}. */
  record Given(Event event, Moment now) {}

  private final ValueWriter values;

  /**
   * A writer of one file.
   *
   * @param seal stands for what is not to be kept: the same for the same text, and another for
   *     another
   */
  public StepWriter(UnaryOperator<String> seal) {
    values = new ValueWriter(seal);
  }

  /** What the first frame says. */
  static String mark(int format, String release) {
    return "pinfold-steps " + format + " " + release;
  }

  /**
   * The frames that a file begins with.
   *
   * @param world before the next step
   * @param number steps that this supervisor took before
   * @param release which wrote it
   */
  public void begin(World world, long number, String release, Consumer<byte[]> frames) {
    frames.accept(values.bytes(mark(FORMAT, release)));
    frames.accept(
        values.bytes(
            new Head(
                number,
                world.seedHigh,
                world.seedLow,
                world.count,
                world.mode,
                world.projects.size(),
                world.units.size(),
                world.births.size(),
                world.operations.size())));
    world.projects.forEach((_, project) -> frames.accept(values.bytes(project)));
    world.units.forEach((_, unit) -> frames.accept(values.bytes(unit)));
    world.births.forEach((birth, unit) -> frames.accept(values.bytes(new Owner(birth, unit))));
    world.operations.forEach((_, operation) -> frames.accept(values.bytes(operation)));
  }

  /** The frame of one step. */
  public byte[] step(Event event, Moment now) {
    return values.bytes(new Given(event, now));
  }
}
