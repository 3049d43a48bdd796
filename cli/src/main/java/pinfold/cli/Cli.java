package pinfold.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import pinfold.contract.Code;
import pinfold.contract.Exit;
import pinfold.contract.Failure;
import pinfold.contract.Json;
import pinfold.contract.JsonText;
import pinfold.contract.PinfoldException;

/** The command line from words to exit code. */
final class Cli {
  /** As a shell reports a program that wrote into a pipe which nobody reads. */
  static final int BROKEN_PIPE = 141;

  private final Console console;

  Cli(Console console) {
    this.console = console;
  }

  /** Runs one command; everything that goes wrong has been said when it returns. */
  int run(List<String> arguments) {
    try {
      return told(arguments);
    } catch (Output.Closed _) {
      return BROKEN_PIPE;
    } catch (Output.Unwritten e) {
      return unwritten(e);
    }
  }

  private int told(List<String> arguments) {
    int code;
    try {
      code = verb(arguments);
    } catch (PinfoldException e) {
      code = failed(e.failure(), arguments, e.failure().exit().code());
    }
    console.out().flush();
    console.err().flush();
    return code;
  }

  /** A result that did not arrive is no success, whatever was done. */
  private int unwritten(Output.Unwritten why) {
    Failure failure =
        Failure.of(Code.OUTPUT_FAILED, "the output cannot be written: " + why.getMessage());
    try {
      console.err().print(FailureText.render(failure, Style.PLAIN));
      console.err().flush();
    } catch (Output.Closed | Output.Unwritten _) {
      return failure.exit().code(); // nobody can be told, the exit code has to do
    }
    return failure.exit().code();
  }

  private int verb(List<String> arguments) {
    Words words = Words.of(arguments);
    if (words.verb().isEmpty() || words.verb().get().equals("help")) {
      return help(words);
    }
    String name = words.verb().get();
    Verb verb = Verbs.find(name).orElseThrow(() -> unknown(name));
    Usage usage = Usage.of(name, verb);
    Optional<Invocation> call = usage.parse(words, console);
    if (call.isEmpty()) {
      console.out().print(usage.help());
      return Exit.OK.code();
    }
    call.get().timeout(); // nonsense is refused also by a verb that waits for nothing
    try {
      return verb.run(call.get());
    } catch (PinfoldException e) {
      return failed(e.failure(), arguments, verb.exit(e.failure()));
    } catch (IOException | UncheckedIOException e) {
      Failure failure = Failure.of(Code.SYSCALL_FAILED, reason(e));
      return failed(failure, arguments, verb.exit(failure));
    }
  }

  private int help(Words words) {
    boolean asked = words.verb().isPresent() || words.options().contains("--help");
    if (asked && !words.arguments().isEmpty()) {
      String name = words.arguments().getFirst();
      Verb verb = Verbs.find(name).orElseThrow(() -> unknown(name));
      console.out().print(Usage.of(name, verb).help());
      return Exit.OK.code();
    }
    Output to = asked ? console.out() : console.err();
    to.print(Help.overview());
    return asked ? Exit.OK.code() : Exit.USAGE.code();
  }

  private int failed(Failure failure, List<String> arguments, int code) {
    if (json(arguments)) {
      console.out().line(JsonText.write(Json.object("error", failure.json())));
    } else {
      boolean coloured =
          console.err().terminal()
              && !arguments.contains("--no-color")
              && console.variable("NO_COLOR").isEmpty();
      console.out().flush();
      console.err().print(FailureText.render(failure, coloured ? Style.COLOURED : Style.PLAIN));
    }
    return code;
  }

  /** Whether JSON was asked for, even when the words as a whole make no sense. */
  private static boolean json(List<String> arguments) {
    int end = arguments.indexOf("--");
    return (end < 0 ? arguments : arguments.subList(0, end)).contains("--json");
  }

  private static PinfoldException unknown(String name) {
    Failure failure = Failure.of(Code.USAGE, "no verb \"" + Text.line(name) + "\"");
    for (String near : Verbs.near(name)) {
      failure = failure.tryNext("pinfold " + near);
    }
    return failure.tryNext("pinfold --help").exception();
  }

  private static String reason(Exception e) {
    Exception root =
        e instanceof UncheckedIOException && e.getCause() instanceof IOException cause ? cause : e;
    return switch (root) {
      case java.nio.file.NoSuchFileException missing -> "no such file: " + missing.getFile();
      case java.nio.file.AccessDeniedException denied -> "permission denied: " + denied.getFile();
      default -> String.valueOf(root.getMessage());
    };
  }
}
