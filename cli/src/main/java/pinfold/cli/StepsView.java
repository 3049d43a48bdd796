package pinfold.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.contract.Json;
import pinfold.contract.JsonText;
import pinfold.contract.PinfoldException;
import pinfold.contract.Times;
import pinfold.core.Effect;
import pinfold.core.Replay;
import pinfold.core.Replay.Played;
import pinfold.core.Step;
import pinfold.core.UnitName;
import pinfold.state.RecordedSteps;

/**
 * {@code pinfold events --steps}: every event that the supervisors were given, and what the same
 * core makes of it. Needs no supervisor, only the folder of the journal or a copy of it.
 */
final class StepsView implements RecordedSteps.Sink {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS");

  private final Invocation call;
  private final Optional<Instant> since;
  private final Replay replay = new Replay(Release.VERSION);
  private final Output out;
  private final Style style;
  private boolean whole = true;

  private StepsView(Invocation call, Optional<Instant> since) {
    this.call = call;
    this.since = since;
    this.out = call.console().out();
    this.style = call.style();
  }

  /**
   * Shows them.
   *
   * @return whether all of it could be replayed
   */
  static boolean show(Invocation call, Path folder, Optional<Instant> since) {
    StepsView view = new StepsView(call, since);
    try {
      int files = new RecordedSteps(folder, view::problem).read(since, view);
      if (files == 0) {
        throw Failure.of(Code.NO_LOG, "there are no recorded steps in " + folder)
            .tryNext("pinfold events --steps --from DIR, the folder journal/ or a copy of it")
            .exception();
      }
    } catch (IOException e) {
      throw new PinfoldException(
          Failure.of(Code.LOG_UNREADABLE, "cannot read the steps in " + folder + ": " + e), e);
    } finally {
      view.out.flush();
    }
    return view.whole;
  }

  @Override
  public void nextFile() {
    replay.nextFile();
  }

  @Override
  public boolean frame(byte[] body) {
    try {
      replay.take(body).ifPresent(this::played);
      return true;
    } catch (PinfoldException e) {
      problem(e.failure());
      return false;
    }
  }

  private void problem(Failure failure) {
    whole = false;
    call.say("pinfold: " + Text.line(failure.message()));
  }

  private void played(Played played) {
    switch (played) {
      case Played.Begun begun -> {
        if (begun.continues() && !begun.same()) {
          problem(
              Failure.of(
                  Code.BUG,
                  "after step "
                      + begun.number()
                      + " the supervisor had come to another world than this replay; it goes on"
                      + " with the supervisor's"));
        }
      }
      case Played.Stepped step -> {
        if (since.isEmpty() || !step.now().wall().isBefore(since.get())) {
          stepped(step);
        }
      }
    }
  }

  private void stepped(Played.Stepped played) {
    List<StepWords.Told> lines = new ArrayList<>();
    Set<UnitName> about = new TreeSet<>(StepWords.about(played.event(), played.before()));
    Step step = played.step();
    if (step != null) {
      for (Effect effect : step.effects()) {
        StepWords.effect(effect, step.world(), played.before()).ifPresent(lines::add);
      }
    }
    lines.forEach(line -> line.unit().ifPresent(about::add));
    played
        .bug()
        .ifPresent(
            bug -> lines.add(new StepWords.Told(Optional.empty(), "the core failed: " + bug)));
    if (wanted(about)) {
      out.line(
          call.json() ? JsonText.write(json(played, about, lines)) : text(played, about, lines));
    }
  }

  /** Names as they are given: {@code api} or {@code shop/api}. */
  private boolean wanted(Set<UnitName> about) {
    return call.words().isEmpty()
        || about.stream()
            .anyMatch(unit ->
                call.words().contains(unit.toString())
                    || call.words().contains(unit.service().text()));
  }

  private String text(Played.Stepped step, Set<UnitName> about, List<StepWords.Told> lines) {
    String time = TIME.format(step.now().wall().atZone(call.console().clock().getZone()));
    StringBuilder text = new StringBuilder();
    text.append(style.faint(time)).append("  ").append("%6d  ".formatted(step.number()));
    String name = about.size() == 1 ? about.iterator().next().toString() : "pinfold";
    text.append(style.strong("%-16s".formatted(Text.line(name)))).append("  ");
    text.append(Text.line(StepWords.event(step.event())));
    for (StepWords.Told line : lines) {
      text.append('\n').append(" ".repeat(36));
      line.unit()
          .filter(unit -> !unit.toString().equals(name))
          .ifPresent(unit -> text.append(Text.line(unit.toString())).append(' '));
      text.append(Text.line(line.text()));
    }
    return text.toString();
  }

  private static Json.Obj json(
      Played.Stepped step, Set<UnitName> about, List<StepWords.Told> lines) {
    return Json.object(
            "step", Json.of(step.number()), "time", Json.of(Times.text(step.now().wall())))
        .with("services", Json.strings(about.stream().map(UnitName::toString).toList()))
        .with("event", Json.of(StepWords.event(step.event())))
        .with(
            "effects",
            Json.array(
                lines.stream()
                    .map(line ->
                        (Json)
                            line.unit()
                                .map(unit ->
                                    Json.object("service", Json.of(unit.toString()))
                                        .with("text", Json.of(line.text())))
                                .orElseGet(() -> Json.object("text", Json.of(line.text()))))
                    .collect(Collectors.toList())));
  }
}
