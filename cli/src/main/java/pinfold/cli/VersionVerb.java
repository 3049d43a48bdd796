package pinfold.cli;

import java.util.Optional;
import pinfold.contract.Call;
import pinfold.contract.Exit;
import pinfold.contract.Json;
import pinfold.contract.PinfoldException;
import pinfold.contract.Records;
import pinfold.contract.Reply;

/** {@code pinfold version}: of the command line and of the supervisor that runs. */
final class VersionVerb implements Verb {
  @Override
  public void describe(Usage usage) {
    usage
        .summary("releases of the command line and of the running supervisor")
        .example("pinfold version", "both, and whether they fit")
        .example("pinfold version --json", "for programs");
  }

  @Override
  public int run(Invocation call) {
    Optional<Reply.Release> supervisor = supervisor(call);
    if (call.json()) {
      Json running = supervisor.<Json>map(Records::write).orElse(Json.Null.NULL);
      call.print(Json.object("release", Json.of(Release.VERSION), "supervisor", running));
      return Exit.OK.code();
    }
    Output out = call.console().out();
    out.line("pinfold " + Release.VERSION + " (Java " + System.getProperty("java.version") + ")");
    if (supervisor.isEmpty()) {
      call.say("no supervisor runs");
      return Exit.OK.code();
    }
    Reply.Release running = supervisor.get();
    out.line(
        "supervisor %s (Java %s, pid %d, keeper %d)"
            .formatted(
                Text.line(running.release()),
                Text.line(running.java()),
                running.pid(),
                running.keeperPid()));
    if (!running.release().equals(Release.VERSION)) {
      call.say(
          "they are of different releases\n  try: pinfold system upgrade    (this one takes over; services go on)");
    }
    return Exit.OK.code();
  }

  /**
   * What runs, where anything does and can be asked: the version of the command line is wanted in
   * any case.
   */
  private static Optional<Reply.Release> supervisor(Invocation call) {
    try (Client client = Client.need(call.places().controlSocket())) {
      return Optional.of(client.call(new Call.Version(), Reply.Release.class));
    } catch (PinfoldException e) {
      if (!e.failure().code().equals(pinfold.contract.Code.NO_SUPERVISOR.id())) {
        call.say(FailureText.render(e.failure(), Style.PLAIN).stripTrailing());
      }
      return Optional.empty();
    }
  }
}
