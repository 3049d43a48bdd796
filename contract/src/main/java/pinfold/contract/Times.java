package pinfold.contract;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoField;
import java.util.Optional;

/**
 * Times as the protocol writes them. Written by hand because java.time's formatters cost several
 * milliseconds at the first use, which is a noticeable part of a short command.
 */
public final class Times {
  /** The longest duration that is accepted, about 31 years. */
  public static final Duration LONGEST = Duration.ofSeconds(1_000_000_000);

  private Times() {}

  /** RFC 3339 in UTC, with nine digits of a second, or none when it is a whole one. */
  public static String text(Instant time) {
    long seconds = time.getEpochSecond();
    LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(seconds, 86_400L));
    int rest = (int) Math.floorMod(seconds, 86_400L);
    StringBuilder out = new StringBuilder(30);
    padded(out, day.getYear(), 4).append('-');
    padded(out, day.getMonthValue(), 2).append('-');
    padded(out, day.getDayOfMonth(), 2).append('T');
    padded(out, rest / 3600, 2).append(':');
    padded(out, rest / 60 % 60, 2).append(':');
    padded(out, rest % 60, 2);
    int nano = time.get(ChronoField.NANO_OF_SECOND);
    if (nano != 0) {
      padded(out.append('.'), nano, 9);
    }
    return out.append('Z').toString();
  }

  /**
   * What {@link #text} writes, with one to nine digits of a second; empty when it is something
   * else.
   */
  public static Optional<Instant> parse(String text) {
    int length = text.length();
    if (length < 20 || length == 21 || length > 30 || text.charAt(length - 1) != 'Z') {
      return Optional.empty();
    }
    String form = "0000-00-00T00:00:00.000000000".substring(0, length - 1);
    for (int i = 0; i < length - 1; i++) {
      char c = text.charAt(i);
      if (form.charAt(i) == '0' ? c < '0' || c > '9' : c != form.charAt(i)) {
        return Optional.empty();
      }
    }
    int nano =
        length == 20
            ? 0
            : Integer.parseInt((text.substring(20, length - 1) + "00000000").substring(0, 9));
    int hour = number(text, 11, 13);
    int minute = number(text, 14, 16);
    int second = number(text, 17, 19);
    if (hour > 23 || minute > 59 || second > 59) {
      return Optional.empty();
    }
    try {
      long day =
          LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10)).toEpochDay();
      return Optional.of(
          Instant.ofEpochSecond(day * 86_400 + hour * 3600L + minute * 60L + second, nano));
    } catch (DateTimeException _) {
      return Optional.empty(); // the 30th of February
    }
  }

  /** Seconds, whole where they are. */
  public static Json seconds(Duration duration) {
    int nano = duration.toNanosPart();
    return nano == 0 ? Json.of(duration.toSeconds()) : Json.of(duration.toSeconds() + nano / 1e9);
  }

  private static int number(String text, int from, int to) {
    return Integer.parseInt(text, from, to, 10);
  }

  private static StringBuilder padded(StringBuilder out, int value, int width) {
    String digits = Integer.toString(value);
    return out.repeat('0', Math.max(0, width - digits.length())).append(digits);
  }
}
