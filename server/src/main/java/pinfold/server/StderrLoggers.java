package pinfold.server;

import java.io.PrintStream;

/// Makes every System.Logger of the supervisor write to stderr, which the keeper keeps as a log
/// like any other.
///
/// Level by the environment variable PINFOLD_LOG (`trace debug info warning error`), else info.
public final class StderrLoggers extends System.LoggerFinder {
  private static final System.Logger.Level LEAST = StderrLogger.level(System.getenv("PINFOLD_LOG"));

  @Override
  public System.Logger getLogger(String name, Module module) {
    PrintStream err = System.err;
    return new StderrLogger(name, LEAST, err);
  }
}
