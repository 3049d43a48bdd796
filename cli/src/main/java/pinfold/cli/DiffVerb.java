package pinfold.cli;

import java.io.IOException;
import java.util.List;
import pinfold.contract.Call;
import pinfold.contract.Exit;
import pinfold.contract.Json;
import pinfold.contract.Records;
import pinfold.contract.Reply;
import pinfold.manifest.Canonical;
import pinfold.manifest.Manifest;
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
    if (parsed.manifest().isEmpty()) {
      return ManifestFile.invalid(parsed, call);
    }
    Manifest manifest = parsed.manifest().get();
    try (Client client = Client.need(call.places().controlSocket())) {
      Reply.Differences reply =
          client.call(
              new Call.Diff(
                  Canonical.json(manifest, parsed.positions()),
                  manifest.file().toString(),
                  call.words(),
                  call.values("--profile"),
                  recreate,
                  keepRemoved,
                  adopt),
              Reply.Differences.class);
      if (call.json()) {
        List<Json.Obj> changes = reply.changes().stream().<Json.Obj>map(Records::write).toList();
        call.print(Json.object("changes", Json.array(changes)));
      } else if (Changes.any(reply.changes())) {
        call.console().out().print(Changes.render(reply.changes(), call.style()));
      } else {
        call.say("up would change nothing");
      }
      return Exit.OK.code();
    }
  }
}
