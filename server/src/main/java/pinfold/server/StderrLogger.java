package pinfold.server;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.text.MessageFormat;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/// Lines `time level logger: message`, one write each; further lines of a message and stack frames
/// are indented, so that a line which begins with a digit always begins a message.
final class StderrLogger implements System.Logger {
  private final String name;
  private final Level least;
  private final PrintStream out;

  StderrLogger(String name, Level least, PrintStream out) {
    this.name = name;
    this.least = least;
    this.out = out;
  }

  /// The level of this name, info for any other text.
  static Level level(@Nullable String text) {
    if (text != null) {
      for (Level level : Level.values()) {
        if (level.name().equals(text.toUpperCase(Locale.ROOT))) {
          return level;
        }
      }
    }
    return Level.INFO;
  }

  @Override
  public String getName() {
    return name;
  }

  @Override
  public boolean isLoggable(Level level) {
    return level != Level.OFF && level.getSeverity() >= least.getSeverity();
  }

  @Override
  public void log(
      Level level,
      @Nullable ResourceBundle bundle,
      @Nullable String message,
      @Nullable Throwable thrown) {
    if (isLoggable(level)) {
      StringBuilder line = new StringBuilder(160);
      line.append(Instant.now().truncatedTo(ChronoUnit.MICROS))
          .append(' ')
          .append(level)
          .append(' ');
      line.append(name).append(": ").append(message == null ? "" : message.replace("\n", "\n  "));
      String prefix = "\n  ";
      for (Throwable t = thrown; t != null; t = t.getCause()) {
        line.append(prefix).append(t.toString().replace("\n", "\n  "));
        for (StackTraceElement frame : t.getStackTrace()) {
          line.append("\n    at ").append(frame);
        }
        prefix = "\n  caused by ";
      }
      // Encoded here, since the core's thread waits for it: print goes through two more buffers.
      byte[] bytes = line.append('\n').toString().getBytes(StandardCharsets.UTF_8);
      out.write(bytes, 0, bytes.length);
      out.flush();
    }
  }

  @Override
  public void log(
      Level level,
      @Nullable ResourceBundle bundle,
      @Nullable String format,
      @Nullable Object... params) {
    if (isLoggable(level)) {
      boolean plain = format == null || params == null || params.length == 0;
      log(level, bundle, plain ? format : MessageFormat.format(format, params), (Throwable) null);
    }
  }
}
