package pinfold.core;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import pinfold.contract.Code;
import pinfold.contract.PinfoldException;
import pinfold.core.Replay.Played;
import pinfold.manifest.EnvironmentSpec;
import pinfold.manifest.Manifest;
import pinfold.manifest.Service;

class ReplayTest {
  private static final String RELEASE = "1.2.3";

  /** A simulated run, its supervisors' steps as they would be on disk, a file each. */
  private static final class Recorded {
    final List<List<byte[]>> files = new ArrayList<>();
    final List<World> ends = new ArrayList<>();
    final Set<Class<?>> kinds = new HashSet<>();

    private StepWriter writer = new StepWriter(UnaryOperator.identity());
    private @Nullable World world;

    Recorded(long seed) {
      Sim sim = new Sim(seed, new SimCount(), this::begun, this::given);
      sim.run(800);
      ends.add(sim.world);
    }

    private void begun(World first) {
      if (world != null) {
        ends.add(world);
      }
      world = first;
      writer = new StepWriter(UnaryOperator.identity());
      files.add(new ArrayList<>());
      writer.begin(first, 0, RELEASE, files.getLast()::add);
    }

    private void given(Event event, Moment now) {
      files.getLast().add(writer.step(event, now));
      world = Core.step(requireNonNull(world), event, now).world();
      kinds.add(event.getClass());
      switch (event) {
        case Event.Request(_, Command command) -> kinds.add(command.getClass());
        case Event.Notified(_, List<Notice> notices) ->
            notices.forEach(n -> kinds.add(n.getClass()));
        case Event.Child _,
            Event.Signalled _,
            Event.Due _,
            Event.Probed _,
            Event.PidFileRead _,
            Event.SaveFailed _,
            Event.Recovered _,
            Event.StandDown _ -> {}
      }
      assertThat(read(new ValueReader(), new ValueWriter(UnaryOperator.identity()).bytes(event)))
          .isEqualTo(event);
    }
  }

  @Test
  void everyKindOfEventIsTheSameAfterwards() {
    Set<Class<?>> seen = new HashSet<>();
    Set<Class<?>> all = new HashSet<>();
    for (Class<?> kind : List.of(Event.class, Command.class, Notice.class)) {
      all.addAll(Arrays.asList(kind.getPermittedSubclasses()));
    }
    for (long seed = 1; seed < 40 && !seen.containsAll(all); seed++) {
      seen.addAll(new Recorded(seed).kinds);
    }
    assertThat(seen).containsAll(all);
  }

  @Test
  void aRunIsReplayedToTheSameWorlds() {
    Recorded recorded = new Recorded(7);
    Replay replay = new Replay(RELEASE);
    assertThat(recorded.files.size()).isGreaterThan(3);
    for (int i = 0; i < recorded.files.size(); i++) {
      replay.nextFile();
      recorded.files.get(i).forEach(replay::take);
      assertThat(Replay.same(replay.world().orElseThrow(), recorded.ends.get(i))).isTrue();
    }
  }

  @Test
  void aFileMayBeginInTheMiddle() {
    Recorded recorded = new Recorded(9);
    List<byte[]> whole =
        recorded.files.stream().max(java.util.Comparator.comparingInt(List::size)).orElseThrow();
    Replay first = new Replay(RELEASE);
    List<Played.Stepped> steps = new ArrayList<>();
    for (byte[] frame : whole) {
      first
          .take(frame)
          .ifPresent(p -> {
            if (p instanceof Played.Stepped step) {
              steps.add(step);
            }
          });
    }
    assertThat(steps.size()).isGreaterThan(100);
    Replay second = new Replay(RELEASE);
    int cut = steps.size() / 2;
    List<byte[]> early = file(steps.getFirst().before(), 0, steps.subList(0, cut));
    List<byte[]> late = file(steps.get(cut).before(), cut, steps.subList(cut, steps.size()));
    early.forEach(second::take);
    second.nextFile();
    Played.Begun begun = begun(second, late);
    assertThat(begun.continues()).isTrue();
    assertThat(begun.same()).isTrue();
    assertThat(Replay.same(second.world().orElseThrow(), first.world().orElseThrow())).isTrue();

    // What comes from another world is seen.
    Replay third = new Replay(RELEASE);
    early.forEach(third::take);
    third.nextFile();
    List<byte[]> other = file(steps.getLast().before(), cut, List.of());
    Played.Begun elsewhere = begun(third, other);
    assertThat(elsewhere.continues()).isTrue();
    assertThat(elsewhere.same()).isFalse();
  }

