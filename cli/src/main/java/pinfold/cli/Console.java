package pinfold.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/**
 * What a command sees of the world: streams, environment, working directory, clock.
 *
 * @param in standard input
 * @param inTerminal whether a person types there
 * @param out results
 * @param err talk
 * @param clock also the time zone that times are shown in
 */
record Console(
    InputStream in,
    boolean inTerminal,
    Output out,
    Output err,
    Map<String, String> environment,
    Path directory,
    Clock clock) {
  /** The process's own. */
  static Console system() {
    return new Console(
        new FileInputStream(FileDescriptor.in),
        terminal(0),
        new Output(new FileOutputStream(FileDescriptor.out), terminal(1)),
        new Output(new FileOutputStream(FileDescriptor.err), terminal(2)),
        System.getenv(),
        Path.of("").toAbsolutePath(),
        new LocalClock());
  }

  /** An environment variable that is set and not empty. */
  Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }

  /** Columns of the terminal as far as the environment says, for text that is to fit. */
  int width() {
    return variable("COLUMNS")
        .filter(text -> text.matches("[1-9]\\d{1,3}"))
        .map(Integer::parseInt)
        .orElse(80);
  }

  /**
   * A terminal is what its link in /proc says: the same answer as isatty(3) without a native call.
   */
  private static boolean terminal(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException _) {
      return false; // closed
    }
  }
}
