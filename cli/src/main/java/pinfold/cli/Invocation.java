package pinfold.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ParseResult;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.contract.Json;
import pinfold.contract.JsonText;
import pinfold.contract.Target;
import pinfold.state.Places;

/** One call of a verb: what was given, and where it happens. */
final class Invocation {
  private final String verb;
  private final ParseResult parsed;
  private final List<String> words;
  private final List<String> command;
  private final Console console;

  Invocation(
      String verb, ParseResult parsed, List<String> words, List<String> command, Console console) {
    this.verb = verb;
    this.parsed = parsed;
    this.words = words;
    this.command = command;
    this.console = console;
  }

  String verb() {
    return verb;
  }

  Console console() {
    return console;
  }

  boolean flag(String option) {
    return parsed.matchedOptionValue(option, false);
  }

  Optional<String> value(String option) {
    return Optional.ofNullable(parsed.<String>matchedOptionValue(option, null));
  }

  List<String> values(String option) {
    return List.of(parsed.matchedOptionValue(option, new String[0]));
  }

  /** A duration as manifests write them. */
  Optional<Duration> duration(String option) {
    return value(option).map(text -> TimeWords.duration(text).orElseThrow(() -> bad(option, text)));
  }

  /** What is neither an option nor after {@code --}. */
  List<String> words() {
    return words;
  }

  /** What follows {@code --}. */
  List<String> command() {
    return command;
  }

  boolean json() {
    return flag("--json");
  }

  boolean quiet() {
    return flag("--quiet");
  }

  boolean verbose() {
    return flag("--verbose");
  }

  boolean noWait() {
    return flag("--no-wait");
  }

  Optional<Duration> timeout() {
    return duration("--timeout");
  }

  /** How results look. */
  Style style() {
    return style(console.out());
  }

  Style style(Output output) {
    return output.terminal() && !flag("--no-color") && console.variable("NO_COLOR").isEmpty()
        ? Style.COLOURED
        : Style.PLAIN;
  }

  /** Says something to a person who did not ask for quiet. */
  void say(String line) {
    if (!quiet()) {
      console.err().line(line);
      console.err().flush();
    }
  }

  /** Prints a result as JSON: several lines for a person, one for a program. */
  void print(Json json) {
    console.out().line(console.out().terminal() ? JsonText.pretty(json) : JsonText.write(json));
  }

  /** Where the supervisor that is meant keeps everything. */
  Places places() {
    if (flag("--sys")) {
      throw Failure.of(Code.NOT_PERMITTED, "--sys is not available in this release").exception();
    }
    return Places.of(console.environment());
  }

  /** The manifest that {@code -f} names or that is found here or above; it need not be valid. */
  Optional<Path> manifest() {
    Optional<String> given = value("--file");
    if (given.isPresent()) {
      return Optional.of(console.directory().resolve(given.get()));
    }
    for (Path folder = console.directory(); folder != null; folder = folder.getParent()) {
      for (String name : List.of("pinfold.yaml", "pinfold.yml")) {
        if (Files.isRegularFile(folder.resolve(name))) {
          return Optional.of(folder.resolve(name));
        }
      }
    }
    return Optional.empty();
  }

  /** The services that the words name. */
  Target target() {
    return target(words);
  }

  Target target(List<String> names) {
    boolean all = parsed.commandSpec().findOption("--all") != null && flag("--all");
    boolean profiles = parsed.commandSpec().findOption("--profile") != null;
    return new Target(
        names,
        value("--project"),
        canonicalManifest(),
        profiles ? values("--profile") : List.of(),
        all);
  }

  /**
   * The services that the words name, or all of the project that is meant.
   *
   * @throws pinfold.contract.PinfoldException {@link Code#NO_TARGET} when nothing says which
   */
  Target projectTarget() {
    Target target = target();
    if (target.names().isEmpty()
        && target.project().isEmpty()
        && target.manifest().isEmpty()
        && target.profiles().isEmpty()
        && !target.all()) {
      throw Failure.of(
              Code.NO_TARGET, "which services? No name was given and no manifest is here or above")
          .tryNext("pinfold " + verb + " SERVICE")
          .tryNext("pinfold -f FILE " + verb)
          .exception();
    }
    return target;
  }

  private Optional<String> canonicalManifest() {
    return manifest()
        .map(path -> {
          try {
            return path.toRealPath().toString();
          } catch (IOException _) {
            return path.toAbsolutePath().normalize().toString(); // it was up once and is gone now
          }
        });
  }

  private static pinfold.contract.PinfoldException bad(String option, String text) {
    return Failure.of(
            Code.BAD_TIME,
            "option " + option + ": \"" + text + "\" is no duration such as 250ms, 5s, 1h30m")
        .exception();
  }
}
