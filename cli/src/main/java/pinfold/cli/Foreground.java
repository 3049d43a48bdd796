package pinfold.cli;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jline.utils.Signals;
import pinfold.contract.Call;
import pinfold.contract.Code;
import pinfold.contract.Exit;
import pinfold.contract.Failure;
import pinfold.contract.PinfoldException;
import pinfold.contract.Reply;
import pinfold.contract.ServiceStatus;
import pinfold.contract.State;
import pinfold.contract.Target;
import pinfold.logs.LogQuery;
import pinfold.logs.LogReader;
import pinfold.logs.LogSource;
import pinfold.logs.LogStream;
import pinfold.manifest.Manifest;
import pinfold.manifest.Service;
import pinfold.state.KeeperState;
import pinfold.state.Places;

/**
 * {@code up --foreground}: stays, prints what the services print, and stops the project at the end.
 * It ends by Ctrl-C or TERM, when an essential service has failed for good, or when nothing is left
 * that could do anything.
 */
final class Foreground {
  /** How long nobody may answer while there is a keeper. */
  private static final Duration BOUND = Duration.ofSeconds(20);

  /** A supervisor whose keeper died starts the next one by itself; it is given this long. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  private static final Duration PAUSE = Duration.ofMillis(5);

  /** How a whole request is refused: nothing was touched, and what runs may be somebody else's. */
  private static final List<Code> REFUSALS =
      List.of(Code.PROJECT_BOUND, Code.NO_SUCH_SERVICE, Code.SHUTTING_DOWN);

  private final Invocation call;
  private final Supervision supervision;
  private final List<Manifest> manifests;
  private final Places places;
  private final Target file;
  private final AtomicBoolean ending = new AtomicBoolean();

  /** Whether anything may have been begun that is to be stopped at the end. */
  private boolean asked;

  /**
   * @param manifests of projects of one file
   */
  Foreground(Invocation call, Supervision supervision, List<Manifest> manifests) {
    this.call = call;
    this.supervision = supervision;
    this.manifests = manifests;
    this.places = call.places();
    this.file =
        new Target(
            List.of(),
            Optional.empty(),
            Optional.of(manifests.getFirst().file().toString()),
            List.of(),
            false);
  }

  int run(List<Call.Up> requests) {
    Instant since = call.console().clock().instant();
    AtomicReference<List<Runnable>> waiting = new AtomicReference<>(List.of());
    for (String signal : List.of("INT", "TERM", "HUP")) {
      Signals.register(signal, () -> signalled(waiting));
    }
    Thread logs = Thread.ofPlatform().daemon().name("pinfold-logs").start(() -> print(since));
    try {
      int code = stay(requests, waiting);
      return Math.max(code, asked ? stop() : left());
    } finally {
      last(logs);
    }
  }

  private int stay(List<Call.Up> requests, AtomicReference<List<Runnable>> waiting) {
    int code = Exit.OK.code();
    try {
      code = begin(requests, waiting);
      if (code != Exit.RETRY.code()) { // else the time given is over
        code = Math.max(code, watch(waiting));
      }
    } catch (PinfoldException e) {
      if (!ending.get()) {
        throw e;
      }
    }
    return code;
  }

  /** Interrupted before anything was asked for. */
  private int left() {
    supervision.undo();
    return Exit.INTERRUPTED.code();
  }

