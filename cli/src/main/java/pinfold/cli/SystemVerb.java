package pinfold.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
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

  /** The supervisor of another product is believed when it has lived this long. */
  private static final Duration TRIAL = Duration.ofSeconds(2);

  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final String TAKEOVER = "another supervisor takes over";

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
    Optional<Product> next =
        switch (action) {
          case "restart" -> Optional.empty();
          case "upgrade" -> Optional.of(Product.here());
          default -> throw Words.usage("system takes restart or upgrade, not \"" + action + "\"");
        };
    IntentStore.peek(call.places()); // what this release cannot read, its supervisor cannot either
    Reply.Release before;
    try (Client client = Supervision.toAct(call)) {
      before = client.call(new Call.Version(), Reply.Release.class);
      List<String> command = next.map(product -> product.supervisor().toString()).stream().toList();
      client.call(new Call.Upgrade(command), Reply.Done.class);
    }
    Reply.Release after = answer(call, before, now -> now.pid() != before.pid());
    if (next.isPresent()) {
      after = proven(call, after, next.get());
    }
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

  /** The keeper goes back to the command of before when a supervisor of the next cannot live. */
  private static Reply.Release proven(Invocation call, Reply.Release first, Product next)
      throws IOException {
    Reply.Release after = first;
    if (belongs(first, next)) {
      await(first.pid());
      after = answer(call, first, _ -> true);
      if (belongs(after, next)) {
        return after;
      }
    }
    throw Failure.of(
            Code.SUPERVISOR_START_FAILED,
            "the supervisor of %s could not live; one of before, release %s, pid %d, supervises again, and services went on"
                .formatted(next.home(), Text.line(after.release()), after.pid()))
        .withLines(LastLines.ofSupervisor(call.places().logs()))
        .tryNext("pinfold logs --supervisor")
        .exception();
  }

  private static boolean belongs(Reply.Release release, Product product) throws IOException {
    if (release.product().isEmpty()) {
      return true; // it does not say
    }
    Path home = Path.of(release.product().get());
    return home.equals(product.home())
        || (Files.exists(home) && Files.isSameFile(home, product.home()));
  }

  /** Returns when the process has ended, or has lived through its trial. */
  private static void await(int pid) {
    Optional<ProcessHandle> process = ProcessHandle.of(pid);
    if (process.isEmpty()) {
      return;
    }
    try {
      process.get().onExit().get(TRIAL.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return; // as it should be
    } catch (ExecutionException e) {
      throw new AssertionError("an exit is no failure", e);
    } catch (InterruptedException e) {
      throw Pause.interrupted(TAKEOVER, e);
    }
  }

  /** Waits until a supervisor answers that is as wanted. */
  private static Reply.Release answer(
      Invocation call, Reply.Release before, Predicate<Reply.Release> wanted) {
    long end = System.nanoTime() + BOUND.toNanos();
    while (System.nanoTime() < end) {
      Optional<Reply.Release> now = answering(call);
      if (now.isPresent() && wanted.test(now.get())) {
        return now.get();
      }
      Pause.of(PAUSE, TAKEOVER);
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
}
