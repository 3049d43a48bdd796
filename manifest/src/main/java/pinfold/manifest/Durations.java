package pinfold.manifest;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Spans of time as people write them: {@code 250ms}, {@code 5s}, {@code 2m}, {@code 1h30m}, {@code
 * 14d}, and a bare number of seconds. Whole numbers only ({@code 1500ms}, not {@code 1.5s}),
 * largest unit first, each unit once, at most {@link #LONGEST}.
 */
public final class Durations {
  /** A hundred years of 365 days. */
  public static final Duration LONGEST = Duration.ofDays(36_500);

  private static final Pattern SHAPE =
      Pattern.compile(
          "(?:(\\d{1,13})d)?(?:(\\d{1,13})h)?(?:(\\d{1,13})m(?!s))?(?:(\\d{1,13})s)?(?:(\\d{1,13})ms)?");
  private static final long[] MILLIS = {86_400_000, 3_600_000, 60_000, 1_000, 1};
  private static final String[] UNITS = {"d", "h", "m", "s", "ms"};

  private Durations() {}

  /** The duration that {@code text} says; empty if it says none or one that is too long. */
  public static Optional<Duration> parse(String text) {
    String written = text.strip();
    if (written.matches("\\d{1,13}")) {
      return bounded(Math.multiplyExact(Long.parseLong(written), 1_000L));
    }
    Matcher parts = SHAPE.matcher(written);
    if (written.isEmpty() || !parts.matches()) {
      return Optional.empty();
    }
    long millis = 0;
    for (int i = 0; i < MILLIS.length; i++) {
      String number = parts.group(i + 1);
      if (number != null) {
        millis +=
            Math.min(Long.parseLong(number), LONGEST.toMillis() + 1)
                    > LONGEST.toMillis() / MILLIS[i]
                ? LONGEST.toMillis() + 1
                : Long.parseLong(number) * MILLIS[i];
      }
    }
    return bounded(millis);
  }

  private static Optional<Duration> bounded(long millis) {
    return millis > LONGEST.toMillis() ? Optional.empty() : Optional.of(Duration.ofMillis(millis));
  }

  /**
   * The shortest text that {@link #parse} reads back; what is finer than a millisecond is rounded
   * up.
   */
  public static String text(Duration duration) {
    long left = duration.plusNanos(999_999).toMillis();
    if (left == 0) {
      return "0s";
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < MILLIS.length; i++) {
      if (left / MILLIS[i] > 0) {
        out.append(left / MILLIS[i]).append(UNITS[i]);
        left %= MILLIS[i];
      }
    }
    return out.toString();
  }
}
