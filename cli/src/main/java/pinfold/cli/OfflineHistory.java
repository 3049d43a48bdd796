package pinfold.cli;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import pinfold.contract.Code;
import pinfold.contract.Event;
import pinfold.contract.Failure;
import pinfold.contract.PinfoldException;
import pinfold.contract.Records;
import pinfold.contract.Reply;
import pinfold.contract.ServiceStatus;
import pinfold.state.CausalChain;
import pinfold.state.PastEvents;

/** What happened, from the journal, when no supervisor runs. */
final class OfflineHistory {
  /** As many as a supervisor tells when no time is given. */
  private static final int RECENT = 256;

  private OfflineHistory() {}

  private static PastEvents past(Invocation call) {
    return new PastEvents(
        call.places().journal(), problem -> call.say("pinfold: " + Text.line(problem.message())));
  }

  /** Events of the services that are named, or of all; oldest first. */
  static List<Event> events(Invocation call, Optional<Instant> since) {
    Predicate<Event> wanted = wanted(call);
    return since.isPresent()
        ? past(call).since(since.get(), Long.MAX_VALUE, wanted)
        : past(call).newest(RECENT, Long.MAX_VALUE, wanted);
  }

  /** By name, else by project, else all: no supervisor knows which project this folder has. */
  private static Predicate<Event> wanted(Invocation call) {
    Optional<String> project = call.value("--project");
    return event ->
        (project.isEmpty() || event.project().equals(project))
            && (call.words().isEmpty()
                || CausalChain.about(event)
                    .filter(name ->
                        call.words().contains(name)
                            || call.words().contains(event.name().orElse("")))
                    .isPresent());
  }

  /** Why a service is as it is, as far as it was written down. */
  static Reply.Explained why(Invocation call) {
    ServiceStatus status = one(call);
    boolean own = status.project().startsWith("_");
    String name = own ? status.name() : status.project() + "/" + status.name();
    CausalChain chain = new CausalChain(name);
    past(call).backward(Long.MAX_VALUE, chain::take);
    return new Reply.Explained(
        status.project(),
        status.name(),
        Records.word(status.state()) + status.reason().map(r -> ": " + r).orElse(""),
        chain.causes());
  }

  private static ServiceStatus one(Invocation call) {
    try {
      return OfflineStatus.of(call.places()).only(call.target()).services().getFirst();
    } catch (IOException e) {
      throw new PinfoldException(
          Failure.of(Code.STATE_UNUSABLE, "cannot read what was written down: " + e), e);
    }
  }
}
