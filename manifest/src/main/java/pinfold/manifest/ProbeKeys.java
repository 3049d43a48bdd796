package pinfold.manifest;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pinfold.contract.Code;

/** The keys of {@code ready} and {@code live}. */
final class ProbeKeys {
  private static final Key<URI> HTTP =
      Key.of("http", Shapes.URL, "GET answers 2xx; no proxy is used.").alias("url");
  private static final Key<Probe.Tcp> TCP =
      Key.of("tcp", Shapes.ADDRESS_AND_PORT, "A connection is accepted.");
  private static final Key<Command> EXEC =
      Key.of("exec", Shapes.COMMAND, "A command, run where and as the service runs, exits 0.")
          .alias("command");
  private static final Key<String> LOG =
      Key.of("log", Shapes.REGEX, "A line of this run's output holds a match.");
  private static final Key<Boolean> NOTIFY =
      Key.of(
          "notify",
          Shapes.BOOL,
          "The service says so itself, as in sd_notify(3): READY=1; for `live`, WATCHDOG=1 at least once per interval (told as WATCHDOG_USEC).");
  private static final Key<Duration> TIMEOUT =
      Key.of("timeout", Shapes.SPAN, "After this time an attempt has failed.")
          .or("2s")
          .alias("attempt_timeout");
  private static final Key<Duration> START_PERIOD =
      Key.of("start_period", Shapes.DURATION, "After the start, during which no failure counts.")
          .or("0s")
          .alias("grace_period");
  private static final Key<Integer> FAILURES =
      Key.of(
              "failures",
              Shapes.whole(1, 1_000_000),
              "So many failures in a row make the verdict; one success is enough for the opposite.")
          .or("3")
          .alias("retries");

  static final Shape<Probe> READY = probe("ready", "1s", true);
  static final Shape<Probe> LIVE = probe("live", "10s", false);

  private ProbeKeys() {}

  private static Shape<Probe> probe(String name, String every, boolean log) {
    Key<Duration> interval =
        Key.of("interval", Shapes.SPAN, "From the end of one attempt to the next.").or(every);
    List<Key<?>> keys = new ArrayList<>(List.of(HTTP, TCP, EXEC));
    if (log) {
      keys.add(LOG);
    }
    keys.addAll(List.of(NOTIFY, interval, TIMEOUT, START_PERIOD, FAILURES));
    return new Shape.Keys<>(
        name,
        keys,
        List.of(),
        f ->
            check(f)
                .map(check ->
                    new Probe(
                        check,
                        f.get(interval),
                        f.get(TIMEOUT),
                        f.get(START_PERIOD),
                        f.get(FAILURES))));
  }

  private static Optional<Probe.Check> check(Fields f) {
    List<Probe.Check> all = new ArrayList<>();
    f.own(HTTP).map(Probe.Http::new).ifPresent(all::add);
    f.own(TCP).ifPresent(all::add);
    f.own(EXEC).map(Probe.Exec::new).ifPresent(all::add);
    f.own(LOG).map(Probe.Log::new).ifPresent(all::add);
    f.own(NOTIFY).filter(yes -> yes).map(yes -> new Probe.Notify()).ifPresent(all::add);
    if (all.size() != 1) {
      f.refuse(
          Code.CONTRADICTION,
          f.at(),
          f.in().subject() + (all.isEmpty() ? " asks nothing" : " asks several things"),
          "a probe has exactly one of http, tcp, exec, "
              + (f.in().member().equals("live") ? "notify" : "log, notify"));
    }
    return all.size() == 1 ? Optional.of(all.getFirst()) : Optional.empty();
  }
}
