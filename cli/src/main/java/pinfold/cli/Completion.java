package pinfold.cli;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Completion scripts, made from the usages of all verbs. Names of services come from {@code pinfold
 * __names}.
 */
final class Completion {
  private Completion() {}

  static String bash() {
    StringBuilder options = new StringBuilder();
    Verbs.all()
        .forEach((verb, usage) ->
            options.append(
                "    %s) options=\"%s\" names=%s ;;%n"
                    .formatted(verb, options(usage), names(usage))));
    return """
    # bash completion for pinfold
    _pinfold() {
      local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} verb= word options= names=no
      local verbs="%s"
      for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case " $verbs " in *" $word "*) verb=$word; break ;; esac
      done
      COMPREPLY=()
      case $previous in
        -f|--file) if [ "$verb" = "" ] || [ "$previous" = --file ]; then compopt -o default; return; fi ;;
        -w|--workdir) compopt -o default; return ;;
      esac
      case $verb in
    %s    "") options="$verbs %s" ;;
      esac
      if [ "$names" = yes ] && [ "${current#-}" = "$current" ]; then
        options="$(pinfold __names 2>/dev/null)"
      fi
      COMPREPLY=($(compgen -W "$options" -- "$current"))
    }
    complete -F _pinfold pinfold
    """
        .formatted(String.join(" ", Verbs.NAMES), options, globals());
  }

  /** bash's script as zsh's own emulation of it runs. */
  static String zsh() {
    return "#compdef pinfold\nautoload -U +X bashcompinit && bashcompinit\n" + bash();
  }

  static String fish() {
    StringBuilder out = new StringBuilder();
    out.append("# fish completion for pinfold\ncomplete -c pinfold -f\n");
    String without = "\"not __fish_seen_subcommand_from " + String.join(" ", Verbs.NAMES) + "\"";
    Map<String, Usage> verbs = Verbs.all();
    verbs.forEach((verb, usage) ->
        out.append(
            "complete -c pinfold -n %s -a %s -d %s%n"
                .formatted(without, verb, quoted(usage.summary()))));
    verbs.forEach((verb, usage) -> {
      String within = "\"__fish_seen_subcommand_from " + verb + "\"";
      if (usage.takesServices()) {
        out.append(
            "complete -c pinfold -n %s -a '(pinfold __names 2>/dev/null)'%n".formatted(within));
      }
      for (OptionSpec option : usage.options()) {
        out.append("complete -c pinfold -n ").append(within);
        for (String name : option.names()) {
          out.append(
              name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
        }
        out.append(option.arity().max() > 0 ? " -r" : "")
            .append(option.longestName().equals("--file") ? " -F" : "");
        out.append(" -d ").append(quoted(option.description()[0])).append('\n');
      }
    });
    return out.toString();
  }

  private static String options(Usage usage) {
    return usage.options().stream()
        .flatMap(option -> Arrays.stream(option.names()))
        .collect(Collectors.joining(" "));
  }

  private static String globals() {
    return Arrays.stream(Globals.values()).map(Globals::longName).collect(Collectors.joining(" "));
  }

  private static String names(Usage usage) {
    return usage.takesServices() ? "yes" : "no";
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
