package pinfold.logs;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What logs there are below a log directory: `project/service/slot.stream` and the segments of
 * each.
 */
public final class LogTree {
  private static final Pattern FILE =
      Pattern.compile("(.+)\\.(stdout|stderr)(?:\\.[0-9a-f]{16}(?:\\.zst)?)?");

  private LogTree() {}

  /**
   * All streams of which a file exists, Pinfold's own included, ordered.
   *
   * @param logs the log directory; need not exist
   */
  public static List<LogSource> all(Path logs) throws IOException {
    List<LogSource> found = new ArrayList<>();
    for (Path project : folders(logs)) {
      if (project.endsWith(LogSource.SUPERVISOR)) {
        found.addAll(in(logs, project, LogSource.SUPERVISOR));
      } else {
        for (Path service : folders(project)) {
          found.addAll(in(logs, service, project.getFileName() + "/" + service.getFileName()));
        }
      }
    }
    found.sort(null);
    return found;
  }

  /** The streams of one service of which a file exists, ordered. */
  public static List<LogSource> of(Path logs, String project, String service) throws IOException {
    return in(logs, logs.resolve(project).resolve(service), project + "/" + service);
  }

  private static List<LogSource> in(Path logs, Path folder, String prefix) throws IOException {
    TreeSet<LogSource> found = new TreeSet<>();
    for (Path file : entries(folder)) {
      Matcher name = FILE.matcher(file.getFileName().toString());
      if (name.matches()) {
        LogStream stream = LogStream.of(name.group(2)).orElseThrow();
        found.add(LogSource.of(logs, prefix + "/" + name.group(1), stream));
      }
    }
    return List.copyOf(found);
  }

  private static List<Path> folders(Path folder) throws IOException {
    return entries(folder).stream()
        .filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
        .toList();
  }

  private static List<Path> entries(Path folder) throws IOException {
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      List<Path> list = new ArrayList<>();
      stream.forEach(list::add);
      return list;
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of(); // nothing was ever written there
    }
  }
}
