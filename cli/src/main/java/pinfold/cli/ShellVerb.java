package pinfold.cli;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** {@code pinfold shell}. */
final class ShellVerb extends CommandVerb {
  /** The best shell that is there, asked of the shell that is always there. */
  private static final List<String> COMMAND =
      List.of("/bin/sh", "-c", "command -v bash >/dev/null 2>&1 && exec bash; exec sh");

  @Override
  public void describe(Usage usage) {
    usage
        .summary("a shell beside a service")
        .words("SERVICE", "1", "api, api.2 (one instance) or shop/api")
        .example("pinfold shell api", "look around as the service sees it")
        .example("echo 'ulimit -a' | pinfold shell api", "a script from standard input");
  }

  @Override
  public int run(Invocation call) throws IOException {
    boolean tty = call.console().inTerminal() && call.console().out().terminal();
    String term = call.console().variable("TERM").orElse("xterm");
    return ExecVerb.run(call, COMMAND, true, tty, tty ? Map.of("TERM", term) : Map.of());
  }
}
