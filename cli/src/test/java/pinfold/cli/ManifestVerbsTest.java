package pinfold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import pinfold.contract.Call;
import pinfold.contract.Change;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.contract.Health;
import pinfold.contract.Json;
import pinfold.contract.JsonText;
import pinfold.contract.OperationView;
import pinfold.contract.Reply;
import pinfold.contract.State;

class ManifestVerbsTest {
  private static final String SHOP =
      """
      project: shop
      services:
        api:
          command: ["sleep", "600"]
          env: {PORT: "8080"}
          working_dir: /tmp
        worker: {command: "echo $$HOME", depends_on: [api]}
      """;

  private static final String TWO =
      """
      projects:
        shop:
          services:
            api: {command: "sleep 600"}
            cart: {command: "sleep 600"}
        blog:
          services:
            api: {command: "sleep 601"}
      """;

  private final Harness harness = new Harness();

  @AfterEach
  void clean() throws Exception {
    harness.close();
  }

  @Test
  void validateNeedsNoSupervisor() throws Exception {
    harness.file("pinfold.yaml", SHOP);
    Harness.Result result = harness.run("validate");
    assertThat(result.code()).isZero();
    assertThat(result.err()).contains("is valid: project shop, 2 services");
    assertThat(harness.run("validate", "--json").out())
        .isEqualTo("{\"valid\":true,\"problems\":[]}\n");
  }

  @Test
  void everyProblemIsSaidAtOnce() throws Exception {
    harness.file("pinfold.yaml", "services:\n  api:\n    comand: x\n    stop_timeout: soon\n");
    Harness.Result result = harness.run("validate");
    assertThat(result.code()).isEqualTo(65);
    assertThat(result.err()).contains("pinfold.yaml:3:5").contains("pinfold.yaml:4:").contains("^");
    Harness.Result json = harness.run("--json", "validate");
    assertThat(json.code()).isEqualTo(65);
    assertThat(json.out()).startsWith("{\"valid\":false,\"problems\":[{");
  }

  @Test
  void withoutAManifestTheNextStepIsInit() {
    Harness.Result result = harness.run("validate");
    assertThat(result.code()).isEqualTo(65);
    assertThat(result.err()).startsWith("error[PF1100]").contains("try: pinfold init");
    assertThat(harness.run("up").err()).startsWith("error[PF1100]");
  }

  @Test
  void initWritesAValidManifestAndNeverOverwrites() throws Exception {
    harness.file(
        "Procfile", "web: python3 -m http.server $PORT\nqueue-worker: ./work \"a b\"\n# no\n");
    Harness.Result result = harness.run("init");
    assertThat(result.code()).isZero();
    assertThat(result.out()).isEqualTo(harness.folder.resolve("pinfold.yaml") + "\n");
    String text = Files.readString(harness.folder.resolve("pinfold.yaml"));
    assertThat(text).contains("web:", "queue-worker:", "$PORT");
    assertThat(harness.run("validate").code()).isZero();
    Harness.Result again = harness.run("init");
    assertThat(again.code()).isEqualTo(64);
    assertThat(again.err()).startsWith("error[PF1007]");
    assertThat(Files.readString(harness.folder.resolve("pinfold.yaml"))).isEqualTo(text);
  }

  @Test
  void initOfAnEmptyFolderIsValidToo() {
    assertThat(harness.run("init").code()).isZero();
    assertThat(harness.run("validate").code()).isZero();
  }

  @Test
  void explainShowsWhatRuns() throws Exception {
    harness.file("pinfold.yaml", SHOP);
    Harness.Result result = harness.run("explain", "api");
    assertThat(result.code()).isZero();
    assertThat(result.out())
        .startsWith("shop/api runs as a process\n")
        .contains("argument 1   600")
        .contains("directory    /tmp")
        .contains("    PORT=8080\n")
        .contains("    PINFOLD_SERVICE=api\n")
        .doesNotContain("execve(");
    assertThat(harness.run("explain", "shop/api", "--calls").out()).contains("execve");
    assertThat(JsonText.read(harness.run("explain", "api", "--json").out()))
        .isInstanceOfSatisfying(
            Json.Obj.class, json -> assertThat(json.get("directory")).contains(Json.of("/tmp")));
    assertThat(harness.run("explain", "nope").err())
        .startsWith("error[PF1002]")
        .contains("pinfold explain api");
  }

