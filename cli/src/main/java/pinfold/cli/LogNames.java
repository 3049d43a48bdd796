package pinfold.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.logs.LogSource;
import pinfold.logs.LogStream;
import pinfold.logs.LogTree;

/**
 * Which log files the words of a command line mean. Names are matched as a supervisor would, but
 * from files alone.
 */
final class LogNames {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*");

  private final Invocation call;
  private final List<LogSource> all;

  /** Those that the call stands in; empty for all. */
  private final List<String> projects;

  private LogNames(Invocation call, List<LogSource> all, List<String> projects) {
    this.call = call;
    this.all = all;
    this.projects = projects;
  }

  /**
   * The streams that are meant.
   *
   * @throws pinfold.contract.PinfoldException {@link Code#NO_LOG}, {@link Code#AMBIGUOUS_NAME}
   */
  static List<LogSource> sources(Invocation call) throws IOException {
    Path logs = call.places().logs();
    Optional<LogStream> stream = LogsVerb.stream(call);
    if (call.flag("--supervisor")) {
      return only(
          List.of(supervisor(logs, LogStream.STDOUT), supervisor(logs, LogStream.STDERR)), stream);
    }
    List<LogSource> all =
        LogTree.all(logs).stream().filter(source -> !source.project().isEmpty()).toList();
    TreeSet<LogSource> found = new TreeSet<>(new LogNames(call, all, projects(call)).named());
    if (call.flag("--merge")) {
      found.add(supervisor(logs, LogStream.STDOUT));
      found.add(supervisor(logs, LogStream.STDERR));
    }
    return only(List.copyOf(found), stream);
  }

  private static List<String> projects(Invocation call) {
    if (call.flag("--all")) {
      return List.of();
    }
    Optional<String> named = call.value("--project");
    return named.isPresent()
        ? List.of(named.get())
        : call.manifest().map(path -> ManifestFile.projects(path, call)).orElse(List.of());
  }

  private List<LogSource> named() throws IOException {
    if (call.words().isEmpty()) {
      return all.stream()
          .filter(source -> projects.isEmpty() || projects.contains(source.project()))
          .toList();
    }
    List<LogSource> found = new ArrayList<>();
    for (String word : call.words()) {
      found.addAll(named(word));
    }
    return found;
  }

  private List<LogSource> named(String word) throws IOException {
    List<LogSource> matching = all.stream().filter(source -> fits(source, word)).toList();
    List<LogSource> own =
        matching.stream().filter(source -> projects.contains(source.project())).toList();
    List<String> owners = owners(own.isEmpty() ? matching : own);
    if (owners.size() == 1 && !own.isEmpty()) {
      return own;
    }
    if (owners.size() > 1) {
      Failure failure =
          Failure.of(Code.AMBIGUOUS_NAME, "\"" + word + "\" has logs in several projects");
      for (String candidate : owners) {
        failure = failure.tryNext("pinfold logs " + candidate + "/" + word);
      }
      throw failure.exception();
    }
    if (matching.isEmpty()) {
      return expected(word);
    }
    return matching;
  }

  private static List<String> owners(List<LogSource> sources) {
    return sources.stream().map(LogSource::project).distinct().toList();
  }

  /**
   * A service that has printed nothing yet: it has a folder since it was first started, and can be
   * followed even before that.
   */
  private List<LogSource> expected(String word) throws IOException {
    int slash = word.indexOf('/');
    String service = word.substring(slash + 1);
    Path logs = call.places().logs();
    List<String> owners =
        slash > 0
            ? List.of(word.substring(0, slash))
            : projects.isEmpty() ? owners(logs) : projects;
    if (NAME.matcher(service).matches()) {
      List<String> started =
          owners.stream()
              .filter(owner -> NAME.matcher(owner).matches())
              .filter(owner ->
                  call.flag("--follow") || Files.isDirectory(logs.resolve(owner).resolve(service)))
              .toList();
      if (started.size() == 1) {
        if (!call.flag("--follow")) {
          call.say("\"" + word + "\" has printed nothing yet");
        }
        String prefix = started.getFirst() + "/" + service + "/1";
        return List.of(
            LogSource.of(logs, prefix, LogStream.STDOUT),
            LogSource.of(logs, prefix, LogStream.STDERR));
      }
    }
    throw Failure.of(Code.NO_LOG, "\"" + word + "\" has no log")
        .tryNext("pinfold logs --path    (what there is)")
        .tryNext("pinfold status")
        .exception();
  }

  private static List<String> owners(Path logs) throws IOException {
    if (!Files.isDirectory(logs)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(logs)) {
      return folders.map(folder -> folder.getFileName().toString()).sorted().toList();
    }
  }

  private static boolean fits(LogSource source, String word) {
    String service = source.service();
    String instance = service + "." + source.slot();
    return word.equals(service)
        || word.equals(instance)
        || word.equals(source.project() + "/" + service)
        || word.equals(source.project() + "/" + instance);
  }

  private static LogSource supervisor(Path logs, LogStream stream) {
    return LogSource.supervisor(logs, stream);
  }

  private static List<LogSource> only(List<LogSource> sources, Optional<LogStream> stream) {
    return sources.stream()
        .filter(source -> stream.filter(s -> s != source.stream()).isEmpty())
        .toList();
  }
}
