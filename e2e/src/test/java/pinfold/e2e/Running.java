package pinfold.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A command of the product under way; its output goes to files, so that nothing has to be read in
 * time.
 */
record Running(List<String> command, Process process, Path out, Path err) {

  /** Waits for its end; one that does not end is killed and fails the test. */
  Outcome await() {
    try {
      boolean ended = process.waitFor(Until.LONG.toSeconds() * 2, TimeUnit.SECONDS);
      if (!ended) {
        process.destroyForcibly().waitFor();
      }
      Outcome outcome = new Outcome(command, process.exitValue(), printed(), text(err));
      if (!ended) {
        throw new AssertionError("did not end: " + outcome);
      }
      return outcome;
    } catch (InterruptedException e) {
      throw new AssertionError("cannot wait for " + command, e);
    }
  }

  String printed() {
    return text(out);
  }

  /** What it printed may be no text at all. */
  private static String text(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError("cannot read " + file, e);
    }
  }

  /** Types into the terminal that it has. */
  void type(String keys) {
    try {
      process.getOutputStream().write(keys.getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new AssertionError("cannot type into " + command + ": " + printed(), e);
    }
  }

  /** Waits until it has printed that. */
  void awaitPrinted(String text) {
    Until.holds("\"" + text + "\" is printed", this::printed, () -> printed().contains(text));
  }

  /** The same of its talk, on standard error. */
  void awaitSaid(String text) {
    Until.holds("\"" + text + "\" is said", () -> text(err), () -> text(err).contains(text));
  }

  void signal(String signal) {
    HostProcess.signal(process.pid(), signal);
  }
}
