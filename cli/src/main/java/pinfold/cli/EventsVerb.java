package pinfold.cli;

import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import pinfold.contract.Call;
import pinfold.contract.Code;
import pinfold.contract.Event;
import pinfold.contract.Exit;
import pinfold.contract.Failure;
import pinfold.contract.JsonText;
import pinfold.contract.Records;
import pinfold.contract.Reply;

/** {@code pinfold events}. */
final class EventsVerb implements Verb {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS");

  @Override
  public void describe(Usage usage) {
    usage
        .summary("what happened, from the journal")
        .services(false)
        .flag("go on with new ones", "-f", "--follow")
        .value("TIME", "only later ones: 10m, 2026-11-21T10:00, today", "--since")
        .flag("of every project", "--all")
        .flag("what the supervisor was given and did, step by step, replayed", "--steps")
        .value("DIR", "with --steps: of this copy of the folder journal/", "--from")
        .example("pinfold events -f", "everything as it happens")
        .example("pinfold events --steps --since 10m api", "every decision about it");
  }

  @Override
  public int run(Invocation call) {
    Optional<Instant> since =
        call.value("--since")
            .map(text -> TimeWords.time(text, call.console().clock()).orElseThrow(() -> bad(text)));
    Optional<Path> copy = call.value("--from").map(call.console().directory()::resolve);
    if (call.flag("--steps")) {
      Path folder = copy.orElseGet(() -> call.places().journal());
      return StepsView.show(call, folder, since) ? Exit.OK.code() : Exit.FAILED.code();
    }
    if (copy.isPresent()) {
      throw Words.usage("--from needs --steps");
    }
    Optional<Client> connected = Client.connect(call.places().controlSocket());
    if (connected.isEmpty()) {
      if (call.flag("--follow")) {
        throw Client.nobody(call.places().controlSocket());
      }
      print(OfflineHistory.events(call, since), call);
      call.say("no supervisor runs; this is what was written down before");
      return Exit.OK.code();
    }
    try (Client client = connected.get()) {
      client.stream(
          new Call.Events(call.target(), since, call.flag("--follow")),
          Reply.Happened.class,
          Optional.empty(),
          batch -> print(batch.events(), call));
    }
    return Exit.OK.code();
  }

  private static void print(List<Event> events, Invocation call) {
    Output out = call.console().out();
    for (Event event : events) {
      out.line(call.json() ? JsonText.write(Records.write(event)) : text(event, call));
    }
    out.flush();
  }

  static pinfold.contract.PinfoldException bad(String text) {
    return Failure.of(Code.BAD_TIME, "\"" + Text.line(text) + "\" is no time")
        .tryNext("10m (that long ago), 2026-11-21T10:00, 10:00, today")
        .exception();
  }

  private static String text(Event event, Invocation call) {
    Style style = call.style();
    String time = TIME.format(event.time().atZone(call.console().clock().getZone()));
    String name =
        event.project().map(project -> project + "/").orElse("")
            + event.name().orElse("")
            + event.slot().filter(slot -> slot > 1).map(slot -> "." + slot).orElse("");
    return style.faint(time)
        + "  "
        + style.strong("%-16s".formatted(Text.line(name.isEmpty() ? "pinfold" : name)))
        + "  "
        + "%-10s".formatted(Text.line(event.kind()))
        + "  "
        + Text.line(event.message());
  }
}