  @Test
  void secretsOfEnvFilesAreNotShown() throws Exception {
    harness.file("pinfold.yaml", "services:\n  api: {command: [\"x\"], env_file: [secret.env]}\n");
    harness.file("secret.env", "TOKEN=hush\n");
    assertThat(harness.run("explain", "api").out())
        .contains("TOKEN=… (from ")
        .doesNotContain("hush");
  }

  @Test
  void everyCodeCanBeExplained() {
    for (Code code : Code.values()) {
      Harness.Result result = harness.run("explain", code.id());
      assertThat(result.code()).isZero();
      assertThat(result.out())
          .startsWith(code.id() + ": " + code.title() + "\n")
          .contains("  try: ");
    }
    assertThat(harness.run("explain", "PF9999").err()).startsWith("error[PF1005]");
  }

  @Test
  void schemaIsJson() {
    assertThat(JsonText.read(harness.run("schema").out())).isInstanceOf(Json.Obj.class);
  }

  @Test
  void diffShowsAndDoesNothing() throws Exception {
    harness.file("pinfold.yaml", SHOP);
    Change.Field field = new Change.Field("env.PORT", Json.of("80"), Json.of("8080"));
    try (FakeSupervisor supervisor =
        new FakeSupervisor(harness.state)
            .answer(
                Call.Diff.class,
                new Reply.Differences(
                    List.of(
                        new Change(
                            "shop", "api", Change.Action.RECREATE, List.of(field), "env differs"),
                        new Change("shop", "worker", Change.Action.KEEP, List.of(), ""),
                        new Change("shop", "old", Change.Action.REMOVE, List.of(), ""))))) {
      assertThat(harness.run("diff").out())
          .isEqualTo(
              """
              ~ shop/api restarts: env differs
                  env.PORT: 80 → 8080
              - shop/old stops and is removed
              = 1 unchanged
              """);
      assertThat(harness.run("up", "--dry-run", "--remove=false").code()).isZero();
      assertThat(((Call.Diff) supervisor.calls().getLast()).keepRemoved()).isTrue();
    }
  }

  @Test
  void aProfileThatNothingHasIsRefused() throws Exception {
    harness.file("pinfold.yaml", SHOP.replace("[api]}", "[api], profiles: [web]}"));
    try (FakeSupervisor supervisor = new FakeSupervisor(harness.state)) {
      Harness.Result result = harness.run("up", "--profile", "wbe");
      assertThat(result.code()).isEqualTo(65);
      assertThat(result.err())
          .startsWith("error[PF1124]: no service has the profile \"wbe\"")
          .contains("pinfold up --profile web");
      assertThat(supervisor.calls()).isEmpty();
    }
  }

  @Test
  void upSendsTheManifestShowsProgressAndEndsWithATable() throws Exception {
    harness.file("pinfold.yaml", SHOP.replace("[api]}", "[api], profiles: [web]}"));
    harness.environment.put("FLAVOUR", "mint");
    try (FakeSupervisor supervisor = new FakeSupervisor(harness.state)) {
      supervisor
          .answer(
              Call.Up.class,
              new Reply.Operated(
                  "op1",
                  List.of(new Change("shop", "api", Change.Action.CREATE, List.of(), "")),
                  Optional.empty(),
                  Optional.empty(),
                  List.of()),
              Samples.step(Samples.progress("api", State.RUNNING, Optional.of(Health.READY), "")),
              Samples.result(OperationView.Outcome.DONE))
          .answer(
              Call.Status.class,
              Samples.status(Samples.running("api", 5, Optional.of(Health.READY))));
      Harness.Result result = harness.run("up", "--profile", "web", "--timeout", "1m");
      assertThat(result.code()).isZero();
      assertThat(result.err())
          .startsWith("+ shop/api starts\nshop/api: running, ready\n")
          .contains("  try: pinfold logs -f\n");
      assertThat(result.out()).startsWith("SERVICE").contains("\napi ");
      Call.Up call = (Call.Up) supervisor.calls().getFirst();
      assertThat(call.path()).isEqualTo(harness.folder.resolve("pinfold.yaml").toString());
      assertThat(call.profiles()).containsExactly("web");
      assertThat(call.environment()).containsEntry("FLAVOUR", "mint");
      assertThat(call.manifest().get("project")).contains(Json.of("shop"));
      assertThat(call.keepRemoved()).isFalse();
    }
  }

