package pinfold.core;

import static org.assertj.core.api.Assertions.assertThat;
import static pinfold.core.Desk.on;
import static pinfold.core.Desk.service;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.contract.State;
import pinfold.manifest.Dependency.Condition;
import pinfold.manifest.RestartPolicy;

class StartTest {
  final Desk desk = new Desk();

  @Test
  void upStartsInTheOrderOfDependencies() {
    OperationId up = desk.up(service("web", b -> b.dependsOn(on("db"))), service("db"));
    assertThat(desk.births()).containsExactly("db");
    assertThat(desk.state("web")).isEqualTo(State.WAITING);
    assertThat(desk.look("web").needs()).extracting(Need::unit).containsExactly(Desk.unit("db"));
    desk.born("db");
    assertThat(desk.births()).containsExactly("web");
    assertThat(desk.result(up)).isEmpty();
    desk.born("web");
    desk.prove("db", "web");
    assertThat(desk.result(up)).hasValueSatisfying(r -> assertThat(r.success()).isTrue());
  }

  @Test
  void whatExitsAtOnceWasNotStarted() {
    OperationId up = desk.up(service("web", b -> b.restartPolicy(RestartPolicy.NEVER)));
    desk.born("web");
    assertThat(desk.result(up)).isEmpty();
    desk.exit("web", 3);
    assertThat(desk.code(up)).isEqualTo("PF1219");
  }

  @Test
  void aRestartBeginsTheTrialAnewAndTheThirdFallEndsIt() {
    OperationId up = desk.up(service("web"));
    for (int fall = 1; fall <= Operations.FALLS; fall++) {
      assertThat(desk.result(up)).isEmpty();
      desk.born("web");
      desk.pass(Operations.TRIAL.minusMillis(1));
      desk.exit("web", 3);
      assertThat(desk.armed("web", Timer.Kind.TRIAL)).isFalse();
      if (fall < Operations.FALLS) {
        desk.pass(Duration.ofSeconds(1));
        desk.due("web", Timer.Kind.BACKOFF);
      }
    }
    assertThat(desk.code(up)).isEqualTo("PF1219");
  }

  @Test
  void whatRunsLongEnoughIsBelievedAtOnce() {
    desk.up(service("web"));
    desk.born("web");
    desk.prove("web");
    OperationId again = desk.up(service("web"));
    assertThat(desk.code(again)).isEqualTo("ok");
  }

  @Test
  void theFactIsWrittenBeforeTheBirth() {
    desk.up(service("web"));
    int fact = desk.effects.indexOf(desk.effects(Effect.WriteFact.class).getFirst());
    int save = desk.effects.indexOf(desk.effects(Effect.Save.class).getFirst());
    int birth = desk.effects.indexOf(desk.effects(Effect.Birth.class).getFirst());
    assertThat(fact).isLessThan(birth);
    assertThat(save).isLessThan(birth);
  }

  @Test
  void aCrashIsRestartedAfterItsBackoff() {
    desk.up(service("web"));
    desk.born("web");
    desk.exit("web", 1);
    assertThat(desk.state("web")).isEqualTo(State.BACKOFF);
    desk.pass(Duration.ofMillis(120));
    desk.due("web", Timer.Kind.BACKOFF);
    assertThat(desk.births()).containsExactly("web");
    assertThat(desk.run("web").number()).isEqualTo(2);
  }

  @Test
  void readyIsWaitedFor() {
    desk.up(
        service("db", b -> b.ready(Desk.TCP)),
        service("web", b -> b.dependsOn(on(Condition.READY, "db"))));
    desk.born("db");
    assertThat(desk.births()).isEmpty();
    desk.ready("db");
    assertThat(desk.births()).containsExactly("web");
  }

  @Test
  void whatNeverReachedItsProgramSaysWhyHoweverItsEndIsTold() {
    OperationId up = desk.up(service("web", b -> b.restartPolicy(RestartPolicy.NEVER)));
    BirthId id = desk.run("web").id();
    Failure why = Failure.of(Code.COMMAND_NOT_FOUND, "no such command");
    Identity who = Desk.identity(100);
    End end = new End.Exited(127);
    desk.tell(new Event.Child(new BirthReport(id, who, false, why, null, false, false)));
    desk.tell(new Event.Child(new BirthReport(id, who, false, why, end, false, false)));
    desk.tell(new Event.Child(new BirthReport(id, who, false, why, end, true, false)));
    assertThat(desk.state("web")).isEqualTo(State.FAILED);
    assertThat(desk.result(up).orElseThrow().units().get(Desk.unit("web"))).contains(why);
  }
}
