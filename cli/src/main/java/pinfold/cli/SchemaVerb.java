package pinfold.cli;

import pinfold.contract.Exit;
import pinfold.contract.JsonText;
import pinfold.manifest.JsonSchema;

/** {@code pinfold schema}. */
final class SchemaVerb implements Verb {
  @Override
  public void describe(Usage usage) {
    usage
        .summary("JSON Schema of the manifest, for editors")
        .example("pinfold schema > pinfold.schema.json", "then, at the head of pinfold.yaml:")
        .example(
            "# yaml-language-server: $schema=…", "the file's name; editors complete and check");
  }

  @Override
  public int run(Invocation call) {
    call.console().out().line(JsonText.pretty(JsonSchema.generate()));
    return Exit.OK.code();
  }
}
