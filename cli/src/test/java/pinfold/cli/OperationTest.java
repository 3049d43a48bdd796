package pinfold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import pinfold.contract.Call;
import pinfold.contract.Code;
import pinfold.contract.Health;
import pinfold.contract.PinfoldException;
import pinfold.contract.Reply;
import pinfold.contract.State;
import pinfold.contract.Target;
import pinfold.contract.VarlinkReply;

class OperationTest {
  /**
   * Who leaves before that and asks for the opposite could be overtaken by what was asked first.
   */
  @Test
  void aRequestIsLeftOnceItWasTaken() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    Reply.Operated step =
        Samples.step(Samples.progress("api", State.STARTING, Optional.<Health>empty(), "starting"));
    try (Harness harness = new Harness();
        FakeSupervisor _ =
            new FakeSupervisor(harness.state)
                .raw(Call.Start.class, VarlinkReply.continued(step))
                .after(gate);
        Client client = Client.need(harness.state.resolve("control.sock"))) {
      Operation operation = new Operation(harness.invocation("start", "api"));
      Target target =
          new Target(List.of("api"), Optional.empty(), Optional.empty(), List.of(), false);
      CompletableFuture<String> left =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  operation.follow(client, new Call.Start(target, false, Optional.empty()));
                  return "followed to its end";
                } catch (PinfoldException e) {
                  return e.failure().code();
                }
              },
              run -> Thread.ofPlatform().start(run));
      operation.leave(client);
      gate.countDown();
      assertThat(left.get(60, TimeUnit.SECONDS)).isEqualTo(Code.CONNECTION_LOST.id());
      assertThat(operation.id()).isEqualTo("op1");
    }
  }
}
