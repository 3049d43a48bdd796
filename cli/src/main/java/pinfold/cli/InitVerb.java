package pinfold.cli;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import pinfold.contract.Code;
import pinfold.contract.Exit;
import pinfold.contract.Failure;

/** {@code pinfold init}: writes a first manifest and never overwrites one. */
final class InitVerb implements Verb {
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
    try {
      Files.writeString(
          file, FirstManifest.of(folder), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (FileAlreadyExistsException _) {
      throw exists(file);
    }
    call.console().out().line(file.toString());
    call.say("  try: pinfold validate\n       pinfold up");
    return Exit.OK.code();
  }

  private static pinfold.contract.PinfoldException exists(Path file) {
    return Failure.of(Code.WOULD_OVERWRITE, file + " exists and is not overwritten")
        .tryNext("pinfold -f OTHER.yaml init")
        .exception();
  }
}
