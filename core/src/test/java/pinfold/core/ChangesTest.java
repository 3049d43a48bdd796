package pinfold.core;

import static org.assertj.core.api.Assertions.assertThat;
import static pinfold.core.Desk.on;
import static pinfold.core.Desk.service;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import pinfold.contract.Change;
import pinfold.contract.Change.Action;
import pinfold.contract.Json;
import pinfold.contract.State;
import pinfold.contract.Wanted;
import pinfold.manifest.Backoff;
import pinfold.manifest.Dependency.Condition;
import pinfold.manifest.EnvironmentSpec;
import pinfold.manifest.Manifest;
import pinfold.manifest.ProjectName;
import pinfold.manifest.RestartPolicy;
import pinfold.manifest.Service;
import pinfold.manifest.ServiceName;

/** What `up` touches; rows C of the peers' faults. */
class ChangesTest {
  final Desk desk = new Desk();

  private static Service env(String name, Map<String, String> variables) {
    return service(
        name,
        b ->
            b.environment(
                new EnvironmentSpec(variables, List.of(), new EnvironmentSpec.Inherit.Nothing())));
  }

  private static Backoff backoff(int millis) {
    return new Backoff(Duration.ofMillis(millis), 2, Duration.ofMinutes(5), 0.1);
  }

  private Map<String, Action> diff(Service... services) {
    Map<String, Action> actions = new java.util.LinkedHashMap<>();
    Changes.between(desk.world, Desk.manifest(services), ApplyOptions.ALL)
        .changes()
        .forEach(change -> actions.put(change.name(), change.action()));
    return actions;
  }

  @Test
  void c1WithoutAChangeEveryPidStays() {
    desk.up(service("a"), service("b"));
    desk.born("a");
    desk.born("b");
    desk.prove("a", "b");
    assertThat(diff(service("a"), service("b")))
        .isEqualTo(Map.of("a", Action.KEEP, "b", Action.KEEP));
    OperationId up = desk.up(service("a"), service("b"));
    assertThat(desk.births()).isEmpty();
    assertThat(desk.signals()).isEmpty();
    assertThat(desk.effects(Effect.Save.class)).isEmpty();
    assertThat(desk.code(up)).isEqualTo("ok");
  }

  @Test
  void c2AddingOneMemberTouchesNobodyElse() {
    desk.up(service("a"));
    desk.born("a");
    desk.up(service("a"), service("b"));
    assertThat(desk.births()).containsExactly("b");
    assertThat(desk.signals()).isEmpty();
  }

  @Test
  void c3APolicyFieldAloneDoesNotRestart() {
    desk.up(service("a"));
    desk.born("a");
    Service changed =
        service(
            "a",
            b ->
                b.restartPolicy(RestartPolicy.ALWAYS)
                    .stopTimeout(Duration.ofSeconds(99))
                    .ready(Desk.TCP)
                    .dependsOn(on("b")));
    assertThat(diff(changed, service("b")).get("a")).isEqualTo(Action.UPDATE);
    desk.up(changed, service("b"));
    assertThat(desk.signals()).isEmpty();
    assertThat(desk.look("a").service()).isEqualTo(changed);
    assertThat(desk.look("a").health()).isEqualTo(Health.NOT_READY);
    assertThat(desk.effects(Effect.StartProbe.class)).hasSize(1);
    assertThat(desk.look("b").dependents()).containsExactly(Desk.unit("a"));
  }

  @Test
  void c4ARestartAfterAnEditUsesTheNewTextExactlyOnce() {
    desk.up(env("a", Map.of("X", "1")));
    desk.born("a");
    desk.up(env("a", Map.of("X", "2")));
    assertThat(desk.signals()).containsExactly("a:15:GROUP");
    desk.restart("a");
    assertThat(desk.signals()).isEmpty();
    desk.die("a", 15);
    assertThat(desk.effects(Effect.Birth.class)).hasSize(1);
    assertThat(
            desk.effects(Effect.Birth.class)
                .getFirst()
                .launch()
                .service()
                .environment()
                .variables())
        .isEqualTo(Map.of("X", "2"));
    desk.born("a");
    assertThat(desk.births()).isEmpty();
  }

  @Test
  void c5c6RemovedAndChangedVariablesAreAChange() {
    desk.up(env("a", Map.of("X", "1", "Y", "1")));
    desk.born("a");
    Change change =
        Changes.between(desk.world, Desk.manifest(env("a", Map.of("X", "2"))), ApplyOptions.ALL)
            .changes()
            .getFirst();
    assertThat(change.action()).isEqualTo(Action.RECREATE);
    assertThat(change.fields()).extracting(Change.Field::key).containsExactly("env.X", "env.Y");
    assertThat(change.reason()).isEqualTo("env.X, env.Y changed");
  }

