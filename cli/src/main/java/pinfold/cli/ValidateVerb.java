package pinfold.cli;

import java.io.IOException;
import java.util.List;
import pinfold.contract.Exit;
import pinfold.contract.Json;
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
    if (parsed.projects().isEmpty()) {
      call.console().err().print(parsed.render());
      int count = parsed.problems().size();
      call.say("\n" + count + (count == 1 ? " problem" : " problems"));
      return parsed.exit().code();
    }
    String file = Text.line(parsed.projects().getFirst().manifest().file().toString());
    List<String> projects =
        parsed.projects().stream()
            .map(p -> "project %s, %d services".formatted(p.name(), p.manifest().services().size()))
            .toList();
    call.say(file + " is valid: " + String.join("; ", projects));
    return Exit.OK.code();
  }
}
