package pinfold.linux;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * One process as /proc/pid/stat shows it (proc_pid_stat(5)).
 *
 * @param command up to 15 bytes that the process chose itself: may hold anything
 * @param state 'R', 'S', 'D', 'Z', 'T', …
 * @param user CPU time in user mode, its waited-for children not included
 * @param rssPages resident pages
 */
public record ProcessStat(
    int pid,
    String command,
    char state,
    int parent,
    int group,
    int session,
    int terminal,
    Duration user,
    Duration system,
    int nice,
    int threads,
    long startTicks,
    long rssPages) {

  /** Whether it has ended and waits to be reaped. */
  public boolean zombie() {
    return state == 'Z' || state == 'X';
  }

  /**
   * Reads a line; empty when it is not one. The name is in parentheses and may hold parentheses,
   * spaces and newlines, so it ends at the last closing one.
   */
  static Optional<ProcessStat> parse(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int open = text.indexOf(" (");
    int close = text.lastIndexOf(')');
    if (open < 1 || close < open + 2 || close + 2 >= text.length()) {
      return Optional.empty();
    }
    String command = new String(bytes, open + 2, close - open - 2, StandardCharsets.UTF_8);
    // Fields 3 and on; index 0 is field 3.
    String[] fields = text.substring(close + 2).strip().split(" ", -1);
    if (fields.length < 22 || fields[0].length() != 1) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new ProcessStat(
              Integer.parseInt(text, 0, open, 10),
              command,
              fields[0].charAt(0),
              Integer.parseInt(fields[1]),
              Integer.parseInt(fields[2]),
              Integer.parseInt(fields[3]),
              Integer.parseInt(fields[4]),
              Processes.ticks(Long.parseLong(fields[11])),
              Processes.ticks(Long.parseLong(fields[12])),
              Integer.parseInt(fields[16]),
              Integer.parseInt(fields[17]),
              Long.parseLong(fields[19]),
              Long.parseLong(fields[21])));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
