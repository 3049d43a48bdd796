package pinfold.manifest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import pinfold.contract.Code;
import pinfold.manifest.SourceValue.Entry;
import pinfold.manifest.SourceValue.Mapping;

/**
 * Merges {@code defaults} into every service of a tree; those of a project come before those of the
 * whole file. Used once.
 */
final class Defaults {
  /** These are merged key by key; everything else is taken whole from the service, if it has it. */
  private static final Set<String> BY_KEY = Set.of("logs", "limits", "hooks");

  private static final long MOST = 1_000_000;

  private final Problems problems;
  private long values;

  private Defaults(Problems problems) {
    this.problems = problems;
  }

  static SourceValue merge(SourceValue tree, Problems problems) {
    if (!(tree instanceof Mapping root)) {
      return tree;
    }
    Defaults merging = new Defaults(problems);
    if (!(root.entry("projects").map(Entry::value).orElse(null) instanceof Mapping projects)) {
      return merging.merge(root, root);
    }
    List<Entry> merged = new ArrayList<>();
    for (Entry project : projects.entries()) {
      merged.add(
          project.value() instanceof Mapping own
              ? new Entry(project.key(), project.at(), merging.merge(root, merging.merge(own, own)))
              : project);
    }
    return root.with("projects", new Mapping(projects.at(), merged));
  }

  /** A map of services with the defaults that another map declares. */
  private Mapping merge(Mapping from, Mapping into) {
    if (!(from.entry("defaults").map(Entry::value).orElse(null) instanceof Mapping defaults)
        || !(into.entry("services").map(Entry::value).orElse(null) instanceof Mapping services)) {
      return into;
    }
    values += weight(defaults) * services.entries().size();
    if (values > MOST) {
      problems.add(
          Problem.of(
              Code.INPUT_TOO_LARGE,
              defaults.at(),
              "defaults times services are more than " + MOST + " values"));
      return into;
    }
    List<Entry> shared =
        defaults.entries().stream()
            .filter(e -> ServiceKeys.SHARED.stream().anyMatch(k -> k.name().equals(e.key())))
            .toList();
    List<Entry> merged = new ArrayList<>();
    for (Entry service : services.entries()) {
      merged.add(
          service.value() instanceof Mapping own
              ? new Entry(service.key(), service.at(), merge(shared, own))
              : service);
    }
    return into.with("services", new Mapping(services.at(), merged));
  }

  private static Mapping merge(List<Entry> shared, Mapping own) {
    Map<String, Entry> all = new LinkedHashMap<>();
    own.entries().forEach(e -> all.put(e.key(), e));
    for (Entry base : shared) {
      all.merge(
          base.key(),
          base,
          (mine, theirs) ->
              new Entry(mine.key(), mine.at(), combined(mine.key(), theirs.value(), mine.value())));
    }
    return new Mapping(own.at(), List.copyOf(all.values()));
  }

  private static SourceValue combined(String key, SourceValue base, SourceValue over) {
    if (key.equals("env")) {
      return EnvironmentKeys.merge(base, over);
    }
    if (!BY_KEY.contains(key)
        || !(base instanceof Mapping below)
        || !(over instanceof Mapping above)) {
      return over;
    }
    Map<String, Entry> all = new LinkedHashMap<>();
    below.entries().forEach(e -> all.put(e.key(), e));
    above.entries().forEach(e -> all.put(e.key(), e));
    return new Mapping(above.at(), List.copyOf(all.values()));
  }

  private static long weight(SourceValue value) {
    return switch (value) {
      case SourceValue.Scalar s -> 1;
      case SourceValue.Sequence s -> 1 + s.items().stream().mapToLong(Defaults::weight).sum();
      case Mapping m -> 1 + m.entries().stream().mapToLong(e -> weight(e.value())).sum();
    };
  }
}
