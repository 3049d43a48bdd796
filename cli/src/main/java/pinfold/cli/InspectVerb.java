package pinfold.cli;

import java.util.List;
import pinfold.contract.Call;
import pinfold.contract.Exit;
import pinfold.contract.Inspection;
import pinfold.contract.Json;
import pinfold.contract.JsonText;
import pinfold.contract.Records;
import pinfold.contract.Reply;

/** {@code pinfold inspect}: always a list, also of one. */
final class InspectVerb implements Verb {
  @Override
  public void describe(Usage usage) {
    usage
        .summary("all that is known of services")
        .services(true)
        .example("pinfold inspect api", "specification, state, paths, dependents")
        .example("pinfold inspect api --json | jq '.[0].paths'", "for programs");
  }

  @Override
  public int run(Invocation call) {
    try (Client client = Client.need(call.places().controlSocket())) {
      Reply.Inspected reply = client.call(new Call.Inspect(call.target()), Reply.Inspected.class);
      List<Json.Obj> list = reply.services().stream().<Json.Obj>map(Records::write).toList();
      if (call.json()) {
        call.print(Json.array(list));
      } else {
        for (Inspection service : reply.services()) {
          call.console().out().print(text(service, call));
        }
      }
      return Exit.OK.code();
    }
  }

  private static String text(Inspection service, Invocation call) {
    StringBuilder out = new StringBuilder();
    Style style = call.style();
    out.append(style.strong(Text.line(service.status().project() + "/" + service.status().name())))
        .append('\n');
    out.append(
        StatusTable.render(List.of(service.status()), style, call.console().clock()).indent(2));
    service
        .manifest()
        .ifPresent(path -> out.append("  manifest      ").append(Text.line(path)).append('\n'));
    out.append("  revision      ").append(Text.line(service.revision())).append('\n');
    out.append("  waits for     ").append(list(service.dependencies())).append('\n');
    out.append("  needed by     ").append(list(service.dependents())).append('\n');
    service
        .paths()
        .forEach(
            (name, path) -> out.append("  %-13s %s%n".formatted(Text.line(name), Text.line(path))));
    out.append("  specification\n");
    JsonText.pretty(service.specification())
        .lines()
        .forEach(line -> out.append("    ").append(Text.harmless(line)).append('\n'));
    return out.toString();
  }

  private static String list(List<String> names) {
    return names.isEmpty() ? "nothing" : Text.line(String.join(", ", names));
  }
}
