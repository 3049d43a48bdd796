package pinfold.supervisor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import pinfold.contract.Code;
import pinfold.contract.Json;
import pinfold.contract.PinfoldException;
import pinfold.core.UnitName;
import pinfold.manifest.EnvFile;
import pinfold.manifest.Problem;

/// Reads the files of `env_file` at each start; what they say is kept nowhere.
final class EnvFiles {
  private final DiskFiles files = new DiskFiles();
  private final Path home;

  /// @param home what `~` stands for in them
  EnvFiles(Path home) {
    this.home = home;
  }

  /// The variables of one file.
  ///
  /// @throws PinfoldException [Code#ENV_FILE_UNREADABLE] that names file and line, and never a
  ///   value
  Map<String, String> read(UnitName unit, Path file) {
    EnvFile parsed = EnvFile.parse(file, text(unit, file), Optional.of(home));
    if (!parsed.problems().isEmpty()) {
      Problem first = parsed.problems().getFirst();
      throw BirthFailure.unasked(
              BirthFailure.service(unit),
              Code.ENV_FILE_UNREADABLE,
              "env_file " + first.at() + ": " + first.what())
          .with("problems", Json.array(parsed.problems().stream().map(Problem::json).toList()))
          .exception();
    }
    return parsed.variables();
  }

  private String text(UnitName unit, Path file) {
    try {
      return files.read(file, EnvFile.LARGEST);
    } catch (IOException e) {
      throw unreadable(unit, file + ": " + Reasons.of(e));
    }
  }

  private static PinfoldException unreadable(UnitName unit, String reason) {
    return BirthFailure.unasked(
            BirthFailure.service(unit), Code.ENV_FILE_UNREADABLE, "env_file " + reason)
        .exception();
  }
}
