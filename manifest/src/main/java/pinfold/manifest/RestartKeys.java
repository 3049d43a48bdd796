package pinfold.manifest;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import pinfold.contract.Code;

/** The shapes of {@code restart_policy}, {@code backoff} and {@code max_restarts}. */
final class RestartKeys {
  private static final Key<Duration> INITIAL =
      Key.of("initial", Shapes.DURATION, "The first wait.").or("100ms");
  private static final Key<Double> FACTOR =
      Key.of("factor", Shapes.FACTOR, "Each further wait is so much longer.").or("2");
  private static final Key<Duration> MAX =
      Key.of("max", Shapes.DURATION, "The longest wait.").or("5m");
  private static final Key<Double> JITTER =
      Key.of(
              "jitter",
              Shapes.PART,
              "Each wait is lengthened or shortened by up to this part of it.")
          .or("10%");
  private static final Key<Integer> COUNT =
      Key.of("count", Shapes.whole(0, 1_000_000_000), "So many restarts, so one run more.").must();
  private static final Key<Duration> WITHIN =
      Key.of(
          "within",
          Shapes.SPAN,
          "Only restarts of this last stretch of time count; without it all since the last explicit start.");

  static final Shape<RestartPolicy> POLICY = policy();
  static final Shape<Backoff> BACKOFF = backoff();
  static final Shape<RestartBudget> BUDGET = budget();

  private RestartKeys() {}

  private static Shape<RestartPolicy> policy() {
    Map<String, RestartPolicy> words = new LinkedHashMap<>();
    for (RestartPolicy policy : RestartPolicy.values()) {
      words.put(policy.word(), policy);
    }
    return Shapes.words(words, List.of());
  }

  private static Shape<Backoff> backoff() {
    Shape<Backoff> map =
        new Shape.Keys<>(
            "backoff",
            List.of(INITIAL, FACTOR, MAX, JITTER),
            List.of(),
            f -> {
              Duration initial = f.get(INITIAL);
              Duration max = f.get(MAX);
              if (f.own(MAX).isPresent() && max.compareTo(initial) < 0) {
                f.refuse(
                    Code.CONTRADICTION,
                    f.at(MAX),
                    f.in().subject() + ": \"max\" is below \"initial\"",
                    "the waits grow from initial to max");
              }
              return Optional.of(
                  new Backoff(initial, f.get(FACTOR), longer(initial, max), f.get(JITTER)));
            });
    Shape<Backoff> plain =
        new Shape.As<>(
            Shapes.DURATION,
            initial ->
                new Backoff(
                    initial,
                    Backoff.DEFAULT.factor(),
                    longer(initial, Backoff.DEFAULT.max()),
                    Backoff.DEFAULT.jitter()));
    return new Shape.Either<>(
        "a duration (the first wait), or {initial, factor, max, jitter}",
        List.of(plain),
        List.of(),
        List.of(map));
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }

  private static Shape<RestartBudget> budget() {
    Shape<RestartBudget> map =
        new Shape.Keys<>(
            "max_restarts",
            List.of(COUNT, WITHIN),
            List.of(),
            f -> Optional.of(new RestartBudget.Limited(f.get(COUNT), f.own(WITHIN))));
    Shape<Integer> number = Shapes.whole(0, 1_000_000_000);
    Shape<RestartBudget> plain =
        new Shape.One<>(
            "a number, or unlimited",
            Shapes.anyOf(
                number.schema(),
                pinfold.contract.Json.object("const", pinfold.contract.Json.of("unlimited"))),
            (s, in) -> {
              if (s.text().equals("unlimited")) {
                return new RestartBudget.Unlimited();
              }
              if (!s.text().matches("\\d{1,9}")) {
                throw new Refusal(
                    s.text().matches("-?\\d+") ? Code.OUT_OF_RANGE : Code.BAD_UNIT,
                    "is no number of restarts",
                    Nearest.hint(s.text(), List.of("unlimited")).orElse(""));
              }
              return new RestartBudget.Limited(Integer.parseInt(s.text()), Optional.empty());
            });
    return new Shape.Either<>(
        "a number, unlimited, or {count, within}", List.of(plain), List.of(), List.of(map));
  }
}
