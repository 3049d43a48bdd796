package pinfold.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import pinfold.logs.LogEntry;
import pinfold.logs.LogQuery;
import pinfold.logs.LogReader;
import pinfold.logs.LogSource;
import pinfold.logs.LogStream;

/** The end of a log, as evidence. */
final class LastLines {
  private static final int COUNT = 8;

  private LastLines() {}

  /**
   * What Pinfold's own log says last; nothing where it cannot be read, since it is read because
   * something else failed.
   */
  static List<String> ofSupervisor(Path logs) {
    List<String> lines = new ArrayList<>();
    try {
      LogReader.read(
          LogQuery.all(
                  List.of(
                      LogSource.supervisor(logs, LogStream.STDOUT),
                      LogSource.supervisor(logs, LogStream.STDERR)))
              .tail(COUNT),
          entry -> {
            if (entry instanceof LogEntry.Line line) {
              lines.add(line.text());
            }
            return true;
          });
    } catch (IOException e) {
      lines.add("(its log cannot be read: " + e.getMessage() + ")");
    }
    return lines;
  }
}