  @Test
  void upThatFailsSaysWhyAndStillShowsTheTable() throws Exception {
    harness.file("pinfold.yaml", SHOP);
    Failure failure =
        Failure.of(Code.NEVER_READY, "service \"api\" did not become ready within 30s");
    try (FakeSupervisor supervisor = new FakeSupervisor(harness.state)) {
      supervisor
          .answer(Call.Up.class, Samples.result(OperationView.Outcome.FAILED, failure))
          .answer(Call.Status.class, Samples.status(Samples.in(State.STARTING, "api", "")));
      Harness.Result result = harness.run("up");
      assertThat(result.code()).isEqualTo(1);
      assertThat(result.err())
          .startsWith("error[PF1204]: service \"api\" did not become ready within 30s\n");
      assertThat(result.out()).contains("starting");
    }
  }

  @Test
  void severalProjectsOfOneFileAreValidatedAndExplained() throws Exception {
    harness.file("pinfold.yaml", TWO);
    assertThat(harness.run("validate").err())
        .contains("is valid: project shop, 2 services; project blog, 1 services");
    assertThat(harness.run("explain", "cart").out()).startsWith("shop/cart runs");
    assertThat(harness.run("explain", "blog/api").out()).startsWith("blog/api runs");
    assertThat(harness.run("explain", "api", "--project", "blog").out())
        .startsWith("blog/api runs");
    Harness.Result ambiguous = harness.run("explain", "api");
    assertThat(ambiguous.code()).isEqualTo(64);
    assertThat(ambiguous.err())
        .startsWith("error[PF1003]")
        .contains("pinfold explain shop/api", "pinfold explain blog/api")
        .doesNotContain("cart");
  }

  @Test
  void eachProjectIsAnOperationOfItsOwnAndNamesChooseThem() throws Exception {
    harness.file("pinfold.yaml", TWO);
    try (FakeSupervisor supervisor = new FakeSupervisor(harness.state)) {
      supervisor
          .answer(Call.Diff.class, new Reply.Differences(List.of()))
          .answer(Call.Up.class, Samples.result(OperationView.Outcome.DONE))
          .answer(Call.Status.class, Samples.status(Samples.running("api", 5, Optional.empty())));
      assertThat(harness.run("up").code()).isZero();
      assertThat(ups(supervisor)).containsExactlyInAnyOrder("shop []", "blog []");
      supervisor.calls().clear();
      assertThat(harness.run("up", "cart", "blog/api.1").code()).isZero();
      assertThat(ups(supervisor)).containsExactlyInAnyOrder("shop [cart]", "blog [blog/api.1]");
      supervisor.calls().clear();
      assertThat(harness.run("up", "--project", "blog", "api").code()).isZero();
      assertThat(ups(supervisor)).containsExactly("blog [api]");
      supervisor.calls().clear();
      assertThat(JsonText.read(harness.run("up", "--json").out()))
          .isInstanceOfSatisfying(
              Json.Obj.class, json -> assertThat(json.fields()).containsOnlyKeys("operations"));
      supervisor.calls().clear();

      assertThat(harness.run("up", "api").err()).startsWith("error[PF1003]");
      assertThat(harness.run("up", "--project", "news").err())
          .startsWith("error[PF1004]")
          .contains("pinfold up --project shop");
      assertThat(harness.run("diff", "shop/nope").err()).startsWith("error[PF1002]");
      assertThat(supervisor.calls()).isEmpty();

      supervisor.fail(Call.Diff.class, Failure.of(Code.PROJECT_BOUND, "taken"));
      assertThat(harness.run("up").err()).startsWith("error[" + Code.PROJECT_BOUND.id());
      assertThat(ups(supervisor)).as("none is touched when one is refused").isEmpty();
    }
  }

