package pinfold.supervisor;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import pinfold.contract.Failure;
import pinfold.core.BirthId;
import pinfold.core.Event;
import pinfold.core.Launch;
import pinfold.core.ProbeKey;
import pinfold.core.Purpose;
import pinfold.linux.Chance;
import pinfold.logs.LogEntry;
import pinfold.logs.LogPattern;
import pinfold.logs.LogQuery;
import pinfold.logs.LogReader;
import pinfold.logs.LogSource;
import pinfold.logs.LogStream;
import pinfold.manifest.Command;
import pinfold.manifest.Probe;

/// Asks services whether they are well. Each probe is one virtual thread: ask, tell, wait. The next
/// question waits for the answer to the last, and each answer is bounded, so nothing ever piles up.
final class Probes {
  private final Births births;
  private final Helpers helpers;
  private final Path logs;
  private final Consumer<Event> core;
  private final Map<ProbeKey, Thread> running = new ConcurrentHashMap<>();

  /// @param logs the log directory
  Probes(Births births, Helpers helpers, Path logs, Consumer<Event> core) {
    this.births = births;
    this.helpers = helpers;
    this.logs = logs;
    this.core = core;
  }

  void start(ProbeKey key, Launch launch, Probe probe) {
    Thread thread = Thread.ofVirtual().name("probe").unstarted(() -> run(key, launch, probe));
    Thread old = running.put(key, thread);
    if (old != null) {
      old.interrupt();
    }
    thread.start();
  }

  void stop(ProbeKey key) {
    Thread thread = running.remove(key);
    if (thread != null) {
      thread.interrupt();
    }
  }

  private void run(ProbeKey key, Launch launch, Probe probe) {
    try {
      if (probe.check() instanceof Probe.Log(String regex)) {
        seen(key, launch, regex);
        return;
      }
      while (Thread.currentThread().equals(running.get(key))) {
        ProbeResult result = attempt(launch, probe);
        core.accept(new Event.Probed(key, result.ok(), result.detail()));
        TimeUnit.NANOSECONDS.sleep(probe.interval().toNanos());
      }
    } catch (InterruptedException _) {
      // Asked to stop: there is nobody left to tell.
      return;
    } finally {
      running.remove(key, Thread.currentThread());
    }
  }

  private ProbeResult attempt(Launch launch, Probe probe) throws InterruptedException {
    return switch (probe.check()) {
      case Probe.Http(var url) -> SocketProbe.http(url, probe.timeout());
      case Probe.Tcp(String host, int port) -> SocketProbe.tcp(host, port, probe.timeout());
      case Probe.Exec(Command command) -> exec(launch, command, probe.timeout());
      case Probe.Log _, Probe.Notify _ ->
          throw new AssertionError("nothing to ask: " + probe.check());
    };
  }

  /// One birth beside the service; what it prints goes to the service's stream `hook`.
  private ProbeResult exec(Launch service, Command command, Duration timeout)
      throws InterruptedException {
    BirthId id = new BirthId(Chance.uuid());
    Launch launch =
        new Launch(
            id,
            service.unit(),
            service.slot(),
            Purpose.PRE_START,
            service.run(),
            service.service(),
            null);
    CompletableFuture<Helpers.Outcome> outcome = helpers.expect(id);
    Optional<Failure> unasked =
        births.beside(launch, "probe " + String.join("\0", command.argv()), command);
    if (unasked.isPresent()) {
      helpers.abandon(id);
      return ProbeResult.failed(unasked.get().message());
    }
    try {
      return switch (outcome.get(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
        case Helpers.Outcome.Ended(var end) ->
            new ProbeResult(end.shellCode() == 0, end.toString());
        case Helpers.Outcome.Failed(Failure failure) -> ProbeResult.failed(failure.message());
      };
    } catch (TimeoutException _) {
      helpers.kill(id);
      return ProbeResult.failed("no answer within " + timeout.toMillis() + " ms");
    } catch (InterruptedException e) {
      helpers.kill(id);
      throw e;
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  /// Waits for a line of this run; told once.
  private void seen(ProbeKey key, Launch launch, String regex) throws InterruptedException {
    String prefix = LogPlace.prefix(launch.unit(), launch.slot(), Purpose.MAIN);
    List<LogSource> sources =
        Stream.of(LogStream.values()).map(stream -> LogSource.of(logs, prefix, stream)).toList();
    LogPattern pattern = LogPattern.of(regex);
    LogQuery query = LogQuery.all(sources).runs(new LogQuery.Runs.Only(launch.run()));
    try {
      LogReader.follow(
          query, entry -> !(entry instanceof LogEntry.Line line && pattern.find(line.bytes())));
      if (!Thread.currentThread().isInterrupted()) {
        core.accept(new Event.Probed(key, true, "a line matched"));
      }
    } catch (IOException e) {
      core.accept(new Event.Probed(key, false, "the log cannot be read: " + Reasons.of(e)));
    }
  }
}
