package pinfold.cli;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import pinfold.contract.Code;
import pinfold.contract.Exit;
import pinfold.contract.Failure;
import pinfold.contract.Json;
import pinfold.logs.Housekeeper;
import pinfold.logs.LogPattern;
import pinfold.logs.LogQuery;
import pinfold.logs.LogReader;
import pinfold.logs.LogSource;
import pinfold.logs.LogStream;
import pinfold.logs.Retention;

/** {@code pinfold logs}: straight from the files, also without a supervisor. */
final class LogsVerb implements Verb {
  private static final int TAIL_ON_TERMINAL = 100;

  @Override
  public void describe(Usage usage) {
    usage
        .summary("what services printed")
        .services(false)
        .flag("go on with what comes", "-f", "--follow")
        .value("N|all", "only the last lines (default: 100 on a terminal, all otherwise)", "--tail")
        .value("TIME", "only later lines: 10m, 2026-11-21T10:00, today", "--since")
        .value("TIME", "only earlier lines", "--until")
        .value("STREAM", "stdout or stderr", "--stream")
        .value("REGEX", "only lines in which this is found", "--grep")
        .flag("with the time of each line", "-t", "--timestamps")
        .flag("the exact bytes of one service (and with --stream of one stream)", "--raw")
        .flag("the run before this one", "--previous")
        .flag("Pinfold's own log", "--supervisor")
        .flag("Pinfold's own log in between", "--merge")
        .flag("the names of the files instead", "--path")
        .flag("remove closed segments, up to --until TIME (now: all of them)", "--prune")
        .flag("of every project", "--all")
        .example("pinfold logs -f api worker", "two services as they print")
        .example("pinfold logs api --since 10m --grep error", "a search in the last ten minutes");
  }

  @Override
  public int run(Invocation call) throws IOException {
    refuseWhatContradicts(call);
    List<LogSource> sources = LogNames.sources(call);
    if (call.flag("--path")) {
      sources.forEach(source -> call.console().out().line(source.file().toString()));
      return Exit.OK.code();
    }
    if (call.flag("--prune")) {
      return prune(call, sources, bound(call));
    }
    if (call.flag("--raw")
        && sources.stream().map(s -> s.project() + "/" + s.service()).distinct().count() > 1) {
      throw Words.usage("--raw gives the bytes of one service; name it");
    }
    LogQuery query = query(call, sources);
    LogPrinter printer = new LogPrinter(call, sources);
    if (call.flag("--follow")) {
      LogReader.follow(query, printer);
    } else {
      LogReader.read(query, printer);
    }
    query
        .grep()
        .filter(pattern -> pattern.givenUp() > 0)
        .ifPresent(pattern -> gaveUp(call, pattern));
    return Exit.OK.code();
  }

  private static void gaveUp(Invocation call, LogPattern pattern) {
    call.say(
        "the search of " + pattern.givenUp() + " lines was given up: the pattern costs too much");
  }

  private static LogQuery query(Invocation call, List<LogSource> sources) {
    OptionalLong since = time(call, "--since");
    OptionalLong until = time(call, "--until");
    return new LogQuery(
        sources,
        since,
        until,
        tail(call, since.isPresent() || until.isPresent()),
        call.value("--grep").map(LogPattern::of),
        call.flag("--previous") ? new LogQuery.Runs.Previous() : new LogQuery.Runs.All());
  }

  private static OptionalInt tail(Invocation call, boolean bounded) {
    Optional<String> tail = call.value("--tail");
    if (tail.isEmpty()) {
      boolean person = call.console().out().terminal() && !call.json() && !call.flag("--raw");
      return person && !bounded ? OptionalInt.of(TAIL_ON_TERMINAL) : OptionalInt.empty();
    }
    if (tail.get().equals("all")) {
      return OptionalInt.empty();
    }
    if (!tail.get().matches("\\d{1,9}")) {
      throw Words.usage("--tail takes a number of lines or \"all\", not \"" + tail.get() + "\"");
    }
    return OptionalInt.of(Integer.parseInt(tail.get()));
  }

