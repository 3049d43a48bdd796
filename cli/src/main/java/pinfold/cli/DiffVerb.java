package pinfold.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import pinfold.contract.Call;
import pinfold.contract.Change;
import pinfold.contract.Exit;
import pinfold.contract.Json;
import pinfold.contract.Records;
import pinfold.contract.Reply;
import pinfold.manifest.Canonical;
import pinfold.manifest.Parsed;

/** {@code pinfold diff}: what {@code up} would do. */
final class DiffVerb implements Verb {
  @Override
  public void describe(Usage usage) {
    usage
        .summary("what up would change")
        .services(false)
        .values("P", "with the services of this profile", "--profile")
        .example("pinfold diff", "nothing is done")
        .example("pinfold diff --json", "for programs");
  }

  @Override
  public int run(Invocation call) throws IOException {
    return run(call, false, false, false);
  }

  static int run(Invocation call, boolean recreate, boolean keepRemoved, boolean adopt)
      throws IOException {
    Parsed parsed = ManifestFile.read(call);
    if (parsed.projects().isEmpty()) {
      return ManifestFile.invalid(parsed, call);
    }
    List<Chosen> chosen = Chosen.of(call, parsed);
    List<Change> changes = new ArrayList<>();
    try (Client client = Client.need(call.places().controlSocket())) {
      for (Chosen one : chosen) {
        changes.addAll(changes(client, call, one, recreate, keepRemoved, adopt));
      }
    }
    if (call.json()) {
      List<Json.Obj> all = changes.stream().<Json.Obj>map(Records::write).toList();
      call.print(Json.object("changes", Json.array(all)));
    } else if (Changes.any(changes)) {
      call.console().out().print(Changes.render(changes, call.style()));
    } else {
      call.say("up would change nothing");
    }
    return Exit.OK.code();
  }

  /**
   * What {@code up} would change in one project.
   *
   * @throws pinfold.contract.PinfoldException why it would be refused
   */
  static List<Change> changes(
      Client client,
      Invocation call,
      Chosen chosen,
      boolean recreate,
      boolean keepRemoved,
      boolean adopt) {
    return client
        .call(
            new Call.Diff(
                Canonical.json(chosen.manifest(), chosen.project().positions()),
                chosen.manifest().file().toString(),
                chosen.declared(),
                chosen.names(),
                call.values("--profile"),
                recreate,
                keepRemoved,
                adopt),
            Reply.Differences.class)
        .changes();
  }
}
