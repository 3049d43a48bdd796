package pinfold.e2e;

import java.io.IOException;
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
      Outcome outcome =
          new Outcome(command, process.exitValue(), Files.readString(out), Files.readString(err));
      if (!ended) {
        throw new AssertionError("did not end: " + outcome);
      }
      return outcome;
    } catch (IOException | InterruptedException e) {
      throw new AssertionError("cannot wait for " + command, e);
    }
  }

  String printed() {
    try {
      return Files.readString(out);
    } catch (IOException e) {
      throw new AssertionError("cannot read " + out, e);
    }
  }

  void signal(String signal) {
    HostProcess.signal(process.pid(), signal);
  }
}
