package pinfold.cli;

import pinfold.contract.Exit;
import pinfold.contract.ExitStatus;
import pinfold.linux.Signal;

/** How another command ended, as an exit code. */
final class Ends {
  private Ends() {}

  /** Its own code, 128 and the number of the signal that ended it, or 125 where nobody knows. */
  static int code(ExitStatus exit) {
    return exit.code()
        .or(() -> exit.signal().flatMap(Signal::named).map(signal -> 128 + signal.number()))
        .orElse(Exit.RUNNER.code());
  }
}
