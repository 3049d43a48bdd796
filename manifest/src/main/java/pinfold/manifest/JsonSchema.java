package pinfold.manifest;

import pinfold.contract.Json;
import pinfold.contract.JsonText;

/** The JSON Schema (2020-12) of the manifest, for editors; made from the table of keys. */
public final class JsonSchema {
  private JsonSchema() {}

  /** The schema. */
  public static Json.Obj generate() {
    Json.Obj head =
        Json.object(
                "$schema",
                Json.of("https://json-schema.org/draft/2020-12/schema"),
                "$id",
                Json.of("urn:pinfold:manifest:1"))
            .with("title", Json.of("Pinfold manifest"))
            .with("description", Json.of("The services of a project: pinfold.yaml."));
    for (var field : KeyTable.MANIFEST.schema().fields().entrySet()) {
      head = head.with(field.getKey(), field.getValue());
    }
    Json.Obj variable =
        Shapes.pattern("\\$\\{[A-Za-z_][A-Za-z0-9_]*(:[-?].*)?\\}")
            .with("description", Json.of("A value that a variable gives."));
    return head.with("$defs", Json.object("variable", variable));
  }

  /** The schema as a file, with a line end. */
  public static String text() {
    return JsonText.pretty(generate()) + "\n";
  }
}
