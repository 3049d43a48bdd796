package pinfold.cli;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Completion scripts, made from the usages of all verbs. Names of services and projects come from
 * {@code pinfold __names}.
 */
final class Completion {
  /** Options whose value is a file or folder. */
  private static final Set<String> FILES = Set.of("--file", "--workdir", "--env-file");

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
    _pinfold_files() {
      if [ -n "$BASH_VERSION" ]; then compopt -o default; else COMPREPLY=($(compgen -f -- "$current")); fi
    }
    _pinfold() {
      local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} verb= word options= names=no
      local verbs="%s"
      for word in "${COMP_WORDS[@]:1:$((COMP_CWORD-1))}"; do
        case " $verbs " in *" $word "*) verb=$word; break ;; esac
      done
      COMPREPLY=()
      case $previous in
        -f|--file) if [ "$verb" = "" ] || [ "$previous" = --file ]; then _pinfold_files; return; fi ;;
        -w|--workdir|--env-file) _pinfold_files; return ;;
        --project) COMPREPLY=($(compgen -W "$(pinfold __names --projects 2>/dev/null)" -- "$current")); return ;;
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
    for (Globals option : Globals.values()) {
      out.append("complete -c pinfold -n ").append(without).append(" -l ");
      out.append(option.longName().substring(2))
          .append(option.shortName().isEmpty() ? "" : " -s " + option.shortName().substring(1))
          .append(value(option.longName(), option.takesValue()))
          .append(" -d ")
          .append(quoted(option.text()))
          .append('\n');
    }
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
        out.append(value(option.longestName(), option.arity().max() > 0))
            .append(" -d ")
            .append(quoted(option.description()[0]))
            .append('\n');
      }
    });
    return out.toString();
  }

  /** What fish offers as the value of an option. */
  private static String value(String option, boolean takes) {
    if (option.equals("--project")) {
      return " -x -a '(pinfold __names --projects 2>/dev/null)'";
    }
    return !takes ? "" : FILES.contains(option) ? " -r -F" : " -x";
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
