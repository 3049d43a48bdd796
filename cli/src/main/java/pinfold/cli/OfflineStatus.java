package pinfold.cli;

import java.util.List;
import java.util.Optional;
import pinfold.contract.Reply;
import pinfold.contract.ServiceStatus;

/** What is recorded of services when no supervisor runs. */
record OfflineStatus(List<ServiceStatus> services) {
  static OfflineStatus of(Whereabouts places) {
    return new OfflineStatus(List.of());
  }

  /** As a status without supervisor, of these services or of all. */
  Reply.Status only(List<String> names) {
    return new Reply.Status(
        1,
        Optional.empty(),
        services.stream()
            .filter(service ->
                names.isEmpty()
                    || names.contains(service.name())
                    || names.contains(service.project() + "/" + service.name()))
            .toList());
  }
}
