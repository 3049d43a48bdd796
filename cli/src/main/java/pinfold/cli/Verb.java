package pinfold.cli;

import java.io.IOException;
import pinfold.contract.Failure;

/** One command. A verb is made for one call. */
interface Verb {
  /** Says what it takes. */
  void describe(Usage usage);

  /**
   * Does it.
   *
   * @return the exit code
   */
  int run(Invocation call) throws IOException;

  /** How the command ends when {@link #run} fails. */
  default int exit(Failure failure) {
    return failure.exit().code();
  }
}
