package pinfold.cli;

import java.io.IOException;
import pinfold.contract.Call;

/** {@code pinfold attach}. */
final class AttachVerb extends CommandVerb {
  @Override
  public void describe(Usage usage) {
    usage
        .summary("join the input and output of a running service (leave: Ctrl-P Ctrl-Q)")
        .words("SERVICE", "1", "api, api.2 (one instance) or shop/api")
        .flag("only look: pass no input on", "--no-stdin")
        .example("pinfold attach console", "type into a service with stdin: open or tty: true")
        .example("pinfold attach api --no-stdin", "only its output");
  }

  @Override
  public int run(Invocation call) throws IOException {
    boolean interactive = !call.flag("--no-stdin");
    boolean typed = interactive && call.console().inTerminal() && call.console().out().terminal();
    try (Client client = Supervision.toAct(call)) {
      Attachment attachment = new Attachment(call.console(), interactive, true);
      if (!typed) {
        return attachment.run(
            client, false, size -> new Call.Attach(call.target(), interactive, size));
      }
      return attachment.join(client, size -> new Call.Attach(call.target(), true, size));
    }
  }
}
