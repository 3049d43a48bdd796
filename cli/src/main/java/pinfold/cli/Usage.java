package pinfold.cli;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import pinfold.contract.Code;
import pinfold.contract.Failure;

/**
 * What a verb takes. Built by calls instead of annotations: nothing is looked up by reflection,
 * which would be a good part of what a short command costs.
 */
final class Usage {
  private record Example(String line, String text) {
    String shown() {
      return "  %-40s %s".formatted(line, text);
    }
  }

  private final String name;
  private final CommandSpec spec = CommandSpec.create();
  private final Set<String> names = new HashSet<>();
  private final List<Example> examples = new ArrayList<>();
  private String summary = "";
  private String command = "";
  private boolean commandRequired;
  private boolean positional;
  private boolean wordsRequired;

  private Usage(String name) {
    this.name = name;
  }

  /** The usage of a verb, global options included. */
  static Usage of(String name, Verb verb) {
    Usage usage = new Usage(name);
    verb.describe(usage);
    usage.finish();
    return usage;
  }

  /** One line for the list of verbs. */
  Usage summary(String text) {
    summary = text;
    return this;
  }

  /** An option without a value. */
  Usage flag(String text, String... optionNames) {
    return option(
        OptionSpec.builder(optionNames).type(boolean.class).arity("0"), text, optionNames);
  }

  /** An option with a value; given twice, the last one counts. */
  Usage value(String label, String text, String... optionNames) {
    return option(
        OptionSpec.builder(optionNames).type(String.class).arity("1").paramLabel(label),
        text,
        optionNames);
  }

  /** An option with a value that may be given several times. */
  Usage values(String label, String text, String... optionNames) {
    return option(
        OptionSpec.builder(optionNames).type(String[].class).arity("1").paramLabel(label),
        text,
        optionNames);
  }

  /**
   * The words that are no options.
   *
   * @param arity as picocli writes it: 0..*, 1..*, 1
   */
  Usage words(String label, String arity, String text) {
    positional = true;
    wordsRequired = !arity.startsWith("0");
    spec.addPositional(
        PositionalParamSpec.builder()
            .type(String[].class)
            .arity(arity)
            .paramLabel(label)
            .description(text)
            .build());
    return this;
  }

  /** Services by name; none is allowed unless required. */
  Usage services(boolean required) {
    return words("SERVICE", required ? "1..*" : "0..*", "api, api.2 (one instance) or shop/api");
  }

  /** A command after {@code --}. */
  Usage command(boolean required, String label) {
    command = label;
    commandRequired = required;
    return this;
  }

  Usage example(String line, String text) {
    examples.add(new Example(line, text));
    return this;
  }

  String summary() {
    return summary;
  }

  /** Whether its words are service names. */
  boolean takesServices() {
    return spec.positionalParameters().stream().anyMatch(p -> p.paramLabel().equals("SERVICE"));
  }

  /** Every option by its names. */
  List<OptionSpec> options() {
    return spec.options();
  }

  String help() {
    if (!examples.isEmpty()) {
      spec.usageMessage()
          .footerHeading("%nExamples:%n")
          .footer(examples.stream().map(Example::shown).toArray(String[]::new));
    }
    return line().getUsageMessage();
  }

  /** The parsed words, or empty when help is wanted. */
  Optional<Invocation> parse(Words words, Console console) {
    List<String> arguments = new ArrayList<>(words.options());
    arguments.addAll(words.arguments());
    if (arguments.contains("--help") || arguments.contains("-h")) {
      return Optional.empty();
    }
    if (words.command().isPresent() && command.isEmpty()) {
      throw usage("\"pinfold " + name + "\" takes no command after --");
    }
    if (words.command().filter(c -> !c.isEmpty()).isEmpty() && commandRequired) {
      throw usage("a command is missing: pinfold " + name + " … -- COMMAND");
    }
    try {
      ParseResult result = line().parseArgs(arguments.toArray(String[]::new));
      List<String> given =
          positional ? List.of(result.matchedPositionalValue(0, new String[0])) : List.of();
      if (wordsRequired && given.isEmpty()) {
        throw usage(
            "\"pinfold "
                + name
                + "\" needs a "
                + spec.positionalParameters().getFirst().paramLabel());
      }
      return Optional.of(
          new Invocation(name, result, given, words.command().orElse(List.of()), console));
    } catch (ParameterException e) {
      String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw usage(Character.toLowerCase(message.charAt(0)) + message.substring(1));
    }
  }

  private pinfold.contract.PinfoldException usage(String message) {
    return Failure.of(Code.USAGE, message).tryNext("pinfold " + name + " --help").exception();
  }

  private Usage option(OptionSpec.Builder builder, String text, String... optionNames) {
    names.addAll(List.of(optionNames));
    spec.addOption(builder.description(text).build());
    return this;
  }

  private void finish() {
    spec.name("pinfold " + name);
    for (Globals global : Globals.values()) {
      if (names.contains(global.longName())) {
        continue;
      }
      boolean bothFree = !global.shortName().isEmpty() && !names.contains(global.shortName());
      String[] free =
          bothFree
              ? new String[] {global.shortName(), global.longName()}
              : new String[] {global.longName()};
      if (global.takesValue()) {
        value(global.label(), global.text(), free);
      } else {
        flag(global.text(), free);
      }
    }
    spec.parser()
        .expandAtFiles(false)
        .overwrittenOptionsAllowed(true)
        .abbreviatedOptionsAllowed(false);
    spec.usageMessage().header(summary).width(100).sortOptions(false);
    if (!command.isEmpty()) {
      spec.usageMessage().synopsisSubcommandLabel("").customSynopsis(synopsis());
    }
  }

  private String synopsis() {
    String words =
        spec.positionalParameters().isEmpty()
            ? ""
            : " " + spec.positionalParameters().getFirst().paramLabel();
    return "pinfold "
        + name
        + " [OPTIONS]"
        + words
        + (commandRequired ? " -- " + command : " [-- " + command + "]");
  }

  private CommandLine line() {
    return new CommandLine(spec);
  }
}
