package pinfold.manifest;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import pinfold.contract.Code;
import pinfold.contract.Exit;
import pinfold.contract.Failure;
import pinfold.contract.Json;

/**
 * What a reading gave: a manifest, or every problem that it has.
 *
 * @param manifest present if and only if there is no problem
 * @param problems in the order of the files
 * @param positions where each value was found, by JSON pointer (RFC 6901) into the canonical form:
 *     {@code /services/api/command}
 * @param sources the texts that were read
 */
public record Parsed(
    Optional<Manifest> manifest,
    List<Problem> problems,
    Map<String, Position> positions,
    Sources sources) {
  /** Copies. */
  public Parsed {
    problems = List.copyOf(problems);
    positions = Map.copyOf(positions);
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
    return new Parsed(manifest, problems, positions, sources.from(folder));
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
