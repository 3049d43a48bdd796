package pinfold.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.contract.Json;
import pinfold.contract.PinfoldException;
import pinfold.manifest.FileSource;
import pinfold.manifest.ManifestReader;
import pinfold.manifest.Parsed;
import pinfold.manifest.ProjectName;
import pinfold.manifest.Surroundings;

/** The manifest as the caller's files and environment make it. */
final class ManifestFile {
  private ManifestFile() {}

  /**
   * Reads the manifest that is meant.
   *
   * @throws PinfoldException {@link Code#NO_MANIFEST}
   */
  static Parsed read(Invocation call) throws IOException {
    Path found =
        call.manifest()
            .orElseThrow(() ->
                Failure.of(
                        Code.NO_MANIFEST,
                        "no pinfold.yaml in "
                            + call.console().directory()
                            + " or a folder above it")
                    .tryNext("pinfold init    (writes a first one)")
                    .tryNext("pinfold -f FILE " + call.verb())
                    .exception());
    return read(real(found), call.console());
  }

  /** The same, where only a valid one helps. */
  static List<Parsed.Project> valid(Invocation call) throws IOException {
    Parsed parsed = read(call);
    if (parsed.projects().isEmpty()) {
      throw parsed.failure().exception();
    }
    return parsed.projects();
  }

  /** Says what is wrong with a manifest; the exit code. */
  static int invalid(Parsed parsed, Invocation call) {
    if (call.json()) {
      call.print(Json.object("error", parsed.failure().json()));
    } else {
      call.console().err().print(parsed.render());
    }
    return parsed.exit().code();
  }

  /**
   * The projects that a manifest is about, as far as that can be told; for choosing among projects,
   * not for changing them.
   */
  static List<String> projects(Path file, Invocation call) {
    try {
      List<Parsed.Project> projects = read(real(file), call.console()).projects();
      if (!projects.isEmpty()) {
        return projects.stream().map(Parsed.Project::name).toList();
      }
    } catch (IOException _) {
      // its folder's name is the default, and all that is left
    }
    Path folder = file.toAbsolutePath().normalize().getParent();
    return List.of(
        ProjectName.ofFolder(
                folder == null || folder.getFileName() == null
                    ? ""
                    : folder.getFileName().toString())
            .text());
  }

  private static Parsed read(Path file, Console console) {
    Optional<Path> home = console.variable("HOME").map(Path::of).filter(Path::isAbsolute);
    return ManifestReader.read(
            ManifestFile::text, file, new Surroundings(console.environment(), home))
        .from(console.directory());
  }

  private static Path real(Path file) throws IOException {
    return Files.exists(file) ? file.toRealPath() : file.toAbsolutePath().normalize();
  }

  /** One file, as {@link FileSource#read} wants it. */
  private static String text(Path file, int most) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new IOException("it is no regular file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(most + 1);
      if (bytes.length > most) {
        throw new FileSource.TooLarge(Files.size(file));
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IOException("it is not UTF-8", e);
    } catch (java.nio.file.AccessDeniedException e) {
      throw new IOException("permission denied", e);
    }
  }
}
