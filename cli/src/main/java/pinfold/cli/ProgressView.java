package pinfold.cli;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import pinfold.contract.Health;
import pinfold.contract.Progress;
import pinfold.contract.State;

/**
 * Progress on standard error: on a terminal one line per service that is rewritten, else one line
 * per step. Any thread may call.
 */
final class ProgressView {
  /** More services than this are counted instead of listed. */
  private static final int MOST_LINES = 20;

  private final Output out;
  private final Style style;
  private final int width;
  private final boolean live;
  private final boolean silent;
  private final Map<String, Progress> lines = new LinkedHashMap<>();
  private int shown;

  ProgressView(Invocation call) {
    this.out = call.console().err();
    this.style = call.style(out);
    this.width = call.console().width();
    this.silent = call.quiet();
    this.live = out.terminal();
  }

  /** Text that stays above the lines that change; ends with a line end. */
  synchronized void above(String text) {
    if (!silent) {
      erase();
      out.print(text);
      draw();
    }
  }

  synchronized void show(Progress progress) {
    if (silent) {
      return;
    }
    String service = name(progress);
    String text = text(progress);
    if (!live) {
      out.line((service.isEmpty() ? "" : service + ": ") + text);
      progress.failure().ifPresent(failure -> out.print(FailureText.render(failure, style)));
      out.flush();
      return;
    }
    erase();
    if (service.isEmpty()) {
      out.line(text);
    } else {
      lines.put(service, progress);
    }
    progress.failure().ifPresent(failure -> out.print(FailureText.render(failure, style)));
    draw();
  }

  /** Leaves what is shown as it is; what is said next comes below. */
  synchronized void end() {
    shown = 0;
    lines.clear();
    out.flush();
  }

  private static String name(Progress progress) {
    if (progress.name().isEmpty()) {
      return "";
    }
    String slot =
        progress.slot().filter(number -> number > 1).map(number -> "." + number).orElse("");
    return Text.line(
        progress.project().map(project -> project + "/").orElse("") + progress.name().get() + slot);
  }

  private static String text(Progress progress) {
    String state = progress.state().map(value -> value.name().toLowerCase(Locale.ROOT)).orElse("");
    String health =
        progress.health().filter(value -> value == Health.READY).map(_ -> ", ready").orElse("");
    String message = Text.line(progress.message());
    String both = state + health;
    return both.isEmpty() || message.startsWith(state)
        ? message
        : both + (message.isEmpty() ? "" : "  " + message);
  }

  private String coloured(Progress progress, String text) {
    if (progress.state().isEmpty()) {
      return text;
    }
    return switch (progress.state().get()) {
      case State.RUNNING ->
          progress.health().filter(h -> h != Health.READY).isPresent()
              ? style.warning(text)
              : style.good(text);
      case State.DONE, State.SKIPPED -> style.good(text);
      case State.FAILED, State.UNVERIFIED -> style.bad(text);
      case State.CREATED,
          State.WAITING,
          State.PREPARING,
          State.STARTING,
          State.STOPPING,
          State.BACKOFF,
          State.PAUSED ->
          style.warning(text);
    };
  }

  private void erase() {
    if (shown > 0) {
      out.print("\033[" + shown + "A\033[J");
      shown = 0;
    }
  }

  private void draw() {
    if (!live) {
      out.flush();
      return;
    }
    int widest = Math.min(30, lines.keySet().stream().mapToInt(Text::width).max().orElse(0));
    int skipped = Math.max(0, lines.size() - MOST_LINES);
    if (skipped > 0) {
      out.line("  … " + skipped + " more");
      shown++;
    }
    int index = 0;
    for (Map.Entry<String, Progress> line : lines.entrySet()) {
      if (index++ < skipped) {
        continue;
      }
      String name = Text.fitted(line.getKey(), 30);
      String text = Text.fitted(text(line.getValue()), Math.max(10, width - widest - 5));
      out.line(
          "  "
              + name
              + " ".repeat(widest - Text.width(name))
              + "  "
              + coloured(line.getValue(), text));
      shown++;
    }
    out.flush();
  }
}
