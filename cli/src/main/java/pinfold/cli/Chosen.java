package pinfold.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.manifest.Manifest;
import pinfold.manifest.Parsed;
import pinfold.manifest.ServiceName;

/**
 * A project of a manifest that a command line means.
 *
 * @param names of its services, as they were written; none means all
 * @param declared names of all projects of the file, where all of it is meant; said of one of them
 *     only, since one suffices
 */
record Chosen(Parsed.Project project, List<String> names, List<String> declared) {
  Chosen {
    names = List.copyOf(names);
    declared = List.copyOf(declared);
  }

  Manifest manifest() {
    return project.manifest();
  }

  /**
   * The projects that {@code --project} and the words name, in the order of the file; all of them
   * without either.
   *
   * @throws pinfold.contract.PinfoldException {@link Code#NO_TARGET}, {@link Code#NO_SUCH_SERVICE},
   *     {@link Code#AMBIGUOUS_NAME}, {@link Code#UNKNOWN_PROFILE}
   */
  static List<Chosen> of(Invocation call, Parsed parsed) {
    profiles(call, parsed.projects());
    List<Parsed.Project> projects = projects(call, parsed.projects());
    Map<String, List<String>> names = new HashMap<>(); // by name: a project's hash is all it holds
    for (String word : call.words()) {
      String owner = owner(call, projects, word).name();
      names.computeIfAbsent(owner, _ -> new ArrayList<>()).add(word);
    }
    boolean whole = call.words().isEmpty() && call.value("--project").isEmpty();
    List<String> declared = projects.stream().map(Parsed.Project::name).toList();
    return projects.stream()
        .map(project ->
            new Chosen(
                project,
                names.getOrDefault(project.name(), List.of()),
                whole && project.name().equals(declared.getFirst()) ? declared : List.of()))
        .filter(chosen -> call.words().isEmpty() || !chosen.names().isEmpty())
        .toList();
  }

  /** A profile that nothing has is a slip of the pen: what it was to start would be left out. */
  private static void profiles(Invocation call, List<Parsed.Project> projects) {
    Set<String> known = new TreeSet<>();
    for (Parsed.Project project : projects) {
      project.manifest().services().values().forEach(service -> known.addAll(service.profiles()));
    }
    for (String profile : call.values("--profile")) {
      if (!known.contains(profile)) {
        Failure failure =
            Failure.of(
                Code.UNKNOWN_PROFILE, "no service has the profile \"" + Text.line(profile) + "\"");
        for (String one : known) {
          failure = failure.tryNext("pinfold " + call.verb() + " --profile " + one);
        }
        throw failure.exception();
      }
    }
  }

  /** The projects that {@code --project} leaves. */
  static List<Parsed.Project> projects(Invocation call, List<Parsed.Project> all) {
    Optional<String> name = call.value("--project");
    List<Parsed.Project> found =
        all.stream()
            .filter(project -> name.filter(n -> !n.equals(project.name())).isEmpty())
            .toList();
    if (found.isEmpty()) {
      Failure failure =
          Failure.of(Code.NO_TARGET, "the manifest has no project \"" + name.orElse("") + "\"");
      for (Parsed.Project project : all) {
        failure = failure.tryNext("pinfold " + call.verb() + " --project " + project.name());
      }
      throw failure.exception();
    }
    return found;
  }

  /** The project of a service that is named {@code api}, {@code api.2} or {@code shop/api}. */
  static Parsed.Project owner(Invocation call, List<Parsed.Project> projects, String word) {
    int slash = word.indexOf('/');
    String name = word.substring(slash + 1);
    List<Parsed.Project> fitting =
        projects.stream()
            .filter(p -> slash < 0 || p.name().equals(word.substring(0, slash)))
            .filter(p -> service(p, name).isPresent())
            .toList();
    if (fitting.size() == 1) {
      return fitting.getFirst();
    }
    boolean several = fitting.size() > 1;
    Failure failure =
        several
            ? Failure.of(Code.AMBIGUOUS_NAME, "\"" + word + "\" is a service of several projects")
            : Failure.of(Code.NO_SUCH_SERVICE, "the manifest has no service \"" + word + "\"");
    for (Parsed.Project project : several ? fitting : projects) {
      for (ServiceName service : project.manifest().services().keySet()) {
        if (!several || service.text().equals(plain(name))) {
          String prefix = projects.size() > 1 ? project.name() + "/" : "";
          failure = failure.tryNext("pinfold " + call.verb() + " " + prefix + service);
        }
      }
    }
    throw failure.exception();
  }

  /** The service of a project that a name without its project means. */
  static Optional<ServiceName> service(Parsed.Project project, String name) {
    String plain = plain(name);
    return ServiceName.valid(plain)
        ? project.manifest().service(new ServiceName(plain)).map(s -> s.name())
        : Optional.empty();
  }

  private static String plain(String name) {
    int dot = name.indexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }
}
