package pinfold.cli;

import pinfold.contract.Code;
import pinfold.contract.Exit;
import pinfold.contract.Failure;

/**
 * A verb that ends with the exit code of the command that it runs; Pinfold's own failures have
 * codes of their own.
 */
abstract class CommandVerb implements Verb {
  @Override
  public int exit(Failure failure) {
    return switch (Code.of(failure.code()).orElse(Code.BUG)) {
      case COMMAND_NOT_FOUND -> Exit.NOT_FOUND.code();
      case COMMAND_NOT_EXECUTABLE -> Exit.NOT_EXECUTABLE.code();
      case USAGE -> Exit.USAGE.code();
      default -> Exit.RUNNER.code();
    };
  }
}
