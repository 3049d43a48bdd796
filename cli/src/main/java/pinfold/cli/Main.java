package pinfold.cli;

import java.util.List;

/** The program {@code pinfold}. */
public final class Main {
  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    int code = new Cli(Console.system()).run(List.of(arguments));
    // Not System.exit: it looks through every jar for a logger to tell, which takes longer than
    // what
    // a short command does. Everything that has to be flushed or put back has been.
    Runtime.getRuntime().halt(code);
  }
}