  private static Played.Begun begun(Replay replay, List<byte[]> file) {
    Played.@Nullable Begun begun = null;
    for (byte[] frame : file) {
      if (replay.take(frame).orElse(null) instanceof Played.Begun b) {
        begun = b;
      }
    }
    return requireNonNull(begun);
  }

  private static List<byte[]> file(World start, long number, List<Played.Stepped> steps) {
    StepWriter writer = new StepWriter(UnaryOperator.identity());
    List<byte[]> frames = new ArrayList<>();
    writer.begin(start, number, RELEASE, frames::add);
    steps.forEach(step -> frames.add(writer.step(step.event(), step.now())));
    return frames;
  }

  @Test
  void secretsAreNotWritten() {
    Service service =
        Desk.service(
            "a",
            b ->
                b.environment(
                    new EnvironmentSpec(
                        Map.of("TOKEN", "hunter2"),
                        List.of(),
                        new EnvironmentSpec.Inherit.Nothing())));
    Manifest manifest = Desk.manifest(service);
    Map<String, String> seals = new LinkedHashMap<>();
    StepWriter writer =
        new StepWriter(secret -> seals.computeIfAbsent(secret, _ -> "sealed " + seals.size()));
    List<byte[]> frames = new ArrayList<>();
    World world = World.empty(1, 2);
    writer.begin(world, 0, RELEASE, frames::add);
    Moment now = new Moment(1, Instant.EPOCH);
    for (Event event :
        List.of(
            new Event.Recovered(Recovery.NOTHING),
            new Event.Request(
                new OperationId("o"),
                new Command.Apply(manifest, "{\"TOKEN\":\"hunter2\"}", ApplyOptions.ALL)))) {
      frames.add(writer.step(event, now));
      world = Core.step(world, event, now).world();
    }
    writer = new StepWriter(secret -> seals.computeIfAbsent(secret, _ -> "sealed " + seals.size()));
    writer.begin(world, 2, RELEASE, frames::add); // the world holds them as well
    assertThat(frames)
        .noneMatch(f -> new String(f, StandardCharsets.ISO_8859_1).contains("hunter2"))
        .anyMatch(f -> new String(f, StandardCharsets.ISO_8859_1).contains("sealed 0"));
    assertThat(seals.keySet()).contains("hunter2");
  }

  @Test
  void whatIsDamagedIsRefused() {
    List<byte[]> frames = new Recorded(3).files.getFirst();
    for (byte[] frame : frames.subList(0, Math.min(60, frames.size()))) {
      for (int cut = 0; cut < frame.length; cut += 7) {
        byte[] torn = Arrays.copyOf(frame, cut);
        Replay replay = new Replay(RELEASE);
        replay.take(frames.getFirst());
        assertThatThrownBy(() -> replay.take(torn))
            .isInstanceOfSatisfying(
                PinfoldException.class,
                e -> assertThat(e.failure().code()).isEqualTo(Code.JOURNAL_TORN.id()));
      }
    }
  }

  @Property(tries = 300)
  void anyBytesAreAValueOrRefused(@ForAll byte[] bytes) {
    try {
      new ValueReader().value(bytes);
    } catch (ValueReader.UnreadableException e) {
      assertThat(e).hasMessageContaining("at byte");
    }
  }

  @Test
  void anotherReleaseIsNamed() {
    byte[] mark =
        new ValueWriter(UnaryOperator.identity())
            .bytes(StepWriter.mark(StepWriter.FORMAT + 1, "9.9"));
    assertThatThrownBy(() -> new Replay(RELEASE).take(mark))
        .isInstanceOfSatisfying(
            PinfoldException.class,
            e -> {
              assertThat(e.failure().code()).isEqualTo(Code.JOURNAL_RELEASE.id());
              assertThat(e.getMessage()).contains("9.9").contains(RELEASE);
            });
  }

