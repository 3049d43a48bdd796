package pinfold.cli;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import pinfold.contract.Call;
import pinfold.contract.Exit;
import pinfold.contract.OperationView;
import pinfold.contract.Records;
import pinfold.contract.Reply;
import pinfold.contract.Target;
import pinfold.manifest.Canonical;
import pinfold.manifest.Manifest;
import pinfold.manifest.Parsed;

/** {@code pinfold up}: makes the services be as the manifest says. */
final class UpVerb implements Verb {
  @Override
  public void describe(Usage usage) {
    usage
        .summary("start what the manifest says, change what differs, wait until it is ready")
        .services(false)
        .flag("stay, show what is printed, and stop everything at the end", "--foreground")
        .values("P", "with the services of this profile", "--profile")
        .flag("restart what did not change, too", "--recreate")
        .value("BOOL", "false: keep services that the manifest no longer has", "--remove")
        .flag("take the project over from a manifest at another path", "--adopt")
        .flag("only show what would change", "--dry-run")
        .example("pinfold up", "everything of the manifest here or above")
        .example("pinfold up api --foreground", "one service and what it needs, until Ctrl-C");
  }

  @Override
  public int run(Invocation call) throws IOException {
    boolean keepRemoved = !truth(call.value("--remove").orElse("true"));
    if (call.flag("--dry-run")) {
      return DiffVerb.run(call, call.flag("--recreate"), keepRemoved, call.flag("--adopt"));
    }
    if (call.manifest().isEmpty()) {
      ManifestFile.read(call); // says what is missing before anything is started
    }
    try (Supervision supervision = Supervision.of(call)) {
      Parsed parsed = ManifestFile.read(call);
      if (parsed.manifest().isEmpty()) {
        supervision.undo();
        return ManifestFile.invalid(parsed, call);
      }
      return up(call, supervision, parsed, parsed.manifest().get(), keepRemoved);
    }
  }

  private static int up(
      Invocation call,
      Supervision supervision,
      Parsed parsed,
      Manifest manifest,
      boolean keepRemoved)
      throws IOException {
    Call.Up request =
        new Call.Up(
            Canonical.json(manifest, parsed.positions()),
            manifest.file().toString(),
            call.words(),
            call.values("--profile"),
            call.flag("--recreate"),
            keepRemoved,
            call.flag("--adopt"),
            call.noWait(),
            call.timeout(),
            call.console().environment());
    if (call.flag("--foreground")) {
      return new Foreground(call, supervision, manifest).run(request);
    }
    try (Client client = supervision.client()) {
      Operation operation = new Operation(call);
      Optional<OperationView> result = operation.follow(client, request);
      if (result.isEmpty()) {
        operation.accepted();
        return Exit.OK.code();
      }
      int code = operation.code(result.get());
      if (call.json()) {
        call.print(Records.write(result.get()));
      } else {
        show(call, client, manifest);
      }
      return code;
    }
  }

  /** The table, and what a person may want to do next. */
  private static void show(Invocation call, Client client, Manifest manifest) {
    if (call.quiet()) {
      return;
    }
    String project = manifest.project().toString();
    Target target = new Target(List.of(), Optional.of(project), Optional.empty(), List.of(), false);
    Reply.Status status = client.call(new Call.Status(target, false), Reply.Status.class);
    if (!status.services().isEmpty()) {
      call.console()
          .out()
          .print(StatusTable.render(status.services(), call.style(), call.console().clock()));
      call.console().out().flush();
      String first = status.services().getFirst().name();
      call.say(
          "  try: pinfold logs -f\n       pinfold status --watch\n       pinfold explain "
              + Text.line(first)
              + "\n       pinfold down");
    }
  }

  private static boolean truth(String word) {
    return switch (word) {
      case "true" -> true;
      case "false" -> false;
      default -> throw Words.usage("--remove takes true or false, not \"" + word + "\"");
    };
  }
}
