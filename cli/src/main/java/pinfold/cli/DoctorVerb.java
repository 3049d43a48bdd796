package pinfold.cli;

import java.io.IOException;
import java.util.List;
import pinfold.contract.Exit;
import pinfold.contract.Json;

/**
 * {@code pinfold doctor}: what is off, from files and /proc; needs no supervisor and changes
 * nothing.
 */
final class DoctorVerb implements Verb {
  @Override
  public void describe(Usage usage) {
    usage
        .summary("say what is off: state, processes, socket, disk, limits")
        .example("pinfold doctor", "exits 1 when something is wrong")
        .example("pinfold doctor --json", "for programs");
  }

  @Override
  public int run(Invocation call) throws IOException {
    List<Finding> findings = new Checkup(call.places()).findings();
    if (call.json()) {
      call.print(
          Json.object("findings", Json.array(findings.stream().map(Finding::json).toList())));
    } else {
      Style style = call.style();
      for (Finding finding : findings) {
        call.console().out().print(finding.text(style));
      }
    }
    boolean wrong = findings.stream().anyMatch(finding -> finding.level() == Finding.Level.ERROR);
    return wrong ? Exit.FAILED.code() : Exit.OK.code();
  }
}
