package pinfold.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import pinfold.contract.Cause;
import pinfold.contract.Event;
import pinfold.contract.Json;
import pinfold.contract.JsonText;
import pinfold.contract.Records;

class CausalChainTest {
  private static final Instant T0 = Instant.parse("2026-11-21T10:00:00Z");
  private final List<Event> told = new ArrayList<>();

  private void note(String project, String name, String message, String because) {
    Json.Obj detail = Json.object("state", Json.of("running"), "key", Json.of("restart_policy"));
    told.add(
        new Event(
            told.size() + 1,
            T0.plusSeconds(told.size()),
            "running",
            Optional.of(project),
            Optional.of(name),
            Optional.of(1),
            Optional.empty(),
            Optional.empty(),
            message,
            because.isEmpty() ? detail : detail.with("because", Json.of(because))));
  }

  private List<String> chain(String service) {
    CausalChain chain = new CausalChain(service);
    for (Event event : told.reversed()) {
      if (!chain.take(event)) {
        break;
      }
    }
    return chain.causes().stream().map(Cause::happened).toList();
  }

  @Test
  void whatAnotherServiceBroughtAboutIsToldWithItsOwnCauses() {
    note("shop", "db", "was started", "");
    note("shop", "db", "exited with 3", "");
    note("shop", "cache", "runs", "");
    note("shop", "web", "waits for db", "shop/db");
    note("shop", "db", "runs again", ""); // after it: it has nothing to do with it
    assertThat(chain("shop/web"))
        .containsExactly("shop/db was started", "shop/db exited with 3", "waits for db");
    assertThat(chain("shop/db")).containsExactly("was started", "exited with 3", "runs again");
  }

  @Test
  void whoHasNoProjectHasANameOnly() {
    note("_run", "job", "exited with 1", "");
    note("shop", "job", "runs", "");
    assertThat(chain("job")).containsExactly("exited with 1");
  }

  @Test
  void aChainIsBoundedAndEndsWithTheNewest() {
    for (int i = 0; i < 100; i++) {
      note("shop", "db", "restart " + i, "");
      note("shop", "web", "waits " + i, "shop/db");
    }
    List<String> chain = chain("shop/web");
    assertThat(chain).hasSizeLessThanOrEqualTo(32).endsWith("waits 99").contains("waits 84");
    assertThat(chain.stream().filter(c -> c.startsWith("shop/db"))).hasSize(4);
  }

  @Test
  void whatIsNoChangeOfAServiceIsLeftOut() {
    told.add(
        new Event(
            1,
            T0,
            "log-full",
            Optional.of("shop"),
            Optional.of("web"),
            Optional.of(1),
            Optional.empty(),
            Optional.empty(),
            "the log cannot grow",
            Json.Obj.EMPTY));
    assertThat(chain("shop/web")).isEmpty();
  }

  @Test
  void theNewestEventsAreReadFromTheJournal() {
    for (int i = 0; i < 300; i++) {
      note("shop", i % 2 == 0 ? "db" : "web", "message " + i, "");
    }
    try (ScratchDir dir = ScratchDir.create()) {
      try (Journal journal = Journal.open(dir.path(), 10_000, 1_000_000, _ -> {})) {
        told.forEach(e -> journal.append(e.time(), JsonText.write(Records.write(e))));
        journal.append(T0, "{\"other\":true}"); // of a release to come
      }
      List<String> problems = new ArrayList<>();
      PastEvents past = new PastEvents(dir.path(), problem -> problems.add(problem.message()));
      assertThat(past.newest(3, 300, e -> e.name().equals(Optional.of("web"))))
          .extracting(Event::message)
          .containsExactly("message 293", "message 295", "message 297");
      assertThat(past.newest(0, 300, _ -> true)).isEmpty();
      assertThat(past.newest(1000, Long.MAX_VALUE, _ -> true)).hasSize(300);
      assertThat(problems).hasSize(1);
      assertThat(past.since(T0.plusSeconds(297), Long.MAX_VALUE, _ -> true))
          .extracting(Event::seq)
          .containsExactly(299L, 300L);
    }
  }
}