  @Test
  void whatChangedIsSaidInTheWordsOfTheManifest() {
    desk.up(service("a", b -> b.backoff(backoff(10)).stopTimeout(Duration.ofSeconds(3))));
    desk.born("a");
    Change change =
        Changes.between(
                desk.world,
                Desk.manifest(
                    service("a", b -> b.backoff(backoff(1000)).stopTimeout(Duration.ofMinutes(1)))),
                ApplyOptions.ALL)
            .changes()
            .getFirst();
    assertThat(change.action()).isEqualTo(Action.UPDATE);
    assertThat(change.fields())
        .containsExactly(
            new Change.Field("backoff.initial", Json.of("10ms"), Json.of("1s")),
            new Change.Field("stop_timeout", Json.of("3s"), Json.of("1m")));
  }

  @Test
  void theOrderOfVariablesIsNoChange() {
    Map<String, String> one = new java.util.LinkedHashMap<>();
    one.put("X", "1");
    one.put("Y", "2");
    Map<String, String> two = new java.util.LinkedHashMap<>();
    two.put("Y", "2");
    two.put("X", "1");
    desk.up(env("a", one));
    desk.born("a");
    assertThat(diff(env("a", two))).isEqualTo(Map.of("a", Action.KEEP));
  }

  @Test
  void aRemovedServiceIsStoppedAndForgotten() {
    desk.up(service("a"), service("b"));
    desk.born("a");
    desk.born("b");
    desk.prove("a", "b");
    OperationId up = desk.up(service("a"));
    assertThat(desk.signals()).containsExactly("b:15:GROUP");
    assertThat(desk.result(up)).isEmpty();
    desk.leave("b", new End.Exited(0));
    assertThat(desk.world.unit(Desk.unit("b"))).isPresent();
    desk.exit("b", 0);
    assertThat(desk.world.unit(Desk.unit("b"))).isEmpty();
    assertThat(desk.effects(Effect.Forget.class)).hasSize(1);
    assertThat(desk.code(up)).isEqualTo("ok");
  }

  @Test
  void removeFalseKeepsIt() {
    desk.up(service("a"), service("b"));
    desk.born("a");
    desk.born("b");
    desk.up(new ApplyOptions(Set.of(), Set.of(), false, false, false, false), service("a"));
    assertThat(desk.signals()).isEmpty();
  }

  @Test
  void whatIsGoneIsRemovedAlsoWhenOnlySomeAreApplied() {
    desk.up(service("a"), service("b"));
    desk.born("a");
    desk.born("b");
    desk.up(
        new ApplyOptions(Set.of(new ServiceName("a")), Set.of(), false, true, false, false),
        service("a"));
    assertThat(desk.state("a")).isEqualTo(State.RUNNING);
    assertThat(desk.state("b")).isEqualTo(State.STOPPING);
  }

  @Test
  void namesBringWhatTheyNeedAndNothingElse() {
    desk.up(
        new ApplyOptions(Set.of(new ServiceName("web")), Set.of(), false, true, false, false),
        service("db"),
        service("web", b -> b.dependsOn(on("db"))),
        service("other"));
    assertThat(desk.births()).containsExactly("db");
    assertThat(desk.world.unit(Desk.unit("other"))).isEmpty();
  }

  @Test
  void profilesAreLeftOutUnlessAskedFor() {
    Service extra = service("extra", b -> b.profiles(Set.of("x")));
    desk.up(service("a"), extra);
    assertThat(desk.births()).containsExactly("a");
    desk.up(
        new ApplyOptions(Set.of(), Set.of("x"), false, true, false, false), service("a"), extra);
    assertThat(desk.births()).containsExactly("extra");
  }

  @Test
  void aReloadTellsWhatIsStoppedAndStartsNoneOfIt() {
    desk.up(service("a"), service("b"), service("gone"));
    List.of("a", "b", "gone").forEach(desk::born);
    desk.stop("b", "gone");
    desk.die("b", 15);
    desk.die("gone", 15);
    Service changed = env("b", Map.of("X", "2"));
    OperationId reload = desk.up(ApplyOptions.RELOAD, service("a"), changed, service("new"));
    assertThat(desk.births()).containsExactly("new");
    assertThat(desk.signals()).isEmpty();
    assertThat(desk.world.unit(Desk.unit("gone"))).isEmpty();
    assertThat(desk.look("b").service()).isEqualTo(changed);
    assertThat(desk.look("b").wanted()).isEqualTo(Wanted.DOWN);
    assertThat(desk.state("b")).isEqualTo(State.DONE);
    desk.born("new");
    desk.prove("a", "new");
    assertThat(desk.code(reload)).isEqualTo("ok");
    desk.start("b");
    assertThat(desk.effects(Effect.Birth.class))
        .extracting(birth -> birth.launch().service())
        .containsExactly(changed);
  }

