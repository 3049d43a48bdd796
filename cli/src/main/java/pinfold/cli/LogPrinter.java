package pinfold.cli;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import pinfold.contract.Json;
import pinfold.contract.JsonText;
import pinfold.contract.Times;
import pinfold.logs.LogEntry;
import pinfold.logs.LogSink;
import pinfold.logs.LogSource;

/**
 * Log entries as lines: with a coloured prefix where there are several services, as JSON, or as the
 * bytes they are.
 */
final class LogPrinter implements LogSink {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS");

  private final Output out;
  private final Output err;
  private final Style style;
  private final ZoneId zone;
  private final boolean json;
  private final boolean raw;
  private final boolean times;
  private final boolean flushEach;
  private final Map<String, Integer> numbers = new LinkedHashMap<>();
  private final int widest;
  private final boolean prefixed;
  private final boolean withProject;
  private final boolean withSlot;

  LogPrinter(Invocation call, List<LogSource> sources) {
    this(call, sources, call.flag("--raw"), call.flag("--timestamps"), call.flag("--follow"));
  }

  /**
   * A printer.
   *
   * @param sources what is going to be printed, for the width of the prefixes
   * @param follow whether each line is to be seen at once
   */
  LogPrinter(Invocation call, List<LogSource> sources, boolean raw, boolean times, boolean follow) {
    out = call.console().out();
    err = call.console().err();
    style = call.style();
    zone = call.console().clock().getZone();
    json = call.json();
    this.raw = raw;
    this.times = times;
    flushEach = follow;
    withProject =
        sources.stream().map(LogSource::project).filter(p -> !p.isEmpty()).distinct().count() > 1;
    withSlot =
        sources.stream()
            .anyMatch(source -> !source.project().isEmpty() && !source.slot().equals("1"));
    sources.forEach(source -> numbers.putIfAbsent(name(source), numbers.size()));
    prefixed = numbers.size() > 1;
    widest = numbers.keySet().stream().mapToInt(Text::width).max().orElse(0);
  }

  @Override
  public boolean take(LogEntry entry) {
    switch (entry) {
      case LogEntry.Line line -> print(line);
      case LogEntry.Gap gap -> {
        if (json) {
          out.line(JsonText.write(place(gap).with("dropped_bytes", Json.of(gap.bytes()))));
        } else {
          notice(gap, gap.bytes() + " bytes were dropped here: the disk was full");
        }
      }
      case LogEntry.Unreadable unreadable -> {
        if (json) {
          out.line(
              JsonText.write(place(unreadable).with("unreadable", Json.of(unreadable.reason()))));
        } else {
          notice(unreadable, unreadable.file() + " cannot be read: " + unreadable.reason());
        }
      }
    }
    if (flushEach) {
      out.flush();
    }
    return true;
  }

  private void print(LogEntry.Line line) {
    if (raw) {
      out.write(line.bytes());
      if (line.ended()) {
        out.print("\n");
      }
    } else if (json) {
      out.line(JsonText.write(place(line).with("line", Json.of(line.text()))));
    } else {
      if (!line.continued()) {
        out.print(prefix(line));
      }
      if (out.terminal()) {
        out.print(Text.log(line.text(), style));
      } else {
        out.write(line.bytes());
      }
      boolean pieceFollows =
          !line.ended() && line.bytes().length >= pinfold.logs.LogQuery.MAX_PIECE;
      if (!pieceFollows) {
        out.print("\n");
      }
    }
  }

  private String prefix(LogEntry entry) {
    StringBuilder prefix = new StringBuilder();
    if (times) {
      prefix.append(style.faint(TIME.format(entry.time().atZone(zone)))).append(' ');
    }
    if (prefixed) {
      String name = name(entry.source());
      String padded = name + " ".repeat(Math.max(0, widest - Text.width(name))) + " |";
      prefix.append(style.distinct(numbers.getOrDefault(name, 0), padded)).append(' ');
    }
    return prefix.toString();
  }

  /** Talk in between, which is none of the service's bytes. */
  private void notice(LogEntry entry, String text) {
    out.flush();
    err.line(prefix(entry) + style.warning("-- " + Text.line(text)));
    err.flush();
  }

  private String name(LogSource source) {
    if (source.project().isEmpty()) {
      return "pinfold";
    }
    return Text.line(
        (withProject ? source.project() + "/" : "")
            + source.service()
            + (withSlot ? "." + source.slot() : ""));
  }

  private static Json.Obj place(LogEntry entry) {
    LogSource source = entry.source();
    Map<String, Json> fields = new LinkedHashMap<>();
    fields.put("time", Json.of(Times.text(entry.time())));
    fields.put("project", source.project().isEmpty() ? Json.Null.NULL : Json.of(source.project()));
    fields.put("service", Json.of(source.service()));
    fields.put(
        "slot",
        source.slot().matches("\\d{1,9}")
            ? Json.of(Long.parseLong(source.slot()))
            : Json.Null.NULL);
    fields.put("run", entry.run() == 0 ? Json.Null.NULL : Json.of(entry.run()));
    fields.put("stream", Json.of(source.stream().word()));
    return new Json.Obj(fields);
  }
}
