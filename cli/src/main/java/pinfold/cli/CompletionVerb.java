package pinfold.cli;

import java.util.List;
import pinfold.contract.Exit;

/** {@code pinfold completion bash|zsh|fish}. */
final class CompletionVerb implements Verb {
  @Override
  public void describe(Usage usage) {
    usage
        .summary("completion script for bash, zsh or fish")
        .words("SHELL", "1", "bash, zsh or fish")
        .example(". <(pinfold completion bash)", "for this shell")
        .example("pinfold completion fish | source", "in fish");
  }

  @Override
  public int run(Invocation call) {
    String shell = call.words().getFirst();
    String script =
        switch (shell) {
          case "bash" -> Completion.bash();
          case "zsh" -> Completion.zsh();
          case "fish" -> Completion.fish();
          default ->
              throw Words.usage(
                  "completion is for " + String.join(", ", List.of("bash", "zsh", "fish")));
        };
    call.console().out().print(script);
    return Exit.OK.code();
  }
}