  private static List<String> ups(FakeSupervisor supervisor) {
    return supervisor.calls().stream()
        .filter(Call.Up.class::isInstance)
        .map(Call.Up.class::cast)
        .map(up ->
            (up.manifest().get("project").orElseThrow() instanceof Json.Str(String name)
                    ? name
                    : "")
                + " "
                + up.names())
        .toList();
  }

  @Test
  void foregroundEndsWhenEverythingIsOverAndStopsTheProject() throws Exception {
    harness.file("pinfold.yaml", SHOP);
    try (FakeSupervisor supervisor = new FakeSupervisor(harness.state)) {
      supervisor
          .answer(Call.Up.class, Samples.result(OperationView.Outcome.DONE))
          .answer(
              Call.Watch.class,
              Samples.status(Samples.running("api", 5, Optional.empty())),
              Samples.status(Samples.in(State.DONE, "api", "")),
              Samples.status(Samples.running("api", 5, Optional.empty())))
          .answer(Call.Down.class, Samples.result(OperationView.Outcome.DONE));
      assertThat(harness.run("up", "--foreground", "--quiet").code()).isZero();
      assertThat(supervisor.calls().getLast()).isInstanceOf(Call.Down.class);
    }
  }

  @Test
  void foregroundFailsWithAnEssentialService() throws Exception {
    harness.file("pinfold.yaml", SHOP.replace("  worker:", "    essential: true\n  worker:"));
    try (FakeSupervisor supervisor = new FakeSupervisor(harness.state)) {
      supervisor
          .answer(Call.Up.class, Samples.result(OperationView.Outcome.DONE))
          .answer(
              Call.Watch.class,
              Samples.status(
                  Samples.running("worker", 6, Optional.empty()),
                  Samples.in(State.FAILED, "api", "restarted too often")))
          .answer(Call.Down.class, Samples.result(OperationView.Outcome.DONE));
      Harness.Result result = harness.run("up", "--foreground");
      assertThat(result.code()).isEqualTo(1);
      assertThat(result.err())
          .contains(
              "error[PF1223]: the essential service \"api\" failed for good: restarted too often");
    }
  }

  @Test
  void runSendsAService() throws Exception {
    try (FakeSupervisor supervisor = new FakeSupervisor(harness.state)) {
      supervisor.answer(
          Call.Run.class,
          new Reply.Operated(
              "op1", List.of(), Optional.empty(), Optional.empty(), List.of("tunnel")),
          Samples.result(OperationView.Outcome.DONE));
      Harness.Result result =
          harness.run(
              "run",
              "-d",
              "--name",
              "tunnel",
              "-e",
              "A=1",
              "--restart-policy",
              "always",
              "--max-restarts",
              "3",
              "--",
              "ssh",
              "-N",
              "host");
      assertThat(result.out()).isEqualTo("tunnel\n");
      Call.Run call = (Call.Run) supervisor.calls().getFirst();
      assertThat(call.name()).contains("tunnel");
      assertThat(JsonText.write(call.service()))
          .contains("\"command\":[\"ssh\",\"-N\",\"host\"]")
          .contains("\"working_dir\":\"" + harness.folder + "\"")
          .contains("\"env\":{\"A\":\"1\"}")
          .contains("\"restart_policy\":\"always\"")
          .contains("\"max_restarts\":3")
          .contains("\"inherit_env\":false");
      assertThat(harness.run("run", "alpine", "--", "ls").code()).isEqualTo(125);
    }
  }

  @Test
  void withoutAProductNothingCanBeStarted() throws Exception {
    harness.file("pinfold.yaml", SHOP);
    Harness.Result result = harness.run("up");
    assertThat(result.code()).isEqualTo(69);
    assertThat(result.err()).startsWith("error[PF2001]");
  }
}
