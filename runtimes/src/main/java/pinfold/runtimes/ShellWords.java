package pinfold.runtimes;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Tells lines that /bin/sh would only split at blanks and execute. Such a line needs no shell: one
 * process less per service, and signals reach the program itself.
 *
 * <p>Strict on purpose: every character must be one that no shell gives a meaning, and the first
 * word must be neither an assignment nor a word that a shell takes for itself (POSIX.1-2017 XCU
 * 2.4, 2.14, and the built-in utilities of dash and bash).
 */
final class ShellWords {
  private static final Set<String> TAKEN =
      Set.of(
          ".",
          ":",
          "alias",
          "bg",
          "bind",
          "break",
          "builtin",
          "caller",
          "case",
          "cd",
          "chdir",
          "command",
          "compgen",
          "complete",
          "compopt",
          "continue",
          "coproc",
          "declare",
          "dirs",
          "disown",
          "do",
          "done",
          "echo",
          "elif",
          "else",
          "enable",
          "esac",
          "eval",
          "exec",
          "exit",
          "export",
          "false",
          "fc",
          "fg",
          "fi",
          "for",
          "function",
          "getopts",
          "hash",
          "help",
          "history",
          "if",
          "in",
          "jobs",
          "kill",
          "let",
          "local",
          "logout",
          "mapfile",
          "popd",
          "printf",
          "pushd",
          "pwd",
          "read",
          "readarray",
          "readonly",
          "return",
          "select",
          "set",
          "shift",
          "shopt",
          "source",
          "suspend",
          "test",
          "then",
          "time",
          "times",
          "trap",
          "true",
          "type",
          "typeset",
          "ulimit",
          "umask",
          "unalias",
          "unset",
          "until",
          "wait",
          "while");

  private ShellWords() {}

  /** The words of the line, or empty when it needs a shell. */
  static Optional<List<String>> of(String line) {
    for (int i = 0; i < line.length(); i++) {
      if (!plain(line.charAt(i))) {
        return Optional.empty();
      }
    }
    List<String> words = List.of(line.strip().split("[ \t]+", -1));
    String first = words.getFirst();
    if (first.isEmpty() || first.indexOf('=') >= 0 || TAKEN.contains(first)) {
      return Optional.empty();
    }
    return Optional.of(words);
  }

  private static boolean plain(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || " \t_@%+=:,./-".indexOf(c) >= 0;
  }
}
