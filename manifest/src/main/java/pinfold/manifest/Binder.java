package pinfold.manifest;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import pinfold.contract.Code;
import pinfold.manifest.ServiceKeys.Wanted;
import pinfold.manifest.SourceValue.Entry;
import pinfold.manifest.SourceValue.Mapping;

/**
 * From a whole tree to a manifest: the table of keys reads it, the services are held against each
 * other.
 */
final class Binder {
  private static final int MOST_SERVICES = 20_000;

  /** Services of one cycle that a problem names. */
  private static final int MOST_SHOWN = 12;

  private final Reading in;
  private final Problems problems;

  Binder(Reading in) {
    this.in = in;
    this.problems = in.problems;
  }

  /** The manifest, or empty; then there is a problem. */
  Optional<Manifest> bind(SourceValue tree, Path file) {
    int before = problems.count();
    Map<String, List<Wanted>> wanted = wanted(tree);
    if (tree instanceof Mapping root && wanted.isEmpty() && emptyOrMissing(root)) {
      problems.add(
          Problem.of(
                  Code.MISSING_KEY,
                  root.entry("services").map(Entry::at).orElse(root.at()),
                  "the manifest declares no service")
              .help("write `services:` with at least one service, or run `pinfold init`"));
    }
    if (wanted.size() > MOST_SERVICES) {
      problems.add(
          Problem.of(
              Code.INPUT_TOO_LARGE,
              tree.at(),
              "the manifest declares more than " + MOST_SERVICES + " services"));
      return Optional.empty();
    }
    wanted.forEach((name, all) -> names(name, all, wanted.keySet()));
    cycles(wanted);
    Optional<KeyTable.Draft> read = KeyTable.MANIFEST.read(tree, in);
    if (read.isEmpty() || problems.count() > before) {
      return Optional.empty();
    }
    Map<String, Service> plain = new LinkedHashMap<>();
    read.get().services().forEach((name, draft) -> plain.put(name, draft.builder().build()));
    Map<ServiceName, Service> services = new LinkedHashMap<>();
    read.get()
        .services()
        .forEach((name, draft) -> {
          List<Dependency> dependencies =
              draft.wanted().stream().flatMap(w -> resolve(name, w, plain).stream()).toList();
          services.put(new ServiceName(name), draft.builder().dependsOn(dependencies).build());
        });
    ProjectName project = read.get().project().orElseGet(() -> folderName(file));
    return problems.count() > before
        ? Optional.empty()
        : Optional.of(new Manifest(project, file, services));
  }

  private static boolean emptyOrMissing(Mapping root) {
    return root.entry("services").map(e -> e.value() instanceof Mapping).orElse(true);
  }

  private static ProjectName folderName(Path file) {
    Path folder = file.getParent();
    Path last = folder == null ? null : folder.getFileName();
    return ProjectName.ofFolder(last == null ? "" : last.toString());
  }

  /**
   * Who depends on whom, as far as it can be read: wrong names and cycles are worth saying also
   * when other keys are wrong.
   */
  private static Map<String, List<Wanted>> wanted(SourceValue tree) {
    Map<String, List<Wanted>> all = new LinkedHashMap<>();
    if (tree instanceof Mapping root
        && root.entry("services").map(Entry::value).orElse(null) instanceof Mapping services) {
      // What is wrong with depends_on itself is said when the table reads it.
      Reading silent = new Reading(new Problems(), Optional.empty(), Optional.of(Path.of("/")));
      for (Entry service : services.entries()) {
        Optional<Entry> on =
            service.value() instanceof Mapping keys
                ? keys.entry(ServiceKeys.DEPENDS_ON.name())
                : Optional.empty();
        all.put(
            service.key(),
            on.flatMap(e -> ServiceKeys.DEPENDS_ON.shape().read(e.value(), silent))
                .orElse(List.of()));
      }
    }
    return all;
  }

  private void names(String name, List<Wanted> all, Set<String> known) {
    Set<String> seen = new HashSet<>();
    for (Wanted wanted : all) {
      String subject = "service \"" + name + "\" depends on \"" + wanted.service() + "\"";
      if (!known.contains(wanted.service())) {
        problems.add(
            Problem.of(Code.UNKNOWN_DEPENDENCY, wanted.at(), subject + ", which does not exist")
                .help(Nearest.hint(wanted.service(), known)));
      } else if (!seen.add(wanted.service())) {
        problems.add(Problem.of(Code.CONTRADICTION, wanted.at(), subject + " twice"));
      }
    }
  }

  private Optional<Dependency> resolve(String name, Wanted wanted, Map<String, Service> services) {
    Service other = services.get(wanted.service());
    if (other == null) {
      return Optional.empty();
    }
    Dependency.Condition usual =
        other.ready().isPresent() ? Dependency.Condition.READY : Dependency.Condition.STARTED;
    Dependency.Condition condition = wanted.condition().orElse(usual);
    String subject = "service \"" + name + "\" waits for \"" + other.name() + "\"";
    if (condition == Dependency.Condition.READY && other.ready().isEmpty()) {
      problems.add(
          Problem.of(Code.CONTRADICTION, wanted.at(), subject + " to be ready")
              .why("\"" + other.name() + "\" does not declare `ready`, so it never is")
              .help("give \"" + other.name() + "\" a `ready`, or write `condition: started`"));
    }
    if (condition == Dependency.Condition.COMPLETED
        && other.restartPolicy() == RestartPolicy.ALWAYS) {
      problems.add(
          Problem.of(Code.CONTRADICTION, wanted.at(), subject + " to complete")
              .why("\"" + other.name() + "\" has `restart_policy: always`, so it never does")
              .help("write `restart_policy: on-failure` there"));
    }
    return Optional.of(new Dependency(other.name(), condition, wanted.restart()));
  }

  private void cycles(Map<String, List<Wanted>> wanted) {
    Map<ServiceName, List<ServiceName>> edges = new LinkedHashMap<>();
    wanted.forEach((name, all) -> {
      if (ServiceName.valid(name)) {
        edges.put(
            new ServiceName(name), all.stream().map(w -> new ServiceName(w.service())).toList());
      }
    });
    for (List<ServiceName> cycle : Graph.cycles(edges)) {
      List<String> names = new ArrayList<>();
      cycle.forEach(n -> names.add(n.text()));
      names.add(cycle.getFirst().text());
      boolean itself = cycle.size() == 1;
      Problem problem =
          Problem.of(
              Code.DEPENDENCY_CYCLE,
              edge(wanted, names.get(0), names.get(1)),
              itself
                  ? "service \"" + names.getFirst() + "\" depends on itself"
                  : "services wait for each other: " + path(names));
      for (int i = 1; i < Math.min(MOST_SHOWN, cycle.size()); i++) {
        problem =
            problem.related(
                edge(wanted, names.get(i), names.get(i + 1)),
                "\"" + names.get(i) + "\" waits for \"" + names.get(i + 1) + "\"");
      }
      problems.add(problem.help("remove " + (itself ? "it" : "one of these dependencies")));
    }
  }

  private static String path(List<String> names) {
    if (names.size() <= MOST_SHOWN) {
      return String.join(" -> ", names);
    }
    return String.join(" -> ", names.subList(0, MOST_SHOWN))
        + " -> ("
        + (names.size() - 1 - MOST_SHOWN)
        + " more) -> "
        + names.getLast();
  }

  private static Position edge(Map<String, List<Wanted>> wanted, String from, String to) {
    return wanted.getOrDefault(from, List.of()).stream()
        .filter(w -> w.service().equals(to))
        .map(Wanted::at)
        .findFirst()
        .orElse(Position.NOWHERE);
  }
}
