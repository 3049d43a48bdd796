package pinfold.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import pinfold.contract.Code;
import pinfold.contract.Json;
import pinfold.linux.BirthId;

class FactStoreTest {
  private static Fact fact(BirthId birth, boolean born) {
    Optional<Fact.Proc> process =
        born ? Optional.of(new Fact.Proc(123, 456_789, 42)) : Optional.empty();
    return new Fact(
        birth,
        "shop",
        "api",
        1,
        7,
        "main",
        1,
        "shop/api/1",
        "",
        10 << 20,
        process,
        process,
        99,
        100,
        Instant.parse("2026-11-21T10:00:00.000000001Z"),
        Json.object("health", Json.of("ready")));
  }

  @Test
  void aFactIsFoundAsItWasWrittenLast() {
    try (ScratchDir dir = ScratchDir.create()) {
      FactStore store = new FactStore(dir.path());
      BirthId birth = BirthId.random();
      store.write(fact(birth, false));
      assertThat(store.load().facts()).containsExactly(fact(birth, false));
      assertThat(store.load().facts().getFirst().intended()).isTrue();
      store.write(fact(birth, true));
      assertThat(store.peek().facts()).containsExactly(fact(birth, true));
      store.forget(birth);
      store.forget(birth);
      assertThat(store.load()).isEqualTo(store.peek());
      assertThat(store.load().facts()).isEmpty();
    }
  }

  @Test
  void whatIsNoFactIsReportedAndKeptAside() throws IOException {
    try (ScratchDir dir = ScratchDir.create()) {
      FactStore store = new FactStore(dir.path());
      BirthId birth = BirthId.random();
      store.write(fact(birth, true));
      Path torn = dir.path().resolve(BirthId.random().text() + ".json");
      Files.writeString(torn, "{\"birth\": \"");
      Files.copy(
          dir.path().resolve(birth.text() + ".json"),
          dir.path().resolve(BirthId.random().text() + ".json"));

      FactStore.Found seen = store.peek();
      assertThat(seen.facts()).containsExactly(fact(birth, true));
      assertThat(seen.problems())
          .hasSize(2)
          .allMatch(p -> p.code().equals(Code.FACT_UNREADABLE.id()));
      assertThat(torn).exists();

      assertThat(store.load().problems()).hasSize(2);
      assertThat(torn).doesNotExist();
      assertThat(store.setAside()).hasSize(2);
      assertThat(torn.resolveSibling(torn.getFileName() + ".unreadable"))
          .hasContent("{\"birth\": \"");
      assertThat(store.load().problems()).isEmpty();
    }
  }

  @Test
  void whatWasNeverPublishedIsCleared() throws IOException {
    try (ScratchDir dir = ScratchDir.create()) {
      FactStore store = new FactStore(dir.path());
      BirthId birth = BirthId.random();
      Path half = dir.path().resolve(birth.text() + ".tmp");
      Files.writeString(half, "{\"bi");
      assertThat(store.peek().facts()).isEmpty();
      assertThat(half).exists();
      store.write(fact(birth, true));
      assertThat(store.peek().facts()).hasSize(1);
      Files.writeString(half, "{\"bi");
      assertThat(store.load().facts()).hasSize(1);
      assertThat(half).doesNotExist();
    }
  }

  @Test
  void aLineThatWasTornHidesNothing() throws IOException {
    try (ScratchDir dir = ScratchDir.create()) {
      BirthId birth = BirthId.random();
      new FactStore(dir.path()).write(fact(birth, true));
      Path file = dir.path().resolve(birth.text() + ".json");
      Files.writeString(file, "{\"birth\": \"", StandardOpenOption.APPEND);
      FactStore next = new FactStore(dir.path());
      assertThat(next.load().facts()).containsExactly(fact(birth, true));
      next.write(fact(birth, false));
      assertThat(next.peek())
          .isEqualTo(new FactStore.Found(List.of(fact(birth, false)), List.of()));
    }
  }

  @Test
  void aFactThatChangesForeverStaysSmall() throws IOException {
    try (ScratchDir dir = ScratchDir.create()) {
      FactStore store = new FactStore(dir.path());
      BirthId birth = BirthId.random();
      for (int i = 0; i <= 10 * FactStore.MOST_LINES; i++) {
        store.write(fact(birth, i % 2 == 0));
      }
      assertThat(Files.readAllLines(dir.path().resolve(birth.text() + ".json")))
          .hasSizeLessThanOrEqualTo(FactStore.MOST_LINES);
      assertThat(store.peek().facts()).containsExactly(fact(birth, true));
    }
  }

  @Test
  void aFactThatSomebodyRemovedIsWrittenAnew() throws IOException {
    try (ScratchDir dir = ScratchDir.create()) {
      FactStore store = new FactStore(dir.path());
      BirthId birth = BirthId.random();
      store.write(fact(birth, false));
      Files.delete(dir.path().resolve(birth.text() + ".json"));
      store.write(fact(birth, true));
      assertThat(store.peek().facts()).containsExactly(fact(birth, true));
    }
  }

  @Test
  void noFolderIsNoFacts() {
    try (ScratchDir dir = ScratchDir.create()) {
      assertThat(new FactStore(dir.path().resolve("none")).peek().facts()).isEmpty();
    }
  }

  @Property(tries = 200)
  void noBytesMakeItFail(@ForAll byte[] bytes) throws IOException {
    try (ScratchDir dir = ScratchDir.create()) {
      Files.write(dir.path().resolve(BirthId.random().text() + ".json"), bytes);
      FactStore.Found found = new FactStore(dir.path()).peek();
      assertThat(found.problems()).hasSize(1);
    }
  }
}