  private static OptionalLong time(Invocation call, String option) {
    Optional<Instant> time =
        call.value(option)
            .map(text ->
                TimeWords.time(text, call.console().clock())
                    .orElseThrow(() -> EventsVerb.bad(text)));
    return time.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(
            TimeUnit.SECONDS.toNanos(time.get().getEpochSecond())
                + time.get().get(java.time.temporal.ChronoField.NANO_OF_SECOND));
  }

  /** Options that would be ignored beside others are not taken. */
  private static void refuseWhatContradicts(Invocation call) {
    Stream<String> flags =
        Stream.of("--follow", "--timestamps", "--raw", "--previous", "--merge").filter(call::flag);
    Stream<String> values =
        Stream.of("--tail", "--since", "--grep").filter(name -> call.value(name).isPresent());
    List<String> shown = Stream.concat(flags, values).toList();
    boolean files = call.flag("--path") || call.flag("--prune");
    if (files && !shown.isEmpty()) {
      String mode = call.flag("--path") ? "--path" : "--prune";
      throw Words.usage(mode + " prints no lines: leave out " + String.join(", ", shown));
    }
    if (call.flag("--path") && call.flag("--prune")) {
      throw Words.usage("either --path or --prune");
    }
    if (call.flag("--raw") && (call.json() || call.flag("--timestamps"))) {
      throw Words.usage("--raw gives bytes as they are: leave out --json, --timestamps");
    }
    if (call.flag("--supervisor") && !call.words().isEmpty()) {
      throw Words.usage("--supervisor is no service's log: leave out the names, or use --merge");
    }
  }

  /** What is removed cannot be had back, so how much that is has to be said. */
  private static Instant bound(Invocation call) {
    return call.value("--until")
        .map(text ->
            TimeWords.time(text, call.console().clock()).orElseThrow(() -> EventsVerb.bad(text)))
        .orElseThrow(() ->
            Failure.of(Code.USAGE, "--prune needs --until TIME: what is older is removed for good")
                .tryNext("pinfold logs --prune --until 7d")
                .tryNext("pinfold logs --prune --until now")
                .exception());
  }

  private static int prune(Invocation call, List<LogSource> sources, Instant bound)
      throws IOException {
    Instant now = call.console().clock().instant();
    Duration age = bound.isBefore(now) ? Duration.between(bound, now) : Duration.ZERO;
    Retention retention =
        new Retention(OptionalLong.empty(), OptionalInt.empty(), Optional.of(age), false);
    Housekeeper.Swept swept = new Housekeeper.Swept(0, 0, 0);
    List<Failure> failures = new ArrayList<>();
    for (LogSource source : sources) {
      try {
        swept = swept.plus(new Housekeeper().sweep(source, retention, now));
      } catch (IOException e) {
        failures.add(
            Failure.of(
                Code.LOG_WRITE_FAILED, "cannot prune " + source.file() + ": " + e.getMessage()));
      }
    }
    if (call.json()) {
      call.print(
          Json.object(
              "removed", Json.of(swept.removed()), "freed_bytes", Json.of(swept.freedBytes())));
    } else {
      call.say(
          "removed " + swept.removed() + " segments, " + Text.size(swept.freedBytes()) + " bytes");
    }
    failures.forEach(failure -> call.say(FailureText.render(failure, Style.PLAIN).stripTrailing()));
    return failures.isEmpty() ? Exit.OK.code() : Exit.FAILED.code();
  }

  /** The stream that was asked for. */
  static Optional<LogStream> stream(Invocation call) {
    return call.value("--stream")
        .map(word ->
            LogStream.of(word)
                .orElseThrow(
                    () -> Words.usage("--stream takes stdout or stderr, not \"" + word + "\"")));
  }
}
