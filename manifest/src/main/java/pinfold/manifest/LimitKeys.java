package pinfold.manifest;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import pinfold.contract.Code;

/** The keys of {@code limits}: one per resource of setrlimit(2), and nice. */
final class LimitKeys {
  private static final Key<Integer> NICE =
      Key.of(
              "nice",
              Shapes.whole(-20, 19),
              "Scheduling priority, 19 is the most modest. Below 0 needs a grant of RLIMIT_NICE.")
          .or("0");

  private static final Map<Resource, Key<Rlimit>> BY_RESOURCE = byResource();

  static final Shape<Limits> SHAPE =
      new Shape.Keys<>(
          "limits",
          Stream.<Key<?>>concat(BY_RESOURCE.values().stream(), Stream.of(NICE)).toList(),
          List.of("cpu_affinity", "cgroup", "io_class", "io_priority", "sched", "oom_score_adj"),
          f -> {
            Map<Resource, Rlimit> limits = new EnumMap<>(Resource.class);
            BY_RESOURCE.forEach(
                (resource, key) -> f.own(key).ifPresent(limit -> limits.put(resource, limit)));
            return Optional.of(
                new Limits(limits, f.own(NICE).map(OptionalInt::of).orElse(OptionalInt.empty())));
          });

  private LimitKeys() {}

  private static Map<Resource, Key<Rlimit>> byResource() {
    Map<Resource, Key<Rlimit>> all = new EnumMap<>(Resource.class);
    for (Resource resource : Resource.values()) {
      all.put(
          resource,
          Key.of(
              resource.key(),
              limit(resource),
              "RLIMIT_" + resource.name() + " of setrlimit(2): " + resource.words() + "."));
    }
    return all;
  }

  private static Shape<Rlimit> limit(Resource resource) {
    String unit =
        switch (resource.unit()) {
          case BYTES -> "a size";
          case COUNT -> "a number";
          case SECONDS -> "a duration";
          case MICROSECONDS -> "a number of microseconds or a duration with unit";
        };
    return new Shape.One<>(
        unit + " or unlimited; SOFT:HARD for two different ones",
        Shapes.orVariable(
            Shapes.anyOf(
                pinfold.contract.Json.object(
                    "type",
                    pinfold.contract.Json.of("integer"),
                    "minimum",
                    pinfold.contract.Json.of(0)),
                Shapes.pattern("^[0-9A-Za-z ]+(:[0-9A-Za-z ]+)?$"))),
        (s, in) -> {
          String text = s.text();
          int colon = text.indexOf(':');
          long soft = amount(resource, colon < 0 ? text : text.substring(0, colon));
          long hard = colon < 0 ? soft : amount(resource, text.substring(colon + 1));
          if (hard != Rlimit.INFINITY && (soft == Rlimit.INFINITY || soft > hard)) {
            throw new Refusal(
                Code.OUT_OF_RANGE, "has a soft limit above the hard one", "write SOFT:HARD");
          }
          return new Rlimit(soft, hard);
        });
  }

  private static long amount(Resource resource, String text) throws Refusal {
    String written = text.strip();
    if (written.equals("unlimited") || written.equals("infinity")) {
      return Rlimit.INFINITY;
    }
    Optional<Long> amount =
        switch (resource.unit()) {
          case BYTES -> Sizes.parse(written).map(Size::bytes);
          case COUNT -> number(written);
          case SECONDS -> Durations.parse(written).map(d -> d.plusNanos(999_999_999).toSeconds());
          case MICROSECONDS ->
              number(written).or(() -> Durations.parse(written).map(LimitKeys::micros));
        };
    return amount.orElseThrow(() -> new Refusal(Code.BAD_UNIT, "is no limit", ""));
  }

  private static Optional<Long> number(String text) {
    return text.matches("\\d{1,18}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
  }

  private static long micros(Duration duration) {
    return duration.toNanos() / 1_000;
  }
}
