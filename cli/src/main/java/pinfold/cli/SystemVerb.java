package pinfold.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import pinfold.contract.Call;
import pinfold.contract.Code;
import pinfold.contract.Exit;
import pinfold.contract.Failure;
import pinfold.contract.PinfoldException;
import pinfold.contract.Records;
import pinfold.contract.Reply;
import pinfold.state.IntentStore;

/**
 * {@code pinfold system}: another supervisor takes the place of the one that runs. Services, their
 * output and their sockets stay with the keeper, which stays.
 */
final class SystemVerb implements Verb {
  /** From the end of one to the answer of the next. */
  private static final Duration BOUND = Duration.ofSeconds(30);

  private static final Duration PAUSE = Duration.ofMillis(20);

  @Override
  public void describe(Usage usage) {
    usage
        .summary("have another supervisor take over; services go on untouched")
        .words("restart|upgrade", "1", "restart: of the same release; upgrade: of this one")
        .example("pinfold system restart", "a new process of the supervisor")
        .example("/new/bin/pinfold system upgrade", "the release of this command takes over");
  }

  @Override
  public int run(Invocation call) throws IOException {
    String action = call.words().getFirst();
    List<String> command =
        switch (action) {
          case "restart" -> List.of();
          case "upgrade" -> List.of(Product.here().supervisor().toString());
          default -> throw Words.usage("system takes restart or upgrade, not \"" + action + "\"");
        };
    IntentStore.peek(call.places()); // what this release cannot read, its supervisor cannot either
    Reply.Release before;
    try (Client client = Supervision.toAct(call)) {
      before = client.call(new Call.Version(), Reply.Release.class);
      client.call(new Call.Upgrade(command), Reply.Done.class);
    }
    Reply.Release after = successor(call, before);
    if (call.json()) {
      call.print(Records.write(after));
    }
    call.say(
        "supervisor %s, pid %d, took over from %s, pid %d"
            .formatted(
                Text.line(after.release()),
                after.pid(),
                Text.line(before.release()),
                before.pid()));
    return Exit.OK.code();
  }

  /** Waits until another process answers. */
  private static Reply.Release successor(Invocation call, Reply.Release before) {
    long end = System.nanoTime() + BOUND.toNanos();
    while (System.nanoTime() < end) {
      Optional<Reply.Release> now = answering(call);
      if (now.isPresent() && now.get().pid() != before.pid()) {
        return now.get();
      }
      pause();
    }
    throw Failure.of(
            Code.SUPERVISOR_START_FAILED,
            "supervisor %d ended, and no other one answers within %s; services live on"
                .formatted(before.pid(), Text.age(BOUND)))
        .withLines(LastLines.ofSupervisor(call.places().logs()))
        .tryNext("pinfold logs --supervisor")
        .tryNext(
            "kill -9 %d && pinfold up    (of a release that works; it adopts what runs)"
                .formatted(before.keeperPid()))
        .exception();
  }

  /** Who answers now; the keeper holds the socket, so a call may also wait for the next one. */
  private static Optional<Reply.Release> answering(Invocation call) {
    try (Client client = Client.need(call.places().controlSocket())) {
      return Optional.of(client.call(new Call.Version(), Reply.Release.class));
    } catch (PinfoldException e) {
      String code = e.failure().code();
      if (List.of(Code.NO_SUPERVISOR, Code.CONNECTION_LOST, Code.NO_ANSWER).stream()
          .anyMatch(known -> known.id().equals(code))) {
        return Optional.empty(); // between the two
      }
      throw e;
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PinfoldException(
          Failure.of(Code.CANCELLED, "interrupted while another supervisor takes over"), e);
    }
  }
}
