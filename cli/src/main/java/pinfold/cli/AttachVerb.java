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
        .example("pinfold attach console", "type into a service with stdin: open")
        .example("pinfold attach api --no-stdin", "only its output");
  }

  @Override
  public int run(Invocation call) throws IOException {
    boolean interactive = !call.flag("--no-stdin");
    boolean typed = interactive && call.console().inTerminal() && call.console().out().terminal();
    try (Client client = Supervision.toAct(call)) {
      if (!typed) {
        return attached(call, client, interactive);
      }
      try (RawTerminal terminal = RawTerminal.open()) {
        terminal.detachable();
        return attached(call, client, true);
      }
    }
  }

  private static int attached(Invocation call, Client client, boolean interactive)
      throws IOException {
    return new Attachment(call.console(), interactive, true)
        .run(client, false, size -> new Call.Attach(call.target(), interactive, size));
  }
}
