package pinfold.cli;

import java.util.List;

/** The program {@code pinfold}. */
public final class Main {
  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(new Cli(Console.system()).run(List.of(arguments)));
  }
}
