package pinfold.logs;

import java.io.IOException;

/** Takes log entries one by one, on the thread that reads. */
@FunctionalInterface
public interface LogSink {
  /**
   * Takes one entry.
   *
   * @return false to read no further
   * @throws IOException when the entry cannot be passed on; ends the reading
   */
  boolean take(LogEntry entry) throws IOException;
}
