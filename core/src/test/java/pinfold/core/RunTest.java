package pinfold.core;

import static org.assertj.core.api.Assertions.assertThat;
import static pinfold.core.Desk.service;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import pinfold.contract.State;
import pinfold.manifest.Hooks;
import pinfold.manifest.RestartPolicy;
import pinfold.manifest.Service;

/** Processes without a manifest, and those of them that are forgotten when they ended. */
class RunTest {
  private final Desk desk = new Desk();

  private static Service once(String name) {
    return service(name, b -> b.restartPolicy(RestartPolicy.NEVER));
  }

  @Test
  void runStartsAProcessWithoutAManifest() {
    OperationId run = desk.ask(new Command.Run(service("job"), false));
    UnitName name = UnitName.of(UnitName.RUN, "job");
    Launch launch = desk.effects(Effect.Birth.class).getFirst().launch();
    assertThat(launch.unit()).isEqualTo(name);
    desk.tell(new Event.Child(Desk.running(launch.id())));
    desk.prove(name);
    assertThat(desk.code(run)).isEqualTo("ok");
    assertThat(desk.code(desk.ask(new Command.Run(service("job"), false)))).isEqualTo("PF1302");
    desk.ask(new Command.Down(Set.of(name), false));
    desk.tell(new Event.Child(Desk.ended(launch.id(), new End.Exited(0), true)));
    assertThat(desk.world.unit(name)).isEmpty();
  }

  @Test
  void whatIsToRunOnceIsForgottenWhenItEnded() {
    UnitName name = UnitName.of(UnitName.RUN, "job");
    OperationId run = desk.ask(new Command.Run(once("job"), true));
    Launch launch = desk.effects(Effect.Birth.class).getFirst().launch();
    desk.tell(new Event.Child(Desk.running(launch.id())));
    assertThat(desk.world.unit(name)).isPresent();
    desk.tell(new Event.Child(Desk.ended(launch.id(), new End.Exited(3), true)));
    assertThat(desk.code(run)).isEqualTo("PF1219");
    assertThat(desk.world.unit(name)).isEmpty();
    assertThat(desk.effects(Effect.Forget.class)).extracting(Effect.Forget::unit).contains(name);
  }

  @Test
  void whatIsToRunOnceIsForgottenWhicheverSupervisorSeesItsEnd() {
    UnitName name = UnitName.of(UnitName.RUN, "job");
    desk.ask(new Command.Run(once("job"), true));
    Launch launch = desk.effects(Effect.Birth.class).getFirst().launch();
    desk.tell(new Event.Child(Desk.running(launch.id())));
    desk.recover(false, Desk.running(launch.id()));
    assertThat(desk.world.unit(name).orElseThrow().state()).isEqualTo(State.RUNNING);
    desk.recover(false, Desk.ended(launch.id(), new End.Exited(0), true));
    assertThat(desk.world.unit(name)).isEmpty();
  }

  @Test
  void whatRanOnceBeforeAReboot() {
    UnitName name = UnitName.of(UnitName.RUN, "job");
    desk.ask(new Command.Run(once("job"), true));
    BirthId birth = desk.effects(Effect.Birth.class).getFirst().launch().id();
    desk.tell(new Event.Child(Desk.running(birth)));
    desk.recover(true);
    assertThat(desk.effects(Effect.Birth.class)).as("it had not ended").hasSize(1);
    assertThat(desk.world.unit(name)).isPresent();
  }

  @Test
  void whatRanOnceToItsEndIsNotRunAgainByAReboot() {
    UnitName name = UnitName.of(UnitName.RUN, "job");
    Hooks hooks = new Hooks(Map.of(Hooks.Moment.START_SUCCESS, StopTest.HOOK));
    desk.ask(new Command.Run(service("job", b -> b.hooks(hooks)), true));
    BirthId birth = desk.effects(Effect.Birth.class).getFirst().launch().id();
    desk.tell(new Event.Child(Desk.running(birth)));
    desk.tell(new Event.Child(Desk.ended(birth, new End.Exited(0), true)));
    assertThat(desk.world.unit(name).orElseThrow().state())
        .as("its hook runs")
        .isEqualTo(State.DONE);
    desk.recover(true);
    assertThat(desk.effects(Effect.Birth.class)).isEmpty();
    assertThat(desk.world.unit(name)).isEmpty();
  }

  @Test
  void whatIsToRunOnceIsForgottenWhenItWasStoppedBeforeItRan() {
    UnitName name = UnitName.of(UnitName.RUN, "job");
    desk.ask(new Command.Run(service("job", b -> b.preStart(StopTest.HOOK)), true));
    BirthId helper = desk.effects(Effect.Birth.class).getFirst().launch().id();
    desk.ask(new Command.Stop(Set.of(name), Optional.empty()));
    desk.tell(new Event.Child(Desk.ended(helper, new End.Signalled(9), true)));
    assertThat(desk.world.unit(name)).isEmpty();
  }

  @Test
  void aNameThatIsUsedAgainIsKeptWhenTheNewOneIs() {
    UnitName name = UnitName.of(UnitName.RUN, "job");
    desk.ask(new Command.Run(once("job"), false));
    BirthId birth = desk.effects(Effect.Birth.class).getFirst().launch().id();
    desk.tell(new Event.Child(Desk.ended(birth, new End.Exited(0), true)));
    assertThat(desk.world.unit(name).orElseThrow().state()).isEqualTo(State.DONE);
    desk.ask(new Command.Run(once("job"), true));
    birth = desk.effects(Effect.Birth.class).getFirst().launch().id();
    desk.tell(new Event.Child(Desk.ended(birth, new End.Exited(0), true)));
    assertThat(desk.world.unit(name)).isEmpty();
  }
}
