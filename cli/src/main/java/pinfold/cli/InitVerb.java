package pinfold.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import pinfold.contract.Code;
import pinfold.contract.Exit;
import pinfold.contract.Failure;
import pinfold.manifest.Init;
import pinfold.manifest.ProjectName;

/** {@code pinfold init}: writes a first manifest and never overwrites one. */
final class InitVerb implements Verb {
  private static final int MOST_FILES = 10_000;
  private static final int LARGEST = 1 << 20;
  private static final String SCHEMA = "pinfold.schema.json";

  @Override
  public void describe(Usage usage) {
    usage
        .summary("write a first pinfold.yaml from what this folder holds")
        .example("pinfold init", "Procfile, package.json, scripts …")
        .example("pinfold -f other.yaml init", "under another name");
  }

  @Override
  public int run(Invocation call) throws IOException {
    Path folder = call.console().directory();
    Path file = call.value("--file").map(folder::resolve).orElse(folder.resolve("pinfold.yaml"));
    if (call.value("--file").isEmpty() && Files.exists(folder.resolve("pinfold.yml"))) {
      throw exists(folder.resolve("pinfold.yml"));
    }
    String text = Init.propose(project(folder), found(folder), SCHEMA);
    try {
      Files.writeString(file, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (FileAlreadyExistsException _) {
      throw exists(file);
    }
    call.console().out().line(file.toString());
    call.say(
        "  try: pinfold validate\n       pinfold up\n       pinfold schema > "
            + SCHEMA
            + "    (for editors)");
    return Exit.OK.code();
  }

  private static ProjectName project(Path folder) {
    Path name = folder.getFileName();
    return ProjectName.ofFolder(name == null ? "" : name.toString());
  }

  private static List<Init.Found> found(Path folder) throws IOException {
    List<Init.Found> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        if (found.size() == MOST_FILES) {
          break;
        }
        String name = String.valueOf(file.getFileName());
        boolean regular = Files.isRegularFile(file);
        found.add(
            new Init.Found(
                name,
                regular && Files.isExecutable(file),
                regular ? text(file, name) : Optional.empty()));
      }
    }
    found.sort(Comparator.comparing(Init.Found::name));
    return found;
  }

  private static Optional<String> text(Path file, String name) throws IOException {
    boolean wanted = Init.READ.contains(name) || name.endsWith(".java");
    if (!wanted || !Files.isReadable(file) || Files.size(file) > LARGEST) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.readString(file));
    } catch (CharacterCodingException _) {
      return Optional.empty(); // no text
    }
  }

  private static pinfold.contract.PinfoldException exists(Path file) {
    return Failure.of(Code.WOULD_OVERWRITE, file + " exists and is not overwritten")
        .tryNext("pinfold -f OTHER.yaml init")
        .exception();
  }
}
