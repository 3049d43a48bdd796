package pinfold.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import pinfold.contract.Call;
import pinfold.contract.Exit;
import pinfold.contract.InstanceStatus;
import pinfold.contract.PinfoldException;
import pinfold.contract.Reply;
import pinfold.contract.ServiceStatus;
import pinfold.contract.Target;

/**
 * {@code pinfold __names}: for completion; one name per line, nothing when there is nothing to say
 * or it takes too long.
 */
final class NamesVerb implements Verb {
  private static final Duration BOUND = Duration.ofMillis(500);

  @Override
  public void describe(Usage usage) {
    usage
        .summary("names of services, for completion")
        .services(false)
        .flag("of projects instead", "--projects");
  }

  @Override
  public int run(Invocation call) {
    try (Client client = Client.need(call.places().controlSocket())) {
      Target all =
          new Target(
              java.util.List.of(), Optional.empty(), Optional.empty(), java.util.List.of(), true);
      Reply.Status status =
          client.call(new Call.Status(all, true), Reply.Status.class, Optional.of(BOUND));
      (call.flag("--projects") ? projects(status) : names(status))
          .forEach(call.console().out()::line);
    } catch (PinfoldException _) {
      return Exit.FAILED.code(); // whoever presses the tab key wants names or nothing
    }
    return Exit.OK.code();
  }

  private static Set<String> projects(Reply.Status status) {
    Set<String> names = new TreeSet<>();
    status.services().forEach(service -> names.add(Text.line(service.project())));
    return names;
  }

  /**
   * Short names, names with their project where two projects share one, and instances where there
   * are several.
   */
  private static Set<String> names(Reply.Status status) {
    Set<String> names = new TreeSet<>();
    for (ServiceStatus service : status.services()) {
      boolean shared =
          status.services().stream().filter(other -> other.name().equals(service.name())).count()
              > 1;
      String name = shared ? service.project() + "/" + service.name() : service.name();
      names.add(Text.line(name));
      if (service.instances().size() > 1) {
        for (InstanceStatus instance : service.instances()) {
          names.add(Text.line(name + "." + instance.slot()));
        }
      }
    }
    return names;
  }
}
