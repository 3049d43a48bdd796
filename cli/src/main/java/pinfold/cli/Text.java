package pinfold.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jline.utils.WCWidth;

/** Words and numbers for people. */
final class Text {
  /** Sets nothing but how the following characters look (ECMA-48 SGR). */
  private static final Pattern COLOUR = Pattern.compile("\033\\[[0-9;:]{0,32}m");

  private Text() {}

  /**
   * The same text with nothing in it that a terminal would obey: control characters, and the marks
   * that turn the writing direction, are shown as escapes. Tabs stay.
   */
  static String harmless(String text) {
    int i = 0;
    while (i < text.length() && !harmful(text.charAt(i))) {
      i++;
    }
    if (i == text.length()) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length() + 16).append(text, 0, i);
    for (; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!harmful(c)) {
        out.append(c);
      } else if (c < 0x100) {
        out.append(String.format(Locale.ROOT, "\\x%02x", (int) c));
      } else {
        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      }
    }
    return out.toString();
  }

  /**
   * A log line: harmless, but with the colours that its program gave it where colours are wanted.
   */
  static String log(String text, Style style) {
    if (style == Style.PLAIN || text.indexOf('\033') < 0) {
      return harmless(text);
    }
    StringBuilder out = new StringBuilder();
    Matcher colour = COLOUR.matcher(text);
    int at = 0;
    while (colour.find()) {
      out.append(harmless(text.substring(at, colour.start()))).append(colour.group());
      at = colour.end();
    }
    return out.append(harmless(text.substring(at))).append("\033[0m").toString();
  }

  private static boolean harmful(char c) {
    return (c < 0x20 && c != '\t')
        || (c >= 0x7f && c < 0xa0)
        || (c >= 0x202a && c <= 0x202e)
        || (c >= 0x2066 && c <= 0x2069)
        || c == 0x2028
        || c == 0x2029
        || c == 0xfeff;
  }

  /** One line: line ends become blanks. */
  static String line(String text) {
    return plain(text) == text.length()
        ? text
        : harmless(text.replace('\n', ' ').replace('\r', ' ').replace('\t', ' '));
  }

  /** How many of the first characters are printable ASCII: each takes a column and does no harm. */
  private static int plain(String text) {
    int i = 0;
    while (i < text.length() && text.charAt(i) >= 0x20 && text.charAt(i) < 0x7f) {
      i++;
    }
    return i;
  }

  /** Columns that the text takes on a terminal. */
  static int width(String text) {
    int width = plain(text);
    for (int i = width; i < text.length(); ) {
      int point = text.codePointAt(i);
      width += point < 0x300 ? 1 : Math.max(0, WCWidth.wcwidth(point));
      i += Character.charCount(point);
    }
    return width;
  }

  /** At most so many columns, with a mark where something was cut off. */
  static String fitted(String text, int columns) {
    if (width(text) <= columns) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    int used = 0;
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      int width = width(Character.toString(point));
      if (used + width > columns - 1) {
        break;
      }
      used += width;
      out.appendCodePoint(point);
      i += Character.charCount(point);
    }
    return out.append('…').toString();
  }

  /** A size in powers of 1024: 512, 1.5K, 23M. */
  static String size(long bytes) {
    if (bytes < 1024) {
      return Long.toString(bytes);
    }
    double value = bytes;
    int unit = -1;
    while (value >= 1000 && unit < 4) {
      value /= 1024;
      unit++;
    }
    return decimal(value, value < 9.95 ? 1 : 0) + "KMGTP".charAt(unit);
  }

  /**
   * A number that is not negative, rounded to so many digits after the point. String.format would
   * load the symbols of a locale for it, which a short command feels.
   */
  static String decimal(double value, int digits) {
    long scale = 1;
    for (int i = 0; i < digits; i++) {
      scale *= 10;
    }
    long scaled = Math.round(value * scale);
    if (digits == 0) {
      return Long.toString(scaled);
    }
    String fraction = Long.toString(scaled % scale);
    return scaled / scale + "." + "0".repeat(digits - fraction.length()) + fraction;
  }

  /** A duration in its largest unit or two: 350ms, 12s, 5m, 3h10m, 4d2h. */
  static String age(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    if (seconds < 1) {
      return Math.max(0, duration.toMillis()) + "ms";
    }
    if (seconds < 60) {
      return seconds + "s";
    }
    if (seconds < 3600) {
      return seconds / 60 + "m";
    }
    if (seconds < 86_400) {
      return pair(seconds / 3600, "h", seconds / 60 % 60, "m");
    }
    return pair(seconds / 86_400, "d", seconds / 3600 % 24, "h");
  }

  /** CPU time: 0.12s, 5.0s, then as an age. */
  static String cpu(double seconds) {
    return seconds < 60
        ? decimal(seconds, seconds < 1 ? 2 : 1) + "s"
        : age(Duration.ofSeconds((long) seconds));
  }

  private static String pair(long first, String firstUnit, long second, String secondUnit) {
    return first + firstUnit + (second == 0 ? "" : second + secondUnit);
  }
}
