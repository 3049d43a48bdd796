package pinfold.cli;

import java.io.IOException;
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
import pinfold.contract.OperationView;
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
import pinfold.state.Places;

/**
 * {@code up --foreground}: stays, prints what the services print, and stops the project at the end.
 * It ends by Ctrl-C or TERM, when an essential service has failed for good, or when nothing is left
 * that could do anything.
 */
final class Foreground {
  private final Invocation call;
  private final Supervision supervision;
  private final Manifest manifest;
  private final Places places;
  private final Target project;
  private final AtomicBoolean ending = new AtomicBoolean();

  Foreground(Invocation call, Supervision supervision, Manifest manifest) {
    this.call = call;
    this.supervision = supervision;
    this.manifest = manifest;
    this.places = call.places();
    this.project =
        new Target(
            List.of(),
            Optional.of(manifest.project().toString()),
            Optional.empty(),
            List.of(),
            false);
  }

  int run(Call.Up request) {
    Instant since = call.console().clock().instant();
    AtomicReference<Optional<Client>> watching = new AtomicReference<>(Optional.empty());
    for (String signal : List.of("INT", "TERM", "HUP")) {
      Signals.register(signal, () -> signalled(watching));
    }
    Thread logs = Thread.ofPlatform().daemon().name("pinfold-logs").start(() -> print(since));
    int code = Exit.OK.code();
    try (Client client = supervision.client()) {
      watching.set(Optional.of(client));
      Optional<OperationView> result = new Operation(call).followUninterrupted(client, request);
      if (result.isPresent() && result.get().state() != OperationView.Outcome.DONE) {
        code = new Operation(call).code(result.get());
      }
      code = Math.max(code, watch(client));
    } catch (PinfoldException e) {
      if (!ending.get()) {
        throw e;
      }
    }
    int stopped = stop();
    logs.interrupt();
    return Math.max(code, stopped);
  }

  private void signalled(AtomicReference<Optional<Client>> watching) {
    if (ending.getAndSet(true)) {
      Runtime.getRuntime()
          .halt(
              Exit.INTERRUPTED
                  .code()); // asked a second time: services go on stopping by themselves
    }
    call.say("stopping …");
    watching.get().ifPresent(Client::close);
  }

  /** Until there is nothing more to wait for. */
  private int watch(Client client) {
    int[] code = {Exit.OK.code()};
    try {
      client.stream(
          new Call.Watch(project, true),
          Reply.Status.class,
          status -> {
            Optional<ServiceStatus> failed = essential(status);
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
            if (over(status)) {
              throw new Over();
            }
          });
    } catch (Over _) {
      return code[0];
    }
    return code[0];
  }

  private Optional<ServiceStatus> essential(Reply.Status status) {
    return status.services().stream()
        .filter(service -> service.state() == State.FAILED)
        .filter(service -> declared(service).filter(Service::essential).isPresent())
        .findFirst();
  }

  private Optional<Service> declared(ServiceStatus status) {
    return manifest.services().values().stream()
        .filter(service -> service.name().toString().equals(status.name()))
        .findFirst();
  }

  /** Whether everything has ended for good. */
  private static boolean over(Reply.Status status) {
    return !status.services().isEmpty()
        && status.services().stream()
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
    int code = Exit.OK.code();
    try (Client client = Client.need(places.controlSocket())) {
      Operation operation = new Operation(call);
      Optional<OperationView> result =
          operation.followUninterrupted(client, new Call.Down(project, false, Optional.empty()));
      code = result.map(operation::code).orElse(Exit.OK.code());
    }
    supervision.undo();
    return code;
  }

  private void print(Instant since) {
    List<LogSource> sources = new ArrayList<>();
    for (Service service : manifest.services().values()) {
      for (LogStream stream : LogStream.values()) {
        sources.add(
            LogSource.of(places.logs(), manifest.project() + "/" + service.name() + "/1", stream));
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