  @Test
  void aReloadOfWhatIsStoppedAltogetherIsAtItsEndAtOnce() {
    Service extra = service("extra", b -> b.profiles(Set.of("x")));
    desk.up(new ApplyOptions(Set.of(), Set.of("x"), false, true, false, false), extra);
    desk.born("extra");
    desk.stop("extra");
    desk.die("extra", 15);
    Service changed = service("extra", b -> b.profiles(Set.of("x")).essential(true));
    assertThat(desk.code(desk.up(ApplyOptions.RELOAD, changed))).isEqualTo("ok");
    assertThat(desk.births()).isEmpty();
    assertThat(desk.look("extra").service()).isEqualTo(changed);
  }

  @Test
  void whatIsNewWaitsForWhatIsStoppedWhenNobodyAsksForAStart() {
    desk.up(service("db"));
    desk.born("db");
    desk.stop("db");
    desk.die("db", 15);
    desk.up(ApplyOptions.RELOAD, service("db"), service("web", b -> b.dependsOn(on("db"))));
    assertThat(desk.births()).isEmpty();
    assertThat(desk.state("web")).isEqualTo(State.WAITING);
    assertThat(desk.look("db").wanted()).isEqualTo(Wanted.DOWN);
  }

  @Test
  void aProjectThatLeftTheFileIsRemovedAndNoOther() {
    desk.up(service("a"));
    desk.born("a");
    desk.ask(new Command.Apply(project("blog", "/srv/pinfold.yaml", "b"), "t", ApplyOptions.ALL));
    desk.ask(new Command.Apply(project("else", "/elsewhere.yaml", "c"), "t", ApplyOptions.ALL));
    Manifest renamed = project("mall", "/srv/pinfold.yaml", "a");
    assertThat(Changes.between(desk.world, renamed, ApplyOptions.ALL).changes()).hasSize(1);
    OperationId up =
        desk.ask(new Command.Apply(renamed, "t", ApplyOptions.ALL.of(Set.of("mall", "blog"))));
    assertThat(desk.look("a").aim()).contains(Aim.REMOVE);
    assertThat(desk.world.unit(UnitName.of("blog", "b")).orElseThrow().wanted())
        .isEqualTo(Wanted.UP);
    assertThat(desk.world.unit(UnitName.of("else", "c")).orElseThrow().wanted())
        .isEqualTo(Wanted.UP);
    desk.die("a", 15);
    assertThat(desk.world.project("shop")).isEmpty();
    UnitName mall = UnitName.of("mall", "a");
    BirthId birth = desk.world.unit(mall).orElseThrow().run().orElseThrow().id();
    desk.tell(new Event.Child(Desk.running(birth)));
    desk.prove(mall);
    assertThat(desk.code(up)).isEqualTo("ok");
  }

  private static Manifest project(String name, String file, String service) {
    return new Manifest(
        new ProjectName(name), Path.of(file), Map.of(new ServiceName(service), service(service)));
  }

  @Test
  void recreateRestartsWhatIsUnchanged() {
    desk.up(service("a"));
    desk.born("a");
    desk.up(new ApplyOptions(Set.of(), Set.of(), true, true, false, false), service("a"));
    assertThat(desk.signals()).containsExactly("a:15:GROUP");
  }

  @Test
  void aProjectIsBoundToThePathOfItsManifest() {
    desk.up(service("a"));
    Manifest other =
        new Manifest(Desk.manifest().project(), Path.of("/elsewhere/pinfold.yaml"), Map.of());
    OperationId refused = desk.ask(new Command.Apply(other, "t", ApplyOptions.ALL));
    assertThat(desk.code(refused)).isEqualTo("PF1304");
    assertThat(desk.world.unit(Desk.unit("a"))).isPresent();
    desk.ask(
        new Command.Apply(
            other, "t", new ApplyOptions(Set.of(), Set.of(), false, true, true, false)));
    assertThat(desk.look("a").aim()).contains(Aim.REMOVE);
  }

