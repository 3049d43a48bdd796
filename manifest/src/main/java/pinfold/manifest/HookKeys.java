package pinfold.manifest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The keys of {@code hooks}, and the shape that {@code pre_start} and {@code pre_stop} share with
 * them.
 */
final class HookKeys {
  private static final Key<Command> COMMAND =
      Key.of("command", Shapes.COMMAND, "What is run: a string for /bin/sh -c, or a list.").must();

  static final Shape<Hooks> SHAPE = hooks();

  private HookKeys() {}

  /** A command, or a map of a command and its timeout. */
  static Shape<Hook> hook(String timeout) {
    Key<Duration> limit =
        Key.of("timeout", Shapes.SPAN, "After this time it is killed with all that it started.")
            .or(timeout);
    Shape<Hook> map =
        new Shape.Keys<>(
            "hook",
            List.of(COMMAND, limit),
            List.of(),
            f -> Optional.of(new Hook(f.get(COMMAND), f.get(limit))));
    Duration usual = limit.meaning().orElseThrow();
    Shape<Hook> plain = new Shape.As<>(Shapes.COMMAND, command -> new Hook(command, usual));
    return new Shape.Either<>(
        "a command, or {command, timeout}", List.of(plain), List.of(plain), List.of(map));
  }

  private static Shape<Hooks> hooks() {
    Shape<Hook> hook = hook("30s");
    Map<Hooks.Moment, Key<Hook>> single = new EnumMap<>(Hooks.Moment.class);
    Map<String, Map<Hooks.Moment, Key<Hook>>> twofold = new LinkedHashMap<>();
    for (Hooks.Moment moment : Hooks.Moment.values()) {
      if (moment.outcome().isEmpty()) {
        single.put(
            moment,
            Key.of(
                moment.key(),
                hook,
                moment == Hooks.Moment.READY
                    ? "When the service became ready."
                    : "When the service has failed for good."));
      } else {
        String end = moment.outcome().equals("success") ? " succeeded." : " failed.";
        twofold
            .computeIfAbsent(moment.key(), k -> new EnumMap<>(Hooks.Moment.class))
            .put(moment, Key.of(moment.outcome(), hook, "When it" + end));
      }
    }
    Map<String, Key<Map<Hooks.Moment, Hook>>> outcomes = new LinkedHashMap<>();
    twofold.forEach((name, keys) ->
        outcomes.put(
            name,
            Key.of(
                name,
                outcome(name, keys),
                "After a " + name.substring(3) + ": `success` or `error`.")));
    List<Key<?>> all = new ArrayList<>(outcomes.values());
    all.addAll(single.values());
    return new Shape.Keys<>(
        "hooks",
        all,
        List.of(),
        f -> {
          Map<Hooks.Moment, Hook> found = new EnumMap<>(Hooks.Moment.class);
          outcomes.values().forEach(key -> f.own(key).ifPresent(found::putAll));
          single.forEach((moment, key) -> f.own(key).ifPresent(one -> found.put(moment, one)));
          return Optional.of(new Hooks(found));
        });
  }

  private static Shape<Map<Hooks.Moment, Hook>> outcome(
      String name, Map<Hooks.Moment, Key<Hook>> keys) {
    return new Shape.Keys<>(
        name,
        List.copyOf(keys.values()),
        List.of(),
        f -> {
          Map<Hooks.Moment, Hook> found = new EnumMap<>(Hooks.Moment.class);
          keys.forEach((moment, key) -> f.own(key).ifPresent(one -> found.put(moment, one)));
          return Optional.of(found);
        });
  }
}
