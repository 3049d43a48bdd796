package pinfold.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import pinfold.contract.Code;
import pinfold.contract.Json;
import pinfold.contract.JsonText;

class CanonicalTest extends AnyManifest {
  @Property(tries = 300)
  void whatIsWrittenIsReadBack(@ForAll("manifests") Manifest manifest) {
    String text = JsonText.write(Canonical.json(manifest));
    Parsed back = Canonical.read((Json.Obj) JsonText.read(text));
    assertThat(back.render()).isEmpty();
    assertThat(back.manifest()).contains(manifest);
  }

  @Property(tries = 100)
  void theCanonicalFormIsAManifestByItself(@ForAll("manifests") Manifest manifest) {
    String yaml =
        JsonText.write(Canonical.json(manifest)).replace("$", "$$").replace("\u0085", "\\u0085");
    Parsed back = ManifestReader.read(manifest.file(), yaml, Surroundings.NONE);
    assertThat(back.render()).isEmpty();
    assertThat(back.manifest()).contains(manifest);
  }

  @Test
  void problemsInItStillPointIntoThePersonsFile() {
    Parsed parsed = Texts.read("services:\n  api:\n    command: ./api\n    stop_timeout: 5s\n");
    Json.Obj json = Canonical.json(parsed.manifest().orElseThrow(), parsed.positions());
    String spoilt =
        JsonText.write(json).replace("\"stop_timeout\":\"5s\"", "\"stop_timeout\":\"5x\"");
    Parsed back = Canonical.read((Json.Obj) JsonText.read(spoilt));
    assertThat(back.manifest()).isEmpty();
    assertThat(back.problems())
        .singleElement()
        .satisfies(p -> assertThat(p.at()).hasToString("/srv/shop/pinfold.yaml:4:19"));
  }

  @Test
  void positionsComeBack() {
    Parsed parsed = Texts.read("services:\n  api: {command: ./api, env: {A/B: x}}\n");
    Parsed back =
        Canonical.read(Canonical.json(parsed.manifest().orElseThrow(), parsed.positions()));
    assertThat(back.positions().get("/services/api/command"))
        .hasToString("/srv/shop/pinfold.yaml:2:18");
    assertThat(parsed.positions()).containsKey("/services/api/env/A~1B");
  }

  @Test
  void whatTheDefaultsSayIsLeftOut() {
    Parsed parsed = Texts.read("services: {api: {command: ./api, stop_timeout: 10s, env: {A: b}}}");
    Json.Obj services =
        (Json.Obj) Canonical.json(parsed.manifest().orElseThrow()).get("services").orElseThrow();
    assertThat(((Json.Obj) services.get("api").orElseThrow()).fields().keySet())
        .containsExactly("command", "working_dir", "env", "restart_policy");
  }

  @Test
  void nothingIsResolvedInIt() {
    Json.Obj service =
        Json.object("command", Json.of("echo ${PATH} ~"), "working_dir", Json.of("relative"));
    Parsed back = Canonical.read(whole(Json.object("api", service)));
    assertThat(back.problems())
        .singleElement()
        .satisfies(p ->
            assertThat(p.what())
                .isEqualTo(
                    "\"working_dir\" of service \"api\": \"relative\" is not an absolute path"));
    Json.Obj absolute = service.with("working_dir", Json.of("/srv"));
    assertThat(
            Canonical.read(whole(Json.object("api", absolute)))
                .manifest()
                .orElseThrow()
                .services()
                .values())
        .singleElement()
        .satisfies(s -> assertThat(s.command()).isEqualTo(new Command.Shell("echo ${PATH} ~")));
  }

  @Test
  void aHostileOneIsRefused() {
    Json.Obj services =
        Json.object("api", Json.object("command", Json.of("x"), "working_dir", Json.of("/")));
    assertThat(Canonical.read(Json.Obj.EMPTY).problems())
        .extracting(Problem::code)
        .containsExactly(Code.BAD_VALUE);
    assertThat(Canonical.read(Json.object("x-pinfold", Json.of(1))).problems()).isNotEmpty();
    assertThat(Canonical.read(whole(services).with("include", Json.of("/etc/passwd"))).problems())
        .extracting(Problem::code)
        .containsExactly(Code.UNKNOWN_KEY);
    assertThat(Canonical.read(whole(services).with("defaults", Json.Obj.EMPTY)).problems())
        .extracting(Problem::code)
        .containsExactly(Code.UNKNOWN_KEY);
    for (String at :
        List.of(
            "0:1:1:1", "1:-1:1:1", "1:1:1", "1:1:1:1:1", "1:1::1", "1:1:1:0", "9:1:1:1", ":::")) {
      Json.Obj positions =
          Json.object(
              "files",
              Json.array(List.of(Json.of(7), Json.of("/a/b"))),
              "at",
              Json.object("/services/api", Json.of(at)).with("/services", Json.array(List.of())));
      Json.Obj odd =
          whole(services)
              .with("x-pinfold", Json.object("file", Json.of("/a/b"), "positions", positions));
      assertThat(Canonical.read(odd).manifest()).isPresent();
      assertThat(Canonical.read(odd).positions().values())
          .allMatch(place -> place.file().equals("<canonical>"));
    }
    assertThat(
            Canonical.read(whole(services).with("x-pinfold", Json.object("file", Json.of("/a\0b"))))
                .manifest())
        .isEmpty();
  }

  @Test
  void oneServiceWithoutAManifest() {
    ServiceName name = new ServiceName("once");
    Parsed parsed =
        Canonical.service(
            name,
            Json.object("command", Json.strings(List.of("sleep", "1"))),
            Path.of("/work/here"));
    Service service = parsed.manifest().orElseThrow().service(name).orElseThrow();
    assertThat(service.workingDir()).isEqualTo(Path.of("/work/here"));
    assertThat(
            Canonical.service(name, Json.object("comand", Json.of("x")), Path.of("/w")).manifest())
        .isEmpty();
  }

  private static Json.Obj whole(Json.Obj services) {
    Map<String, Json> all = new LinkedHashMap<>();
    all.put("services", services);
    all.put("x-pinfold", Json.object("file", Json.of("/srv/shop/pinfold.yaml")));
    return new Json.Obj(all);
  }
}
