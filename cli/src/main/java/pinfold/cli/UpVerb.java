package pinfold.cli;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import pinfold.contract.Call;
import pinfold.contract.Exit;
import pinfold.contract.OperationView;
import pinfold.contract.PinfoldException;
import pinfold.contract.Reply;
import pinfold.contract.ServiceStatus;
import pinfold.contract.Target;
import pinfold.manifest.Canonical;
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
      if (parsed.projects().isEmpty()) {
        supervision.undo();
        return ManifestFile.invalid(parsed, call);
      }
      List<Chosen> chosen;
      try {
        chosen = Chosen.of(call, parsed);
      } catch (PinfoldException e) {
        supervision.undo();
        throw e;
      }
      return up(call, supervision, parsed, chosen, keepRemoved);
    }
  }

  private static int up(
      Invocation call,
      Supervision supervision,
      Parsed parsed,
      List<Chosen> chosen,
      boolean keepRemoved)
      throws IOException {
    List<Call.Up> requests = chosen.stream().map(one -> request(call, one, keepRemoved)).toList();
    if (chosen.size() > 1) {
      refusals(call, supervision, chosen, keepRemoved);
    }
    if (call.flag("--foreground")) {
      return new Foreground(call, supervision, chosen.stream().map(Chosen::manifest).toList())
          .run(requests);
    }
    try (Together together = new Together(call, supervision::client, requests)) {
      List<OperationView> results = together.follow();
      if (results.isEmpty()) {
        together.accepted();
        return Exit.OK.code();
      }
      int code = together.code(results);
      if (call.json()) {
        together.print(results);
      } else {
        show(call, supervision, parsed, chosen);
      }
      return code;
    }
  }

  private static Call.Up request(Invocation call, Chosen chosen, boolean keepRemoved) {
    return new Call.Up(
        Canonical.json(chosen.manifest(), chosen.project().positions()),
        chosen.manifest().file().toString(),
        chosen.declared(),
        chosen.names(),
        call.values("--profile"),
        call.flag("--recreate"),
        keepRemoved,
        call.flag("--adopt"),
        call.noWait(),
        call.timeout(),
        call.console().environment());
  }

  /** Of several projects none is touched when one of them would be refused. */
  private static void refusals(
      Invocation call, Supervision supervision, List<Chosen> chosen, boolean keepRemoved) {
    try (Client client = supervision.client()) {
      for (Chosen one : chosen) {
        DiffVerb.changes(
            client, call, one, call.flag("--recreate"), keepRemoved, call.flag("--adopt"));
      }
    }
  }

  /** The table, and what a person may want to do next. */
  private static void show(
      Invocation call, Supervision supervision, Parsed parsed, List<Chosen> chosen) {
    if (call.quiet()) {
      return;
    }
    String file = chosen.getFirst().manifest().file().toString();
    Target target = new Target(List.of(), Optional.empty(), Optional.of(file), List.of(), false);
    List<ServiceStatus> all;
    try (Client client = supervision.client()) {
      all = client.call(new Call.Status(target, false), Reply.Status.class).services();
    }
    List<String> names = chosen.stream().map(one -> one.project().name()).toList();
    List<ServiceStatus> services = all.stream().filter(s -> names.contains(s.project())).toList();
    if (!services.isEmpty()) {
      call.console()
          .out()
          .print(StatusTable.render(services, call.style(), call.console().clock()));
      call.console().out().flush();
    }
    all.stream()
        .map(ServiceStatus::project)
        .filter(name -> parsed.projects().stream().noneMatch(p -> p.name().equals(name)))
        .distinct()
        .forEach(name ->
            call.say(
                "project %s is no longer in the manifest and is left as it is\n  try: pinfold down --project %s"
                    .formatted(name, name)));
    if (!services.isEmpty()) {
      String first = services.getFirst().name();
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
