package pinfold.manifest;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import pinfold.contract.Code;

/**
 * A file of variables, {@code .env} and {@code env_file} alike.
 *
 * <p>One {@code NAME=VALUE} per line; {@code export} before it, empty lines and lines that begin
 * with {@code #} mean nothing. The last of several lines with the same name holds. An unquoted
 * value goes to the end of the line or to a {@code #} after a blank, without the blanks at its
 * ends, and knows no escapes. A value in single quotes is taken as it is, one in double quotes
 * knows {@code \n \r \t \" \\ \$} (any other backslash stays); both may go over several lines.
 * Nothing is expanded, but a {@code ~} or {@code ~/} at the beginning of a value that is not in
 * single quotes is the home.
 *
 * @param variables in the order of the file
 * @param problems every line that could not be read; no value is ever part of a problem
 */
public record EnvFile(Map<String, String> variables, List<Problem> problems) {
  /** Longest file that is read, in characters. */
  public static final int LARGEST = 1 << 20;

  private static final Pattern START =
      Pattern.compile("[ \\t]*(?:export[ \\t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \\t]*=[ \\t]*");
  private static final Pattern IGNORED = Pattern.compile("[ \\t]*(#.*)?");

  /** Copies both. */
  public EnvFile {
    variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables));
    problems = List.copyOf(problems);
  }

  /**
   * Reads a file.
   *
   * @param file its absolute path, for the problems
   * @param home what {@code ~} stands for
   */
  public static EnvFile parse(Path file, String text, Optional<Path> home) {
    Parser parser =
        new Parser(file.toString(), text.startsWith("\uFEFF") ? text.substring(1) : text, home);
    parser.run();
    return new EnvFile(parser.variables, parser.problems.sorted());
  }

  private static final class Parser {
    private final String file;
    private final String text;
    private final Optional<Path> home;
    private final Map<String, String> variables = new LinkedHashMap<>();
    private final Problems problems = new Problems();
    private int at;
    private int line = 1;

    Parser(String file, String text, Optional<Path> home) {
      this.file = file;
      this.text = text.replace("\r\n", "\n");
      this.home = home;
    }

    void run() {
      if (text.length() > LARGEST) {
        refuse(
            Code.INPUT_TOO_LARGE,
            1,
            "the file has " + text.length() + " characters",
            "a file of variables has at most " + LARGEST);
        return;
      }
      while (at < text.length()) {
        String rest = text.substring(at, lineEnd());
        if (!IGNORED.matcher(rest).matches()) {
          variable(rest);
        }
        at = Math.min(text.length(), lineEnd() + 1);
        line++;
      }
    }

    private int lineEnd() {
      int end = text.indexOf('\n', at);
      return end < 0 ? text.length() : end;
    }

    private void variable(String rest) {
      Matcher start = START.matcher(rest);
      if (!start.lookingAt()) {
        refuse(
            Code.BAD_ENV_FILE,
            1,
            "this line is not NAME=VALUE",
            "a name has letters, digits, _ . and -, and does not begin with a digit");
        return;
      }
      at += start.end();
      String name = start.group(1);
      char first = at < text.length() ? text.charAt(at) : '\n';
      if (first == '\'' || first == '"') {
        quoted(name, first, start.end() + 1);
        return;
      }
      String value =
          text.substring(at, lineEnd()).replaceFirst("(^|[ \\t]+)#.*", "").stripTrailing();
      put(name, value, true);
    }

    private void quoted(String name, char quote, int column) {
      int begun = line;
      StringBuilder value = new StringBuilder();
      for (int i = at + 1; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c == quote) {
          at = i + 1;
          if (!IGNORED.matcher(text.substring(at, lineEnd())).matches()) {
            refuse(Code.BAD_ENV_FILE, 1, "text follows the closing quote", "only a comment may");
          } else {
            put(name, value.toString(), quote == '"');
          }
          return;
        }
        line += c == '\n' ? 1 : 0;
        boolean escape = c == '\\' && quote == '"' && i + 1 < text.length();
        if (escape && "nrt\"\\$".indexOf(text.charAt(i + 1)) >= 0) {
          i++;
          value.append(
              switch (text.charAt(i)) {
                case 'n' -> '\n';
                case 'r' -> '\r';
                case 't' -> '\t';
                default -> text.charAt(i);
              });
        } else {
          value.append(c);
        }
      }
      line = begun;
      refuse(
          Code.BAD_ENV_FILE,
          column,
          "the quote is never closed",
          "a value in quotes goes to the next quote of its kind");
      at = text.length();
    }

    private void put(String name, String value, boolean tilde) {
      if (value.indexOf('\0') >= 0) {
        refuse(
            Code.BAD_ENV_FILE,
            1,
            "the value of " + name + " holds a NUL",
            "no environment can hold one");
        return;
      }
      boolean begins = tilde && home.isPresent() && (value.equals("~") || value.startsWith("~/"));
      variables.put(name, begins ? home.get() + value.substring(1) : value);
    }

    private void refuse(Code code, int column, String what, String why) {
      problems.add(Problem.of(code, new Position(file, line, column, 1), what).why(why));
    }
  }
}
