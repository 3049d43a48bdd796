package pinfold.manifest;

import java.net.URI;
import java.time.Duration;

/**
 * A question that is put to a running service again and again.
 *
 * @param check what is asked
 * @param interval from one attempt's end to the next; positive. For {@link Notify} as {@code live}:
 *     the longest silence between two {@code WATCHDOG=1}, told to the service as {@code
 *     WATCHDOG_USEC}
 * @param timeout after which an attempt has failed; positive
 * @param startPeriod after the start, during which no failure counts
 * @param failures so many in a row make the verdict; at least 1. One success is enough for the
 *     opposite
 */
public record Probe(
    Check check, Duration interval, Duration timeout, Duration startPeriod, int failures) {
  /**
   * @throws IllegalArgumentException if a value is out of its range
   */
  public Probe {
    if (!interval.isPositive()
        || !timeout.isPositive()
        || startPeriod.isNegative()
        || failures < 1) {
      throw new IllegalArgumentException("probe timing out of range");
    }
  }

  /** The kinds of question. */
  public sealed interface Check {}

  /** GET answers 2xx. Scheme http or https, with a host. No proxy is ever used. */
  public record Http(URI url) implements Check {}

  /** A connection is accepted. */
  public record Tcp(String host, int port) implements Check {
    /**
     * @throws IllegalArgumentException if the port is not 1 to 65535
     */
    public Tcp {
      if (port < 1 || port > 65_535 || host.isEmpty()) {
        throw new IllegalArgumentException("not an address: " + host + ":" + port);
      }
    }
  }

  /** A command, run where and as the service runs, exits 0. */
  public record Exec(Command command) implements Check {}

  /**
   * A line of this run's output holds a match. Only for {@code ready}; valid for {@link
   * java.util.regex.Pattern}.
   */
  public record Log(String regex) implements Check {}

  /**
   * The service says so itself, as in sd_notify(3): {@code READY=1}; as {@code live}: {@code
   * WATCHDOG=1}.
   */
  public record Notify() implements Check {}
}