  @Property(tries = 300)
  void textsAndNumbersAreKept(
      @ForAll @Chars({'a', 'ä', '\ud800', '\0', '\uffff'}) String text,
      @ForAll long whole,
      @ForAll int small,
      @ForAll double real) {
    List<Object> values =
        List.of(
            text,
            whole,
            small,
            real,
            new UUID(whole, small),
            Duration.ofSeconds(small, 999_999_999),
            Instant.ofEpochSecond(small, 1),
            Map.of(text, List.of(whole)));
    assertThat(read(new ValueReader(), new ValueWriter(UnaryOperator.identity()).bytes(values)))
        .isEqualTo(values);
  }

  private static Object read(ValueReader reader, byte[] bytes) {
    try {
      return reader.value(bytes);
    } catch (ValueReader.UnreadableException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void nothingButDataOfTheseRoomsIsMade() {
    for (String type : List.of("java.io.File", "pinfold.core.Core", "pinfold.core.Trie", "x")) {
      ValueWriter writer = new ValueWriter(UnaryOperator.identity());
      byte[] known = writer.bytes(new OperationId("o"));
      byte[] other = replaced(known, "pinfold.core.OperationId", type);
      assertThatThrownBy(() -> new ValueReader().value(other))
          .isInstanceOf(ValueReader.UnreadableException.class);
    }
  }

  /** A type's name, and its length before it. */
  private static byte[] replaced(byte[] bytes, String name, String other) {
    List<Byte> out = new ArrayList<>();
    int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(name);
    for (int i = 0; i < at - 1; i++) {
      out.add(bytes[i]);
    }
    out.add((byte) (2 * other.length()));
    other.chars().forEach(c -> out.add((byte) c));
    for (int i = at + name.length(); i < bytes.length; i++) {
      out.add(bytes[i]);
    }
    byte[] all = new byte[out.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = out.get(i);
    }
    return all;
  }

  /** What is added to a record or a unit one day is written too, or this fails. */
  @Test
  void everyTypeOfAStepHasAForm() {
    Set<Class<?>> plain =
        Set.of(
            boolean.class,
            int.class,
            long.class,
            double.class,
            Boolean.class,
            Integer.class,
            Long.class,
            Double.class,
            String.class,
            Duration.class,
            Instant.class,
            java.nio.file.Path.class,
            java.net.URI.class,
            UUID.class,
            List.class,
            Set.class,
            java.util.SortedSet.class,
            Map.class,
            Trie.class,
            java.util.Optional.class,
            java.util.OptionalInt.class);
    Set<Type> seen = new HashSet<>();
    Deque<Type> open =
        new ArrayDeque<>(
            List.of(StepWriter.Head.class, StepWriter.Owner.class, StepWriter.Given.class));
    open.addAll(List.of(Unit.class, Project.class, Operation.class));
    while (!open.isEmpty()) {
      Type type = open.removeFirst();
      if (!seen.add(type)) {
        continue;
      }
      switch (type) {
        case ParameterizedType generic -> {
          open.add(generic.getRawType());
          open.addAll(List.of(generic.getActualTypeArguments()));
        }
        case Class<?> raw when plain.contains(raw) || raw.isEnum() -> {}
        case Class<?> raw when raw.isSealed() -> open.addAll(List.of(raw.getPermittedSubclasses()));
        case Class<?> raw when raw.isRecord() -> {
          for (RecordComponent component : raw.getRecordComponents()) {
            open.add(component.getGenericType());
          }
        }
        case Class<?> raw when Form.has(raw) -> {
          for (Field field : raw.getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers())) {
              open.add(field.getGenericType());
            }
          }
        }
        case WildcardType any -> open.addAll(List.of(any.getUpperBounds()));
        default -> throw new AssertionError("no form for " + type);
      }
    }
    assertThat(seen).hasSizeGreaterThan(100);
  }

  @Test
  void theSameSeedsAreTheSameRun() {
    Stream.of(1L, 2L)
        .forEach(seed -> {
          List<World> one = new Recorded(seed).ends;
          List<World> two = new Recorded(seed).ends;
          assertThat(one).hasSameSizeAs(two);
          for (int i = 0; i < one.size(); i++) {
            assertThat(Replay.same(one.get(i), two.get(i))).isTrue();
          }
        });
  }
}
