package pinfold.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import pinfold.contract.Json;
import pinfold.contract.JsonText;

/** What the reader takes and refuses, an editor takes and refuses. */
class JsonSchemaTest extends AnyManifest {
  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private static final Schema SCHEMA = REGISTRY.getSchema(JsonSchema.text(), InputFormat.JSON);

  /**
   * What no schema can know: what keys mean together, what files, variables and the text's form
   * say.
   */
  private static final Set<String> BEYOND =
      Set.of("PF1105", "PF1110", "PF1112", "PF1117", "PF1118", "PF1119", "PF1120", "PF1122");

  private static List<com.networknt.schema.Error> errors(String yaml) {
    Problems problems = new Problems();
    SourceValue tree = YamlReader.read("/m.yaml", yaml, problems).orElseThrow();
    assertThat(problems.sorted()).isEmpty();
    return SCHEMA.validate(JsonText.write(json(tree)), InputFormat.JSON);
  }

  private static Json json(SourceValue value) {
    return switch (value) {
      case SourceValue.Scalar s ->
          switch (s.kind()) {
            case NULL -> Json.Null.NULL;
            case BOOL -> Json.of(Boolean.parseBoolean(s.text()));
            case INT -> Json.of(Long.parseLong(s.text()));
            case FLOAT -> Json.of(Double.parseDouble(s.text()));
            case STRING -> Json.of(s.text());
          };
      case SourceValue.Sequence s ->
          Json.array(s.items().stream().map(JsonSchemaTest::json).toList());
      case SourceValue.Mapping m -> {
        Map<String, Json> fields = new LinkedHashMap<>();
        m.entries().forEach(e -> fields.put(e.key(), json(e.value())));
        yield new Json.Obj(fields);
      }
    };
  }

  @Test
  void itIsASchema() {
    Schema meta =
        REGISTRY.getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
    assertThat(meta.validate(JsonSchema.text(), InputFormat.JSON)).isEmpty();
  }

  @Test
  void everyKeyIsDescribed() {
    KeyTable.tables()
        .values()
        .forEach(table ->
            table
                .keys()
                .forEach(key -> assertThat(key.text()).as(key.name()).matches("(?s).{3,}[.]")));
  }

  static List<String> valid() {
    return KeysTest.rows().stream()
        .map(r -> r.key())
        .filter(k -> !k.equals("working_dir: ~"))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("valid")
  void takesWhatIsRight(String key) {
    assertThat(errors(Texts.apiText(key))).isEmpty();
  }

  static List<ProblemTextTest.Case> wrong() {
    return ProblemTextTest.cases().stream()
        .filter(c -> {
          Set<String> codes =
              new java.util.TreeSet<>(
                  Texts.read(c.manifest()).problems().stream().map(p -> p.code().id()).toList());
          codes.removeAll(BEYOND);
          // A manifest without services may get them from its includes.
          return !codes.isEmpty()
              && !c.name().equals("no service")
              && !c.name().equals("a project without services")
              && !c.name().equals("no project")
              && !c.name().equals("empty file")
              && !c.name().equals("a tag")
              && !c.name().equals("duplicate key")
              && !c.name().equals("a name in braces");
        })
        .toList();
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void refusesWhatIsWrong(ProblemTextTest.Case one) {
    assertThat(errors(one.manifest())).isNotEmpty();
  }

  @Test
  void takesSeveralProjects() {
    assertThat(
            errors(
                """
                defaults: {restart_policy: always}
                projects:
                  shop: {include: [more.yaml], services: {api: {command: x}}}
                  blog: {defaults: {env: {A: b}}, services: {api: {command: x}}, x-note: y}
                """))
        .isEmpty();
    assertThat(errors("projects: {shop: {services: {api: {comand: x}}}}")).isNotEmpty();
    assertThat(errors("projects: {shop: {project: x, services: {api: {command: x}}}}"))
        .isNotEmpty();
  }

  @Test
  void takesVariablesWhereverAValueIs() {
    assertThat(
            errors(
                "project: ${P}\nservices: {a: {command: x, tty: '${T}', stop_timeout: '${D:-5s}', restart_policy: '${R}', logs: {max_files: '${N}'}}}"))
        .isEmpty();
  }

  @Property(tries = 60)
  void takesEveryCanonicalManifest(@ForAll("manifests") Manifest manifest) {
    assertThat(SCHEMA.validate(JsonText.write(Canonical.json(manifest)), InputFormat.JSON))
        .isEmpty();
  }
}
