package pinfold.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.contract.PinfoldException;

/**
 * The words of the command line, cut at the verb. What stood before the verb is global and is
 * handed on in its long form, so that the verb may use the short one for something else.
 *
 * @param verb empty when there is none
 * @param options global options that stood before the verb, in long form
 * @param arguments what follows the verb, up to {@code --}
 * @param command what follows {@code --}; empty optional when there is none
 */
record Words(
    Optional<String> verb,
    List<String> options,
    List<String> arguments,
    Optional<List<String>> command) {
  static Words of(List<String> words) {
    List<String> options = new ArrayList<>();
    int i = 0;
    for (; i < words.size() && words.get(i).startsWith("-") && !words.get(i).equals("--"); i++) {
      String word = words.get(i);
      int equals = word.startsWith("--") ? word.indexOf('=') : -1;
      String name = equals < 0 ? word : word.substring(0, equals);
      if (name.equals("--version") || name.equals("-V")) {
        return new Words(
            Optional.of("version"), options, words.subList(i + 1, words.size()), Optional.empty());
      }
      boolean attached = !name.startsWith("--") && name.length() > 2;
      Globals option =
          Globals.named(attached ? name.substring(0, 2) : name).orElseThrow(() -> unknown(word));
      if (attached && !option.takesValue()) {
        for (char letter : name.substring(1).toCharArray()) {
          options.add(
              Globals.named("-" + letter)
                  .filter(o -> !o.takesValue())
                  .orElseThrow(() -> unknown(word))
                  .longName());
        }
      } else if (!option.takesValue()) {
        if (equals >= 0) {
          throw usage("option " + name + " takes no value");
        }
        options.add(option.longName());
      } else {
        String value;
        if (equals >= 0) {
          value = word.substring(equals + 1);
        } else if (attached) {
          value = word.substring(2);
        } else if (i + 1 < words.size()) {
          value = words.get(++i);
        } else {
          throw usage("option " + name + " needs a " + option.label());
        }
        options.add(option.longName() + "=" + value);
      }
    }
    if (i == words.size() || words.get(i).equals("--")) {
      return new Words(Optional.empty(), options, List.of(), Optional.empty());
    }
    List<String> rest = words.subList(i + 1, words.size());
    int end = rest.indexOf("--");
    return new Words(
        Optional.of(words.get(i)),
        options,
        end < 0 ? rest : rest.subList(0, end),
        end < 0 ? Optional.empty() : Optional.of(rest.subList(end + 1, rest.size())));
  }

  private static PinfoldException unknown(String word) {
    return usage("no option " + word + " before a verb");
  }

  static PinfoldException usage(String message) {
    return Failure.of(Code.USAGE, message).tryNext("pinfold --help").exception();
  }
}
