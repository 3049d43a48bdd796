package pinfold.cli;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import pinfold.contract.Call;
import pinfold.contract.Exit;
import pinfold.contract.Health;
import pinfold.contract.InstanceStatus;
import pinfold.contract.Records;
import pinfold.contract.Reply;
import pinfold.contract.ServiceStatus;
import pinfold.contract.State;
import pinfold.contract.SupervisorStatus;
import pinfold.contract.Wanted;

/** {@code pinfold status}: also the health check of scripts, by its exit code. */
final class StatusVerb implements Verb {
  @Override
  public void describe(Usage usage) {
    usage
        .summary("what runs and how it is (also: ps)")
        .services(false)
        .flag("keep showing it", "--watch")
        .flag("every project, and one-off work that is over", "--all")
        .example("pinfold status", "exits 0: well, 1: degraded, 2: failed for good")
        .example("pinfold status --json | jq …", "for programs");
  }

  @Override
  public int run(Invocation call) throws IOException {
    Call.Status request = new Call.Status(call.target(), call.flag("--all"));
    Optional<Client> client = Client.connect(call.places().controlSocket());
    if (client.isEmpty()) {
      return offline(call);
    }
    try (Client connection = client.get()) {
      if (call.flag("--watch")) {
        return watch(call, connection, request);
      }
      Reply.Status status = connection.call(request, Reply.Status.class);
      show(call, status);
      return code(status);
    }
  }

  /** How well the services are. */
  static int code(Reply.Status status) {
    int worst = Exit.OK.code();
    for (ServiceStatus service : status.services()) {
      worst = Math.max(worst, wanted(service) ? code(service) : 0);
    }
    return worst;
  }

  static boolean wanted(ServiceStatus service) {
    return service.wanted() == Wanted.UP;
  }

  private static int code(ServiceStatus service) {
    int worst = code(service.state(), service.health());
    for (InstanceStatus instance : service.instances()) {
      worst = Math.max(worst, code(instance.state(), instance.health()));
    }
    return worst;
  }

  private static int code(State state, Optional<Health> health) {
    return switch (state) {
      case FAILED -> Exit.DOWN.code();
      case RUNNING ->
          health.filter(h -> h != Health.READY).isPresent() ? Exit.FAILED.code() : Exit.OK.code();
      case DONE, SKIPPED -> Exit.OK.code();
      case CREATED, WAITING, PREPARING, STARTING, STOPPING, BACKOFF, PAUSED, UNVERIFIED ->
          Exit.FAILED.code();
    };
  }

  private static int offline(Invocation call) throws IOException {
    Reply.Status status = OfflineStatus.of(call.places()).only(call.target());
    boolean wanted = status.services().stream().anyMatch(StatusVerb::wanted);
    if (call.json() || !status.services().isEmpty()) {
      show(call, status);
    }
    if (!call.json()) {
      call.say(
          wanted
              ? "no supervisor runs, although services are wanted\n  try: pinfold up"
              : "no supervisor runs, and nothing is wanted");
    }
    return wanted ? Exit.DOWN.code() : Exit.OK.code();
  }

  private static int watch(Invocation call, Client client, Call.Status request) {
    Output out = call.console().out();
    int[] code = {Exit.OK.code()};
    client.stream(
        new Call.Watch(request.target(), request.finished()),
        Reply.Status.class,
        Optional.of(Client.TAKEN),
        status -> {
          code[0] = code(status);
          if (out.terminal() && !call.json()) {
            out.print("\033[H\033[J");
          }
          show(call, status);
          out.flush();
        });
    return code[0];
  }

  private static void show(Invocation call, Reply.Status status) {
    if (call.json()) {
      call.print(Records.write(status));
      return;
    }
    List<ServiceStatus> services = status.services();
    if (services.isEmpty()) {
      call.say("no services");
    } else {
      call.console()
          .out()
          .print(StatusTable.render(services, call.style(), call.console().clock()));
    }
    status
        .supervisor()
        .flatMap(SupervisorStatus::bug)
        .ifPresent(bug ->
            call.say(
                "the supervisor failed at an event and left it out: "
                    + Text.line(bug)
                    + "\n  try: pinfold doctor"));
  }
}
