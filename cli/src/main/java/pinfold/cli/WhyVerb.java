package pinfold.cli;

import java.time.Duration;
import java.util.Optional;
import pinfold.contract.Call;
import pinfold.contract.Cause;
import pinfold.contract.Exit;
import pinfold.contract.Records;
import pinfold.contract.Reply;

/** {@code pinfold why}. */
final class WhyVerb implements Verb {
  @Override
  public void describe(Usage usage) {
    usage
        .summary("why a service is as it is, and which key changes that")
        .words("SERVICE", "1", "api, api.2 (one instance) or shop/api")
        .example("pinfold why api", "the chain of causes in words")
        .example("pinfold why shop/api --json", "for programs");
  }

  @Override
  public int run(Invocation call) {
    Optional<Client> connected = Client.connect(call.places().controlSocket());
    Reply.Explained reply;
    if (connected.isPresent()) {
      try (Client client = connected.get()) {
        reply = client.call(new Call.Why(call.target()), Reply.Explained.class);
      }
    } else {
      reply = OfflineHistory.why(call);
      call.say("no supervisor runs; this is what was written down before");
    }
    if (call.json()) {
      call.print(Records.write(reply));
    } else {
      call.console().out().print(text(reply, call));
    }
    return Exit.OK.code();
  }

  private static String text(Reply.Explained reply, Invocation call) {
    Style style = call.style();
    StringBuilder out = new StringBuilder();
    out.append(style.strong(Text.line(reply.project() + "/" + reply.name())));
    out.append(": ").append(Text.line(reply.summary())).append('\n');
    for (Cause cause : reply.causes()) {
      String age =
          cause
              .time()
              .map(time ->
                  Text.age(Duration.between(time, call.console().clock().instant())) + " ago")
              .orElse("");
      out.append("  ")
          .append(style.faint("%10s".formatted(age)))
          .append("  ")
          .append(Text.line(cause.happened()));
      out.append('\n');
      cause
          .because()
          .ifPresent(text ->
              out.append(" ".repeat(14)).append("because ").append(Text.line(text)).append('\n'));
      cause
          .key()
          .ifPresent(key ->
              out.append(" ".repeat(14)).append("changed by ").append(Text.line(key)).append('\n'));
    }
    return out.toString();
  }
}