  @Test
  void upStartsWhatWasStoppedOrFailedAndLeavesWhatCompleted() {
    Service job = service("job", b -> b.restartPolicy(RestartPolicy.NEVER));
    Service bad = service("bad", b -> b.restartPolicy(RestartPolicy.NEVER));
    desk.up(job, bad, service("web"));
    desk.born("job");
    desk.born("bad");
    desk.born("web");
    desk.exit("job", 0);
    desk.exit("bad", 1);
    desk.stop("web");
    desk.exit("web", 0);
    desk.up(job, bad, service("web"));
    assertThat(desk.births()).containsExactlyInAnyOrder("bad", "web");
    desk.start("job");
    assertThat(desk.births()).containsExactly("job");
  }

  @Test
  void anInterruptedUpIsRolledForward() {
    desk.up(env("a", Map.of("X", "1")));
    desk.born("a");
    desk.up(env("a", Map.of("X", "2")));
    desk.recover(false, desk.running("a"));
    assertThat(desk.look("a").aim()).contains(Aim.RESTART);
    desk.die("a", 15);
    assertThat(desk.births()).containsExactly("a");
  }

  @Test
  void aUnitWithADifferentGenerationIsReplacedAfterRecovery() {
    desk.up(env("a", Map.of("X", "1")));
    desk.born("a");
    BirthReport alive = desk.running("a");
    desk.up(env("a", Map.of("X", "2")));
    desk.recover(false, alive);
    assertThat(desk.state("a")).isEqualTo(State.STOPPING);
  }

  @Test
  void cancelEndsTheOperationAndNothingElse() {
    OperationId up = desk.up(service("a"));
    desk.ask(new Command.Cancel(up));
    assertThat(desk.code(up)).isEqualTo("PF1306");
    assertThat(desk.state("a")).isEqualTo(State.STARTING);
    assertThat(desk.code(desk.ask(new Command.Cancel(up)))).isEqualTo("PF1309");
  }

  @Test
  void v1AStartThatFailedIsAFailure() {
    OperationId up = desk.up(service("a", b -> b.restartPolicy(RestartPolicy.NEVER)), service("b"));
    desk.born("b");
    desk.fail("a");
    desk.prove("b");
    assertThat(desk.code(up)).isEqualTo("PF1201");
  }

  @Test
  void v1AServiceThatKeepsFallingIsReportedThoughItsPolicyTriesOn() {
    OperationId up = desk.up(service("a", b -> b.ready(Desk.TCP)));
    for (int i = 0; i < 3; i++) {
      assertThat(desk.result(up)).isEmpty();
      desk.born("a");
      desk.exit("a", 1);
      if (i < 2) {
        desk.due("a", Timer.Kind.BACKOFF);
      }
    }
    assertThat(desk.code(up)).isEqualTo("PF1203");
    assertThat(desk.state("a")).isEqualTo(State.BACKOFF);
  }

  @Test
  void waitingForWhatKeepsFallingIsReportedToo() {
    OperationId up =
        desk.up(
            service("db", b -> b.restartPolicy(RestartPolicy.ALWAYS)),
            service("mid", b -> b.dependsOn(on(Condition.READY, "db"))),
            service("web", b -> b.dependsOn(on("mid"))));
    desk.fail("db");
    assertThat(desk.code(up)).isEqualTo("PF1307");
    assertThat(desk.state("web")).isEqualTo(State.WAITING);
  }

  @Test
  void whatLedThereIsKnown() {
    desk.up(
        service("db", b -> b.restartPolicy(RestartPolicy.NEVER)),
        service("web", b -> b.dependsOn(on("db"))));
    desk.exit("db", 3);
    Cause web = desk.world.unit(Desk.unit("web")).orElseThrow().cause().orElseThrow();
    assertThat(web.key()).isEqualTo("depends_on");
    assertThat(web.because()).contains(Desk.unit("db"));
    Cause db = desk.world.unit(Desk.unit("db")).orElseThrow().cause().orElseThrow();
    assertThat(db.what()).contains("exited with 3");
    assertThat(db.key()).isEqualTo("restart_policy");
  }

  @Test
  void v5NothingReadsRunningBeforeItRuns() {
    desk.up(service("a"));
    assertThat(desk.state("a")).isEqualTo(State.STARTING);
    assertThat(desk.run("a").mainPid()).isZero();
    desk.born("a");
    assertThat(desk.run("a").mainPid()).isEqualTo(100);
    assertThat(Optional.of(desk.state("a"))).contains(State.RUNNING);
  }
}
