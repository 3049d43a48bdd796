package pinfold.logs;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.contract.PinfoldException;

/** Points in time as people write them after `--since` and `--until`. */
public final class TimeBound {
  private static final Pattern AGO = Pattern.compile("(?:\\d{1,9}(?:ms|[smhdw]))+");
  private static final Pattern PART = Pattern.compile("(\\d{1,9})(ms|[smhdw])");
  private static final int MAX = 64;

  private TimeBound() {}

  /**
   * The instant that is meant: `10m` or `1h30m` (ago; ms s m h d w), `now`, `today`, `yesterday`
   * (their beginnings), `2026-11-21`, `2026-11-21T10:00`, `2026-11-21 10:00:05.5`, `10:00` (today),
   * RFC 3339 with an offset, `@SECONDS` since 1970. Without an offset the clock's zone holds; a
   * time that the zone skips is moved on by the gap, one that it has twice is the earlier.
   *
   * @throws PinfoldException {@link Code#BAD_TIME}
   */
  public static Instant parse(String text, Clock clock) {
    String bound = text.strip();
    if (bound.length() <= MAX) {
      Optional<Instant> found = word(bound, clock);
      if (found.isEmpty()) {
        found = ago(bound, clock);
      }
      if (found.isEmpty()) {
        found = calendar(bound, clock);
      }
      if (found.isPresent()) {
        return found.get();
      }
    }
    String shown = bound.length() <= MAX ? bound : bound.substring(0, MAX) + "…";
    throw Failure.of(Code.BAD_TIME, "\"" + shown + "\" is not a time")
        .tryNext("a time such as 10m, 10:00, today, 2026-11-21 or 2026-11-21T10:00:00Z")
        .exception();
  }

  private static Optional<Instant> word(String text, Clock clock) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "now" -> Optional.of(clock.instant());
      case "today" -> Optional.of(midnight(LocalDate.now(clock), clock));
      case "yesterday" -> Optional.of(midnight(LocalDate.now(clock).minusDays(1), clock));
      default -> Optional.empty();
    };
  }

  private static Instant midnight(LocalDate day, Clock clock) {
    return day.atStartOfDay(clock.getZone()).toInstant();
  }

  private static Optional<Instant> ago(String text, Clock clock) {
    if (!AGO.matcher(text).matches()) {
      return Optional.empty();
    }
    Duration back = Duration.ZERO;
    Matcher part = PART.matcher(text);
    while (part.find()) {
      long count = Long.parseLong(part.group(1));
      back =
          back.plus(
              switch (part.group(2)) {
                case "ms" -> Duration.ofMillis(count);
                case "s" -> Duration.ofSeconds(count);
                case "m" -> Duration.ofMinutes(count);
                case "h" -> Duration.ofHours(count);
                case "d" -> Duration.ofDays(count);
                default -> Duration.ofDays(Math.multiplyExact(count, 7));
              });
    }
    Instant now = clock.instant();
    // Further back than 1970 there are no logs; nanoseconds of any later time fit 64 bits.
    return Optional.of(
        back.compareTo(Duration.between(Instant.EPOCH, now)) > 0 ? Instant.EPOCH : now.minus(back));
  }

  private static Optional<Instant> calendar(String text, Clock clock) {
    String iso = text.replace(' ', 'T');
    return attempt(iso, word -> OffsetDateTime.parse(word).toInstant())
        .or(() ->
            attempt(iso, word -> LocalDateTime.parse(word).atZone(clock.getZone()).toInstant()))
        .or(() -> attempt(iso, word -> midnight(LocalDate.parse(word), clock)))
        .or(() ->
            attempt(
                iso,
                word ->
                    LocalTime.parse(word)
                        .atDate(LocalDate.now(clock))
                        .atZone(clock.getZone())
                        .toInstant()))
        .or(() -> attempt(iso, TimeBound::epoch))
        .filter(found -> found.getEpochSecond() >= 0 && found.getEpochSecond() < 9_000_000_000L);
  }

  private static Instant epoch(String text) {
    if (!text.startsWith("@")) {
      throw new DateTimeException("no @");
    }
    return Instant.ofEpochSecond(Long.parseLong(text, 1, text.length(), 10));
  }

  private static Optional<Instant> attempt(String text, Function<String, Instant> form) {
    try {
      return Optional.of(form.apply(text));
    } catch (DateTimeException | NumberFormatException e) {
      return Optional.empty(); // not of this form, or out of range
    }
  }

  /** Realtime nanoseconds since 1970, as in {@link LogQuery}. */
  public static long nanos(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano());
  }
}
