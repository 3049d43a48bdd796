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
 * From a whole tree to the manifests of its projects: the table of keys reads it, the services of a
 * project are held against each other.
 */
final class Binder {
  private static final int MOST_SERVICES = 20_000;

  private static final int MOST_PROJECTS = 256;

  /** Services of one cycle that a problem names. */
  private static final int MOST_SHOWN = 12;

  /** What one project cannot have beside several. */
  private static final List<Key<?>> OF_ONE =
      List.of(KeyTable.PROJECT, KeyTable.INCLUDE, KeyTable.SERVICES);

  private final Reading in;
  private final Problems problems;

  /**
   * One project as far as it can be read whatever else is wrong.
   *
   * @param name empty for the only one
   * @param pointer to it in the tree
   * @param wanted who depends on whom
   */
  private record Scope(String name, String pointer, Map<String, List<Wanted>> wanted) {
    /** To be put behind a message. */
    String of() {
      return name.isEmpty() ? "" : " of project \"" + name + "\"";
    }
  }

  Binder(Reading in) {
    this.in = in;
    this.problems = in.problems;
  }

  /** The projects in the order of the file, or none; then there is a problem. */
  List<Parsed.Project> bind(SourceValue tree, Path file) {
    int before = problems.count();
    List<Scope> scopes = scopes(tree);
    if (scopes.size() > MOST_PROJECTS) {
      problems.add(
          Problem.of(
              Code.INPUT_TOO_LARGE,
              tree.at(),
              "the manifest declares more than " + MOST_PROJECTS + " projects"));
      return List.of();
    }
    long services = scopes.stream().mapToLong(scope -> scope.wanted().size()).sum();
    if (services > MOST_SERVICES) {
      problems.add(
          Problem.of(
              Code.INPUT_TOO_LARGE,
              tree.at(),
              "the manifest declares more than " + MOST_SERVICES + " services"));
      return List.of();
    }
    for (Scope scope : scopes) {
      scope.wanted().forEach((name, all) -> names(name, all, scope, scopes));
      cycles(scope);
    }
    Optional<KeyTable.Draft> read = KeyTable.MANIFEST.read(tree, in);
    if (read.isEmpty() || problems.count() > before) {
      return List.of();
    }
    List<Parsed.Project> projects = new ArrayList<>();
    for (Scope scope : scopes) {
      boolean only = scope.name().isEmpty();
      ProjectName name =
          only
              ? read.get().project().orElseGet(() -> folderName(file))
              : new ProjectName(scope.name());
      Map<String, ServiceKeys.Draft> drafts =
          only ? read.get().services() : read.get().projects().getOrDefault(scope.name(), Map.of());
      projects.add(
          new Parsed.Project(
              new Manifest(name, file, services(drafts)), positions(scope.pointer())));
    }
    return problems.count() > before ? List.of() : projects;
  }

  private Map<ServiceName, Service> services(Map<String, ServiceKeys.Draft> drafts) {
    Map<String, Service> plain = new LinkedHashMap<>();
    drafts.forEach((name, draft) -> plain.put(name, draft.builder().build()));
    Map<ServiceName, Service> services = new LinkedHashMap<>();
    drafts.forEach((name, draft) -> {
      List<Dependency> dependencies =
          draft.wanted().stream().flatMap(w -> resolve(name, w, plain).stream()).toList();
      services.put(new ServiceName(name), draft.builder().dependsOn(dependencies).build());
    });
    return services;
  }

  /** Where the values of one project were found, as its canonical form has them. */
  private Map<String, Position> positions(String pointer) {
    Map<String, Position> own = new LinkedHashMap<>();
    in.positions()
        .forEach((at, position) -> {
          if (at.startsWith(pointer + "/")) {
            own.put(at.substring(pointer.length()), position);
          }
        });
    return own;
  }

