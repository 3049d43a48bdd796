package pinfold.cli;

import java.io.IOException;
import pinfold.contract.Exit;
import pinfold.contract.Json;
import pinfold.manifest.Manifest;
import pinfold.manifest.Parsed;
import pinfold.manifest.Problem;

/** {@code pinfold validate}: every problem at once; needs no supervisor. */
final class ValidateVerb implements Verb {
  @Override
  public void describe(Usage usage) {
    usage
        .summary("check the manifest; says every problem at once")
        .example("pinfold validate", "the one of this folder")
        .example("pinfold -f other.yaml validate --json", "for editors and pipelines");
  }

  @Override
  public int run(Invocation call) throws IOException {
    Parsed parsed = ManifestFile.read(call);
    if (call.json()) {
      call.print(
          Json.object(
              "valid",
              Json.of(parsed.problems().isEmpty()),
              "problems",
              Json.array(parsed.problems().stream().map(Problem::json).toList())));
      return parsed.exit().code();
    }
    if (parsed.manifest().isEmpty()) {
      call.console().err().print(parsed.render());
      int count = parsed.problems().size();
      call.say("\n" + count + (count == 1 ? " problem" : " problems"));
      return parsed.exit().code();
    }
    Manifest manifest = parsed.manifest().get();
    call.say(
        "%s is valid: project %s, %d services"
            .formatted(
                Text.line(manifest.file().toString()),
                manifest.project(),
                manifest.services().size()));
    return Exit.OK.code();
  }
}
