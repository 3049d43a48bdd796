package pinfold.cli;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import pinfold.contract.Times;

/** Times and durations as people type them. */
final class TimeWords {
  private static final Pattern PART = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ms|s|m|h|d)?");

  private TimeWords() {}

  /**
   * {@code 250ms}, {@code 5s}, {@code 1h30m}, {@code 2d}, or seconds; at most {@link
   * Times#LONGEST}.
   */
  static Optional<Duration> duration(String text) {
    Matcher part = PART.matcher(text);
    Duration sum = Duration.ZERO;
    int at = 0;
    while (at < text.length()) {
      if (!part.region(at, text.length()).lookingAt()) {
        return Optional.empty();
      }
      String unit = part.group(2);
      if (unit == null && part.end() - at != text.length()) {
        return Optional.empty(); // a bare number stands alone
      }
      double seconds = Double.parseDouble(part.group(1)) * factor(unit == null ? "s" : unit);
      if (seconds > Times.LONGEST.toSeconds()) {
        return Optional.empty();
      }
      sum = sum.plusNanos(Math.round(seconds * 1e9));
      at = part.end();
    }
    return text.isEmpty() || sum.compareTo(Times.LONGEST) > 0 ? Optional.empty() : Optional.of(sum);
  }

  /**
   * {@code 10m} (that long ago), {@code 2026-11-21T10:00}, {@code 2026-11-21}, {@code 10:00},
   * {@code today}, {@code yesterday}, {@code now}, in the clock's zone unless it ends with Z.
   */
  static Optional<Instant> time(String text, Clock clock) {
    Optional<Duration> ago = duration(text);
    if (ago.isPresent()) {
      return Optional.of(clock.instant().minus(ago.get()));
    }
    LocalDate today = LocalDate.now(clock);
    try {
      return Optional.of(
          switch (text) {
            case "now" -> clock.instant();
            case "today" -> today.atStartOfDay(clock.getZone()).toInstant();
            case "yesterday" -> today.minusDays(1).atStartOfDay(clock.getZone()).toInstant();
            default -> written(text.replace(' ', 'T'), today, clock);
          });
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  private static Instant written(String text, LocalDate today, Clock clock) {
    if (text.endsWith("Z")) {
      return Instant.parse(text);
    }
    if (text.contains("T")) {
      return LocalDateTime.parse(text).atZone(clock.getZone()).toInstant();
    }
    if (text.contains(":")) {
      return LocalTime.parse(text).atDate(today).atZone(clock.getZone()).toInstant();
    }
    return LocalDate.parse(text).atStartOfDay(clock.getZone()).toInstant();
  }

  private static double factor(String unit) {
    return switch (unit) {
      case "ms" -> 0.001;
      case "m" -> 60;
      case "h" -> 3600;
      case "d" -> 86_400;
      default -> 1;
    };
  }
}
