package pinfold.manifest;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import pinfold.contract.Code;
import pinfold.contract.Exit;
import pinfold.contract.Failure;
import pinfold.contract.Json;

/**
 * What a reading gave: the projects that a file declares, or every problem that it has.
 *
 * @param projects in the order of the file; empty if and only if there is a problem
 * @param problems in the order of the files
 * @param sources the texts that were read
 */
public record Parsed(List<Project> projects, List<Problem> problems, Sources sources) {
  /**
   * One project of a file.
   *
   * @param positions where each value was found, by JSON pointer (RFC 6901) into the canonical
   *     form: {@code /services/api/command}
   */
  public record Project(Manifest manifest, Map<String, Position> positions) {
    /** Copies. */
    public Project {
      positions = Map.copyOf(positions);
    }

    /** The name. */
    public String name() {
      return manifest.project().text();
    }
  }

  /**
   * @throws IllegalArgumentException if there are both projects and problems, or neither
   */
  public Parsed {
    projects = List.copyOf(projects);
    problems = List.copyOf(problems);
    if (projects.isEmpty() == problems.isEmpty()) {
      throw new IllegalArgumentException("either projects or problems");
    }
  }

  /** The manifest of the only project; empty if there is a problem, or several projects. */
  public Optional<Manifest> manifest() {
    return projects.size() == 1 ? Optional.of(projects.getFirst().manifest()) : Optional.empty();
  }

  /** Where the values of the only project were found; empty if there is not exactly one. */
  public Map<String, Position> positions() {
    return projects.size() == 1 ? projects.getFirst().positions() : Map.of();
  }

  /** How a command ends that got this: 0, else the first problem's class. */
  public Exit exit() {
    return problems.isEmpty() ? Exit.OK : problems.getFirst().code().exit();
  }

  /** All problems as they are shown, an empty line between them. */
  public String render() {
    StringBuilder out = new StringBuilder();
    for (Problem problem : problems) {
      out.append(out.isEmpty() ? "" : "\n").append(problem.render(sources));
    }
    return out.toString();
  }

  /** The same, with paths shown relative to a folder, usually the caller's. */
  public Parsed from(java.nio.file.Path folder) {
    return new Parsed(projects, problems, sources.from(folder));
  }

  /**
   * The problems as one failure: a single one as itself, several below {@code problems} of {@code
   * PF1101}.
   *
   * @throws IllegalStateException if there is none
   */
  public Failure failure() {
    if (problems.isEmpty()) {
      throw new IllegalStateException("there is no problem");
    }
    if (problems.size() == 1) {
      return Failure.from(problems.getFirst().json());
    }
    return Failure.of(Code.MANIFEST_INVALID, "the manifest has " + problems.size() + " problems")
        .with("problems", Json.array(problems.stream().map(Problem::json).toList()));
  }
}
