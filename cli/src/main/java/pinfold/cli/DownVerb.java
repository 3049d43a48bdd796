package pinfold.cli;

import java.io.IOException;
import java.util.Optional;
import pinfold.contract.Call;
import pinfold.contract.Code;
import pinfold.contract.Exit;
import pinfold.contract.Failure;
import pinfold.state.KeeperState;

/**
 * {@code pinfold down}: services are stopped and no longer wanted; with --supervisor nothing is
 * left.
 */
final class DownVerb implements Verb {
  @Override
  public void describe(Usage usage) {
    usage
        .summary("stop services, or everything, and want them no longer")
        .services(false)
        .flag("every service of every project", "--all")
        .flag("end everything, supervisor and keeper too", "--supervisor")
        .values("P", "services of this profile", "--profile")
        .example("pinfold down", "everything of this folder's project")
        .example("pinfold down --supervisor", "all projects, then Pinfold itself");
  }

  @Override
  public int run(Invocation call) throws IOException {
    if (call.flag("--supervisor") && !call.words().isEmpty()) {
      throw Words.usage("--supervisor ends everything; it takes no service");
    }
    boolean everything = call.flag("--supervisor");
    Call request =
        everything
            ? new Call.Shutdown(true)
            : new Call.Down(call.projectTarget(), call.noWait(), call.timeout());
    Optional<Client> client = Supervision.acting(call);
    if (client.isEmpty()) {
      return nobody(call, everything);
    }
    try (Client connection = client.get()) {
      if (!everything) {
        return new Operation(call).run(connection, request);
      }
      Departure departure = Departure.of(connection);
      int code = new Operation(call).run(connection, request);
      if (code == Exit.OK.code()) {
        departure.await();
      }
      return code;
    }
  }

  /**
   * Without a supervisor and without processes nothing is asked to end; what is wanted according to
   * the state would only start again.
   */
  private static int nobody(Invocation call, boolean everything) throws IOException {
    if (everything) {
      Departure.of(KeeperState.of(call.places())).await(); // somebody else's is under way
    } else if (OfflineStatus.of(call.places()).services().stream().anyMatch(StatusVerb::wanted)) {
      throw Failure.of(
              Code.NO_SUPERVISOR, "no supervisor runs, and services are recorded as wanted")
          .tryNext("pinfold up    (starts the supervisor), then pinfold down")
          .exception();
    }
    call.say("nothing runs");
    return Exit.OK.code();
  }
}
