package pinfold.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import pinfold.contract.Call;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.contract.PinfoldException;
import pinfold.contract.Reply;
import pinfold.linux.BootId;
import pinfold.linux.KeeperProgram;
import pinfold.linux.Orphans;
import pinfold.linux.User;
import pinfold.state.IntentStore;
import pinfold.state.Places;

/**
 * The supervisor that a command needs: the one that runs, or one that is started while the command
 * reads its manifest. Used by one thread.
 */
final class Supervision implements AutoCloseable {
  /** How long a supervisor may take from its start to its first connection. */
  private static final Duration BOUND = Duration.ofSeconds(20);

  /** A wait that is longer than this is talked about. */
  private static final Duration PATIENCE = Duration.ofMillis(1500);

  private static final Duration PAUSE = Duration.ofMillis(5);

  private final Invocation call;
  private final Places places;
  private final Optional<CompletableFuture<KeeperProgram.Started>> start;
  private Optional<Client> connected;

  private Supervision(
      Invocation call,
      Places places,
      Optional<Client> connected,
      Optional<CompletableFuture<KeeperProgram.Started>> start) {
    this.call = call;
    this.places = places;
    this.connected = connected;
    this.start = start;
  }

  /** Connects, or begins to start one and returns at once. */
  static Supervision of(Invocation call) {
    Places places = call.places();
    Optional<Client> client = Client.connect(places.controlSocket());
    if (client.isPresent()) {
      return new Supervision(call, places, client, Optional.empty());
    }
    Product product = Product.here();
    CompletableFuture<KeeperProgram.Started> start = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name("pinfold-start")
        .start(() -> {
          try {
            start.complete(start(product, places, call));
          } catch (IOException | RuntimeException e) {
            start.completeExceptionally(e);
          }
        });
    return new Supervision(call, places, Optional.empty(), Optional.of(start));
  }

  /**
   * For a command that changes what runs and has nothing to do where nothing runs. When supervisor
   * and keeper are gone and left processes behind, new ones are started: they adopt them.
   *
   * @return empty when nobody supervises and nothing is left of services
   * @throws PinfoldException as {@link #client}
   */
  static Optional<Client> acting(Invocation call) throws IOException {
    Places places = call.places();
    Optional<Client> client = Client.connect(places.controlSocket());
    if (client.isPresent() || !OfflineStatus.survivors(places)) {
      return client;
    }
    call.say("services run without a supervisor; one is started for them");
    try (Supervision supervision = of(call)) {
      return Optional.of(supervision.client());
    }
  }

  /** As {@link #acting}, where a supervisor is needed. */
  static Client toAct(Invocation call) throws IOException {
    return acting(call).orElseThrow(() -> Client.nobody(call.places().controlSocket()));
  }

  /** Whether this command started it. */
  boolean started() {
    return start.isPresent() && result() instanceof KeeperProgram.Started.Running;
  }

  /**
   * A connection, waiting until the supervisor that was started answers. The caller closes it.
   *
   * @throws PinfoldException {@link Code#SUPERVISOR_START_FAILED} with the last lines that it
   *     printed; what is wrong with the state, where that is the reason
   */
  Client client() {
    if (connected.isPresent()) {
      Client client = connected.get();
      connected = Optional.empty();
      return client;
    }
    if (start.isPresent()
        && result() instanceof KeeperProgram.Started.Failed(int status, String message)) {
      throw failed(Code.KEEPER_START_FAILED, "the keeper ended with " + status + ": " + message)
          .exception();
    }
    long begin = System.nanoTime();
    boolean said = false;
    while (true) {
      Optional<Client> client = Client.connect(places.controlSocket());
      if (client.isPresent()) {
        return client.get();
      }
      Duration waited = Duration.ofNanos(System.nanoTime() - begin);
      if (waited.compareTo(BOUND) > 0) {
        throw failed(
                Code.SUPERVISOR_START_FAILED,
                "the supervisor did not open its socket within " + Text.age(BOUND))
            .exception();
      }
      if (!said && waited.compareTo(PATIENCE) > 0) {
        IntentStore.peek(places); // what keeps it from starting most often, said in its own words
        call.say("waiting for the supervisor …");
        said = true;
      }
      Pause.of(PAUSE, "the supervisor started");
    }
  }

  /**
   * Ends a supervisor that was started for nothing. One that has services, also by somebody else,
   * refuses to end.
   */
  void undo() {
    if (!started()) {
      return;
    }
    try (Client client = client()) {
      client.stream(
          new Call.Shutdown(false), Reply.Operated.class, Optional.of(Client.TAKEN), _ -> {});
    } catch (PinfoldException e) {
      if (!e.failure().code().equals(Code.BUSY.id())) {
        call.say("a supervisor was started and is left running: " + e.failure().message());
      }
    }
  }

  /** Closes what was not asked for. */
  @Override
  public void close() {
    connected.ifPresent(Client::close);
    start.ifPresent(CompletableFuture::join);
  }

  private KeeperProgram.Started result() {
    try {
      return start.orElseThrow().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof PinfoldException failure) {
        throw failure;
      }
      throw new PinfoldException(
          failed(Code.KEEPER_START_FAILED, "the keeper cannot be started: " + e.getCause()), e);
    }
  }

  private static KeeperProgram.Started start(Product product, Places places, Invocation call)
      throws IOException {
    String boot = BootId.current();
    places.create(boot, User.ownUid());
    KeeperProgram program =
        new KeeperProgram(
            product.keeper(),
            places.state(),
            places.run(boot),
            places.logs(),
            Optional.empty()); // each service is contained by a warden
    List<String> command = List.of(product.supervisor().toString());
    Map<String, String> environment =
        Product.environment(call.console().environment(), places.state());
    boolean first = ProcessHandle.current().pid() == 1;
    if (!first || !call.verb().equals("up") || !call.flag("--foreground")) {
      return program.start(command, environment);
    }
    // The first process of a container: nobody else reaps what is left behind there, and when it
    // ends all ends, so nothing is to detach.
    Process keeper = program.foreground(command, environment);
    Orphans.reap(pid -> pid == keeper.pid());
    return new KeeperProgram.Started.Running();
  }

  private Failure failed(Code code, String message) {
    return Failure.of(code, message)
        .withLines(LastLines.ofSupervisor(places.logs()))
        .tryNext("pinfold logs --supervisor")
        .tryNext("pinfold doctor");
  }
}