  /** Waits until what was printed until now is shown, too. */
  private static void last(Thread logs) {
    logs.interrupt();
    try {
      logs.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Asks for everything and waits for it. What fails to start is said and is no reason to leave the
   * rest alone: its restart policy goes on, and the project has to be stopped at the end.
   *
   * @throws PinfoldException when nothing was begun
   */
  private int begin(List<Call.Up> requests, AtomicReference<List<Runnable>> waiting) {
    try (Together together = new Together(call, supervision::client, requests)) {
      waiting.set(List.of(together::leave));
      if (ending.get()) {
        return Exit.OK.code(); // before anything was asked for
      }
      asked = true;
      return together.code(together.followUninterrupted());
    } catch (PinfoldException e) {
      Failure failure = e.failure();
      if (is(failure, Code.NO_ANSWER)) {
        throw e; // it may have been taken, or not
      }
      if (is(failure, Code.CONNECTION_LOST)) {
        return Exit.OK.code(); // on purpose; or the next supervisor goes on with it
      }
      boolean refused = REFUSALS.stream().anyMatch(code -> is(failure, code));
      if (refused || failure.detail().get("operation").isEmpty()) {
        asked = false;
        throw e;
      }
      if (ending.get() || is(failure, Code.CANCELLED)) {
        return Exit.OK.code(); // a part was stopped or changed by somebody
      }
      call.console().err().print(FailureText.render(failure, call.style(call.console().err())));
      call.console().err().flush();
      return failure.exit().code();
    }
  }

  private static boolean is(Failure failure, Code code) {
    return failure.code().equals(code.id());
  }

  /** Until there is nothing more to wait for, also by the supervisor that comes after one. */
  private int watch(AtomicReference<List<Runnable>> waiting) {
    for (Optional<Client> next = again(); next.isPresent(); next = again()) {
      try (Client client = next.get()) {
        waiting.set(List.of(client::close));
        if (ending.get()) {
          return Exit.OK.code();
        }
        return watch(client);
      } catch (PinfoldException e) {
        if (ending.get() || !is(e.failure(), Code.CONNECTION_LOST)) {
          throw e;
        }
      }
    }
    return Exit.OK.code(); // everything was ended by somebody else
  }

  /**
   * A connection to whoever supervises now; empty when everything has ended in order. Where both
   * supervisor and keeper were killed, new ones are started, which adopt what runs.
   */
  private Optional<Client> again() {
    long begin = System.nanoTime();
    while (true) {
      Optional<Client> client = Client.connect(places.controlSocket());
      if (client.isPresent()) {
        return client;
      }
      Duration waited = Duration.ofNanos(System.nanoTime() - begin);
      switch (KeeperState.of(places)) {
        case KeeperState.None() -> {
          return client;
        }
        case KeeperState.Dead _ -> {
          if (waited.compareTo(GRACE) > 0) {
            return Optional.of(takeOver());
          }
        }
        case KeeperState.Alive _, KeeperState.Unsettled() -> {
          if (waited.compareTo(BOUND) > 0) {
            return Optional.of(Client.need(places.controlSocket()));
          }
        }
      }
      Pause.of(PAUSE, "another supervisor takes over");
    }
  }

  private Client takeOver() {
    call.say("supervisor and keeper are gone; new ones are started");
    try (Supervision next = Supervision.of(call)) {
      return next.client();
    }
  }

  private void signalled(AtomicReference<List<Runnable>> waiting) {
    if (ending.getAndSet(true)) {
      Runtime.getRuntime()
          .halt(
              Exit.INTERRUPTED
                  .code()); // asked a second time: services go on stopping by themselves
    }
    call.say("stopping …");
    waiting.get().forEach(Runnable::run);
  }

  /** Until there is nothing more to wait for. */
  private int watch(Client client) {
    int[] code = {Exit.OK.code()};
    try {
      client.stream(
          new Call.Watch(file, true),
          Reply.Status.class,
          Optional.of(Client.TAKEN),
          status -> {
            List<ServiceStatus> services =
                status.services().stream().filter(service -> own(service).isPresent()).toList();
            Optional<ServiceStatus> failed = essential(services);
            if (failed.isPresent()) {
              code[0] = Exit.FAILED.code();
              String name = Text.line(failed.get().name());
              call.say(
                  "error[%s]: the essential service \"%s\" failed for good: %s"
                      .formatted(
                          Code.ESSENTIAL_FAILED.id(),
                          name,
                          Text.line(failed.get().reason().orElse("no reason"))));
              throw new Over();
            }
            if (over(services)) {
              throw new Over();
            }
          });
    } catch (Over _) {
      return code[0];
    }
    return code[0];
  }

  private Optional<ServiceStatus> essential(List<ServiceStatus> services) {
    return services.stream()
        .filter(service -> service.state() == State.FAILED)
        .filter(service -> declared(service).filter(Service::essential).isPresent())
        .findFirst();
  }

  private Optional<Service> declared(ServiceStatus status) {
    return own(status)
        .flatMap(manifest ->
            manifest.services().values().stream()
                .filter(service -> service.name().toString().equals(status.name()))
                .findFirst());
  }

  /** The manifest of the project that a service belongs to; empty for another file's. */
  private Optional<Manifest> own(ServiceStatus status) {
    return manifests.stream()
        .filter(manifest -> manifest.project().toString().equals(status.project()))
        .findFirst();
  }

  /** Whether everything has ended for good. */
  private static boolean over(List<ServiceStatus> services) {
    return !services.isEmpty()
        && services.stream()
            .allMatch(service ->
                switch (service.state()) {
                  case DONE, FAILED, SKIPPED -> true;
                  case CREATED -> service.wanted() == pinfold.contract.Wanted.DOWN;
                  case WAITING,
                      PREPARING,
                      STARTING,
                      RUNNING,
                      STOPPING,
                      BACKOFF,
                      PAUSED,
                      UNVERIFIED ->
                      false;
                });
  }

  private int stop() {
    ending.set(true);
    List<Call.Down> requests =
        manifests.stream()
            .map(manifest -> new Call.Down(project(manifest), false, Optional.empty()))
            .toList();
    for (Optional<Client> next = again(); next.isPresent(); next = again()) {
      next.get().close(); // each project has a connection of its own
      try (Together together =
          new Together(call, () -> Client.need(places.controlSocket()), requests)) {
        int code = together.code(together.followUninterrupted());
        supervision.undo();
        return code;
      } catch (PinfoldException e) {
        // Somebody else may be ending everything at this moment.
        if (!is(e.failure(), Code.CONNECTION_LOST) && !is(e.failure(), Code.NO_SUPERVISOR)) {
          throw e;
        }
      }
    }
    return Exit.OK.code();
  }

  private static Target project(Manifest manifest) {
    Optional<String> name = Optional.of(manifest.project().toString());
    return new Target(List.of(), name, Optional.empty(), List.of(), false);
  }

  private void print(Instant since) {
    List<LogSource> sources = new ArrayList<>();
    for (Manifest manifest : manifests) {
      for (Service service : manifest.services().values()) {
        String prefix = manifest.project() + "/" + service.name() + "/1";
        for (LogStream stream : LogStream.values()) {
          sources.add(LogSource.of(places.logs(), prefix, stream));
        }
      }
    }
    try {
      LogReader.follow(
          LogQuery.all(sources).since(TimeUnit.MILLISECONDS.toNanos(since.toEpochMilli())),
          new LogPrinter(call, sources, false, false, true));
    } catch (IOException e) {
      call.say("logs are no longer shown: " + e.getMessage());
    }
  }

  /** Enough was seen. */
  private static final class Over extends RuntimeException {
    private static final long serialVersionUID = 1;

    Over() {
      super(null, null, false, false);
    }
  }
}
