package pinfold.manifest;

import java.util.List;

/** What is executed. */
public sealed interface Command {
  /**
   * The argument vector as it is given to exec: a shell line becomes {@code /bin/sh -c LINE}. Never
   * empty.
   */
  List<String> argv();

  /** A line for {@code /bin/sh -c}; not blank, without NUL. */
  record Shell(String line) implements Command {
    /**
     * @throws IllegalArgumentException if the line is blank or holds a NUL
     */
    public Shell {
      if (line.isBlank() || line.indexOf('\0') >= 0) {
        throw new IllegalArgumentException("a shell line is neither blank nor holds a NUL");
      }
    }

    @Override
    public List<String> argv() {
      return List.of("/bin/sh", "-c", line);
    }
  }

  /**
   * A program and its arguments, executed as they are; the program is not empty, nothing holds a
   * NUL.
   */
  record Argv(List<String> argv) implements Command {
    /**
     * @throws IllegalArgumentException if there is no program or an argument holds a NUL
     */
    public Argv {
      argv = List.copyOf(argv);
      if (argv.isEmpty()
          || argv.getFirst().isEmpty()
          || argv.stream().anyMatch(a -> a.indexOf('\0') >= 0)) {
        throw new IllegalArgumentException("an argument vector has a program and no NUL: " + argv);
      }
    }
  }
}