  /** The projects of a tree; says what is missing, and what cannot stand beside several. */
  private List<Scope> scopes(SourceValue tree) {
    if (!(tree instanceof Mapping root)) {
      return List.of();
    }
    Optional<Entry> several = root.entry(KeyTable.PROJECTS.name());
    if (several.isEmpty()) {
      empty(root, Optional.empty(), "the manifest");
      return List.of(new Scope("", "", wanted(root)));
    }
    for (Key<?> key : OF_ONE) {
      root.entry(key.name()).ifPresent(entry -> beside(entry, several.get()));
    }
    List<Scope> scopes = new ArrayList<>();
    if (several.get().value() instanceof Mapping projects) {
      if (projects.entries().isEmpty()) {
        problems.add(
            Problem.of(Code.MISSING_KEY, several.get().at(), "the manifest declares no project")
                .help("write `projects: {NAME: {services: …}}`"));
      }
      for (Entry project : projects.entries()) {
        String name = project.key();
        if (project.value() instanceof Mapping keys) {
          empty(keys, Optional.of(project.at()), "project \"" + name + "\"");
          scopes.add(
              new Scope(name, Pointers.of(List.of(KeyTable.PROJECTS.name(), name)), wanted(keys)));
        }
      }
    }
    return scopes;
  }

  private void beside(Entry entry, Entry projects) {
    problems.add(
        Problem.of(
                Code.CONTRADICTION,
                entry.at(),
                "\"" + entry.key() + "\" cannot be used together with \"projects\"")
            .why("with `projects`, every service and every include is one of a project's own")
            .related(projects.at(), "several projects are declared here")
            .help(
                entry.key().equals(KeyTable.PROJECT.name())
                    ? "remove it: the names are the keys of `projects`"
                    : "move it into a project: `projects: {NAME: {" + entry.key() + ": …}}`"));
  }

  /** Says when there is no service, at the key of the services or at the given place. */
  private void empty(Mapping project, Optional<Position> at, String what) {
    Optional<Entry> services = project.entry(KeyTable.SERVICES.name());
    boolean none =
        services.map(e -> e.value() instanceof Mapping map && map.entries().isEmpty()).orElse(true);
    if (none) {
      Position place = at.or(() -> services.map(Entry::at)).orElse(project.at());
      problems.add(
          Problem.of(Code.MISSING_KEY, place, what + " declares no service")
              .help("write `services:` with at least one service, or run `pinfold init`"));
    }
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
  private static Map<String, List<Wanted>> wanted(Mapping project) {
    Map<String, List<Wanted>> all = new LinkedHashMap<>();
    if (project.entry(KeyTable.SERVICES.name()).map(Entry::value).orElse(null)
        instanceof Mapping services) {
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

  private void names(String name, List<Wanted> all, Scope scope, List<Scope> scopes) {
    Set<String> known = scope.wanted().keySet();
    Set<String> seen = new HashSet<>();
    for (Wanted wanted : all) {
      String subject =
          "service \"" + name + "\"" + scope.of() + " depends on \"" + wanted.service() + "\"";
      if (!known.contains(wanted.service())) {
        Problem problem =
            Problem.of(Code.UNKNOWN_DEPENDENCY, wanted.at(), subject + ", which does not exist");
        Optional<String> elsewhere =
            scopes.stream()
                .filter(other -> other.wanted().containsKey(wanted.service()))
                .map(Scope::name)
                .findFirst();
        problems.add(
            elsewhere
                .map(other ->
                    problem
                        .why(
                            "project \""
                                + other
                                + "\" has a service of this name, but dependencies stay within a project")
                        .help("put both into one project"))
                .orElse(problem.help(Nearest.hint(wanted.service(), known))));
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

  private void cycles(Scope scope) {
    Map<String, List<Wanted>> wanted = scope.wanted();
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
                  ? "service \"" + names.getFirst() + "\"" + scope.of() + " depends on itself"
                  : "services" + scope.of() + " wait for each other: " + path(names));
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
