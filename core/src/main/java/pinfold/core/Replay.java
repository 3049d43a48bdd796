package pinfold.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import pinfold.contract.Code;
import pinfold.contract.Failure;

/**
 * Steps that were recorded, taken again: the same core, given the same world and the same events at
 * the same moments, comes to the same. Takes the frames of {@link StepWriter} in their order, file
 * by file. Not thread-safe.
 */
public final class Replay {
  /** What a frame brought. */
  public sealed interface Played {
    /**
     * A file's world is complete.
     *
     * @param number steps that its supervisor had taken before
     * @param continues the file goes on where the one before ended
     * @param same and its world is the one that the replay had come to; false where it does not
     */
    record Begun(World world, long number, boolean continues, boolean same) implements Played {}

    /**
     * A step was taken again.
     *
     * @param number of the step, from 1
     * @param step what it led to; null when the core failed at it, as it did then
     * @param bug how it failed
     */
    record Stepped(
        long number,
        Moment now,
        Event event,
        World before,
        @Nullable Step step,
        Optional<String> bug)
        implements Played {}
  }

  private final String release;

  /** Of the file; null before its first frame. */
  private @Nullable ValueReader values;

  private String writer = "";
  private StepWriter.@Nullable Head head;
  private Trie<String, Project> projects = Trie.empty();
  private Trie<UnitName, Unit> units = Trie.empty();
  private Trie<BirthId, UnitName> births = Trie.empty();
  private Trie<OperationId, Operation> operations = Trie.empty();

  /** As replayed; null before the first file's is complete. */
  private @Nullable World world;

  private boolean complete;
  private long number;

  /**
   * A replay that has seen nothing yet.
   *
   * @param release this program's
   */
  public Replay(String release) {
    this.release = release;
  }

  /** The next frame is the first of a file. */
  public void nextFile() {
    values = null;
    complete = false;
    head = null;
  }

  /** The world that the replay has come to; empty before the first. */
  public Optional<World> world() {
    return Optional.ofNullable(world);
  }

  /**
   * Takes one frame.
   *
   * @return what it brought; empty while a file's world is incomplete
   * @throws pinfold.contract.PinfoldException {@link Code#JOURNAL_TORN}, {@link
   *     Code#JOURNAL_RELEASE}; the rest of the file cannot be read
   */
  public Optional<Played> take(byte[] frame) {
    try {
      ValueReader reader = values;
      if (reader == null) {
        values = new ValueReader();
        first(values.value(frame));
        return Optional.empty();
      }
      Object value = reader.value(frame);
      return complete ? Optional.of(again(value)) : part(value);
    } catch (ValueReader.UnreadableException e) {
      throw (writer.isEmpty() || writer.equals(release)
              ? Failure.of(
                  Code.JOURNAL_TORN, "step " + (number + 1) + " cannot be read, " + e.getMessage())
              : other(e.getMessage()))
          .exception();
    }
  }

  private void first(Object mark) throws ValueReader.UnreadableException {
    String text = String.valueOf(mark);
    String known = StepWriter.mark(StepWriter.FORMAT, "");
    if (!(mark instanceof String) || !text.startsWith("pinfold-steps ")) {
      throw new ValueReader.UnreadableException("no steps", null);
    }
    writer = text.substring(text.lastIndexOf(' ') + 1);
    if (!text.startsWith(known)) {
      throw other("its format is another").exception();
    }
  }

  private Failure other(@Nullable String why) {
    return Failure.of(
            Code.JOURNAL_RELEASE,
            "the steps were recorded by release %s and this is %s: %s"
                .formatted(writer, release, why))
        .tryNext("replay them with release " + writer);
  }

  private Optional<Played> part(Object value) throws ValueReader.UnreadableException {
    switch (value) {
      case StepWriter.Head first when head == null -> {
        head = first;
        projects = Trie.empty();
        units = Trie.empty();
        births = Trie.empty();
        operations = Trie.empty();
      }
      case Project project -> projects = projects.with(project.name(), project);
      case Unit unit -> units = units.with(unit.name, unit);
      case StepWriter.Owner owner -> births = births.with(owner.birth(), owner.unit());
      case Operation operation -> operations = operations.with(operation.id(), operation);
      default -> throw unexpected(value);
    }
    StepWriter.Head known = head;
    if (known == null) {
      throw unexpected(value);
    }
    if (projects.size() < known.projects()
        || units.size() < known.units()
        || births.size() < known.births()
        || operations.size() < known.operations()) {
      return Optional.empty();
    }
    World start =
        new World(
            known.seedHigh(),
            known.seedLow(),
            known.count(),
            known.mode(),
            projects,
            units,
            births,
            operations);
    World before = world;
    boolean continues =
        before != null
            && before.seedHigh == start.seedHigh
            && before.seedLow == start.seedLow
            && number == known.number();
    Played begun =
        new Played.Begun(
            start, known.number(), continues, before != null && continues && same(before, start));
    world = start;
    number = known.number();
    complete = true;
    return Optional.of(begun);
  }

  private Played again(Object value) throws ValueReader.UnreadableException {
    World before = world;
    if (before == null || !(value instanceof StepWriter.Given(Event event, Moment now))) {
      throw unexpected(value);
    }
    number++;
    try {
      Step step = Core.step(before, event, now);
      world = step.world();
      return new Played.Stepped(number, now, event, before, step, Optional.empty());
    } catch (RuntimeException | Error e) {
      // The supervisor dropped the event too, and its world stayed as it was.
      return new Played.Stepped(number, now, event, before, null, Optional.of(e.toString()));
    }
  }

  private static ValueReader.UnreadableException unexpected(Object value) {
    return new ValueReader.UnreadableException(
        "a " + value.getClass().getSimpleName() + " is out of place", null);
  }

  /** Whether nothing tells one world from another. */
  public static boolean same(World one, World other) {
    return Arrays.deepEquals(all(one), all(other));
  }

  private static byte[][] all(World world) {
    List<byte[]> frames = new ArrayList<>();
    new StepWriter(UnaryOperator.identity()).begin(world, 0, "", frames::add);
    return frames.toArray(byte[][]::new);
  }
}
