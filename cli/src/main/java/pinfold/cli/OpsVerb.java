package pinfold.cli;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import pinfold.contract.Call;
import pinfold.contract.Exit;
import pinfold.contract.OperationView;
import pinfold.contract.Records;
import pinfold.contract.Reply;

/** {@code pinfold ops ls|show|cancel}. */
final class OpsVerb implements Verb {
  @Override
  public void describe(Usage usage) {
    usage
        .summary("operations: ls, show ID, cancel ID")
        .words("ls|show|cancel", "0..2", "ls (default), show ID or cancel ID")
        .example("pinfold ops", "what goes on and what was done")
        .example("pinfold ops show ID", "follow one to its end; ends with its exit code");
  }

  @Override
  public int run(Invocation call) {
    List<String> words = call.words();
    String action = words.isEmpty() ? "ls" : words.getFirst();
    Optional<String> id = words.size() == 2 ? Optional.of(words.get(1)) : Optional.empty();
    try (Client client = connect(call, action, id)) {
      if (action.equals("ls")) {
        list(call, client.call(new Call.Operations(true), Reply.Ops.class));
        return Exit.OK.code();
      }
      if (action.equals("cancel")) {
        client.call(new Call.Cancel(id.orElseThrow()), Reply.Done.class);
        call.say("operation " + id.orElseThrow() + " is cancelled");
        return Exit.OK.code();
      }
      return new Operation(call).run(client, new Call.Operation(id.orElseThrow()));
    }
  }

  private static Client connect(Invocation call, String action, Optional<String> id) {
    if (!List.of("ls", "show", "cancel").contains(action)) {
      throw Words.usage("ops takes ls, show or cancel, not \"" + action + "\"");
    }
    if (action.equals("ls") == id.isPresent()) {
      throw Words.usage(id.isPresent() ? "ops ls takes no id" : "ops " + action + " needs an id");
    }
    return Client.need(call.places().controlSocket());
  }

  private static void list(Invocation call, Reply.Ops reply) {
    if (call.json()) {
      call.print(Records.write(reply));
      return;
    }
    Table table =
        new Table(
            List.of("ID", "KIND", "STATE", "STARTED", "TOOK", "SERVICES", "STAGE"), List.of(3, 4));
    for (OperationView operation : reply.operations()) {
      table.row(
          operation.operation(),
          operation.kind(),
          operation.state().name().toLowerCase(Locale.ROOT),
          Text.age(Duration.between(operation.started(), call.console().clock().instant()))
              + " ago",
          operation
              .ended()
              .map(end -> Text.age(Duration.between(operation.started(), end)))
              .orElse(""),
          Text.fitted(String.join(" ", operation.targets()), 40),
          operation.stage());
    }
    if (table.isEmpty()) {
      call.say("no operations");
    } else {
      call.console().out().print(table.render(call.style()));
    }
  }
}
