package pinfold.logs;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * One stream of one slot of a service: the file being written and its closed segments beside it.
 *
 * @param project project, empty for Pinfold's own logs
 * @param service service, `_supervisor` for Pinfold's own
 * @param slot instance name, "1" for the first; `supervisor` for Pinfold's own
 * @param stream which stream
 * @param file the file that the keeper appends to, e.g. `…/logs/shop/api/1.stdout`; need not exist
 */
public record LogSource(String project, String service, String slot, LogStream stream, Path file)
    implements Comparable<LogSource> {
  /** The folder of Pinfold's own logs below the log directory. */
  public static final String SUPERVISOR = "_supervisor";

  public LogSource {
    requireNonNull(stream, "stream is null");
    if (file.getFileName() == null || file.getParent() == null) {
      throw new IllegalArgumentException("not a log file: " + file);
    }
    if (service.isEmpty() || slot.isEmpty()) {
      throw new IllegalArgumentException("no service or slot for " + file);
    }
  }

  /**
   * The stream of a birth.
   *
   * @param logs the log directory
   * @param prefix the log prefix of its spawn, `project/service/slot` or `_supervisor/supervisor`
   */
  public static LogSource of(Path logs, String prefix, LogStream stream) {
    String[] parts = prefix.split("/", -1);
    if (parts.length < 2 || parts.length > 3) {
      throw new IllegalArgumentException("not a log prefix: " + prefix);
    }
    for (String part : parts) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        throw new IllegalArgumentException("not a log prefix: " + prefix);
      }
    }
    String project = parts.length == 3 ? parts[0] : "";
    Path file = logs.resolve(prefix + "." + stream.word());
    return new LogSource(project, parts[parts.length - 2], parts[parts.length - 1], stream, file);
  }

  /** Pinfold's own log. */
  public static LogSource supervisor(Path logs, LogStream stream) {
    return of(logs, SUPERVISOR + "/supervisor", stream);
  }

  /** By project, service, slot (numbers by value) and stream. */
  @Override
  public int compareTo(LogSource other) {
    int order = project.compareTo(other.project);
    if (order == 0) {
      order = service.compareTo(other.service);
    }
    if (order == 0) {
      order = Integer.compare(slot.length(), other.slot.length());
    }
    if (order == 0) {
      order = slot.compareTo(other.slot);
    }
    return order == 0 ? stream.compareTo(other.stream) : order;
  }
}
