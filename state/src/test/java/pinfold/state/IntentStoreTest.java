package pinfold.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sqlite.JDBC;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.contract.Json;
import pinfold.contract.PinfoldException;
import pinfold.contract.Wanted;

class IntentStoreTest {
  private static final Instant T0 = Instant.parse("2026-11-21T10:00:00Z");

  private final ScratchDir dir = ScratchDir.create();
  private final Path file = dir.path().resolve("intent.db");

  @AfterEach
  void clean() {
    dir.close();
  }

  private static ProjectIntent shop() {
    return new ProjectIntent("shop", Path.of("/srv/shop/pinfold.yaml"), "{\"a\":\"ü\"}", T0);
  }

  private static IntentChange ledger(String unit, int run) {
    return new IntentChange.PutLedger("shop", unit, Wanted.UP, Json.object("run", Json.of(run)));
  }

  private static OperationRecord operation(String id, OperationRecord.State state) {
    boolean running = state == OperationRecord.State.RUNNING;
    return new OperationRecord(
        id,
        "up",
        Json.object("names", Json.strings(List.of("api"))),
        "starting",
        state,
        T0,
        running ? Optional.empty() : Optional.of(T0.plusSeconds(1)),
        running ? Optional.empty() : Optional.of(Failure.of(Code.TIMED_OUT, "too slow")),
        Json.Obj.EMPTY);
  }

  private static void put(IntentStore store, IntentChange... changes) {
    store.write(List.of(changes)).orTimeout(30, TimeUnit.SECONDS).join();
  }

  private void sql(String change) throws SQLException {
    try (Connection db = JDBC.createConnection("jdbc:sqlite:" + file, new Properties());
        Statement statement = db.createStatement()) {
      statement.executeUpdate(change);
    }
  }

  @Test
  void whatWasWrittenIsFoundAgain() {
    OperationRecord done = operation("o1", OperationRecord.State.FAILED);
    OperationRecord running = operation("o2", OperationRecord.State.RUNNING);
    try (IntentStore store = IntentStore.open(file)) {
      assertThat(store.found()).isEqualTo(Intent.NOTHING);
      put(
          store,
          new IntentChange.PutProject(shop()),
          ledger("api", 1),
          new IntentChange.PutSpec("shop", "api", "{}"),
          new IntentChange.PutSpec("shop", "db", "{\"x\":1}"),
          new IntentChange.PutOperation(operation("o1", OperationRecord.State.RUNNING)),
          new IntentChange.PutOperation(running),
          new IntentChange.PutOperation(done));
      put(store, ledger("api", 2));
    }
    Intent expected =
        new Intent(
            List.of(shop()),
            List.of(
                new UnitIntent(
                    "shop", "api", Wanted.UP, Json.object("run", Json.of(2)), Optional.of("{}")),
                new UnitIntent(
                    "shop", "db", Wanted.DOWN, Json.Obj.EMPTY, Optional.of("{\"x\":1}"))),
            List.of(done, running));
    assertThat(IntentStore.peek(file)).isEqualTo(expected);
    try (IntentStore store = IntentStore.open(file)) {
      assertThat(store.found()).isEqualTo(expected);
      assertThat(store.found().unfinished()).containsExactly(running);
    }
  }

  @Test
  void whatIsDroppedIsGone() {
    try (IntentStore store = IntentStore.open(file)) {
      put(
          store,
          new IntentChange.PutProject(shop()),
          ledger("api", 1),
          new IntentChange.PutOperation(operation("o1", OperationRecord.State.DONE)),
          new IntentChange.PutOperation(operation("o2", OperationRecord.State.RUNNING)));
      put(
          store,
          new IntentChange.DropUnit("shop", "api"),
          new IntentChange.DropProject("shop"),
          new IntentChange.ForgetOperations(T0.plusSeconds(60)));
    }
    Intent left = IntentStore.peek(file);
    assertThat(left.projects()).isEmpty();
    assertThat(left.units()).isEmpty();
    assertThat(left.operations()).extracting(OperationRecord::id).containsExactly("o2");
  }

  @Test
  void onlyTheNewestOperationsAreKeptAndThoseUnderWay() {
    try (IntentStore store = IntentStore.open(file)) {
      put(store, new IntentChange.PutOperation(operation("o0", OperationRecord.State.RUNNING)));
      for (int i = 1; i <= 20; i++) {
        put(store, new IntentChange.PutOperation(operation("o" + i, OperationRecord.State.DONE)));
      }
      put(store, new IntentChange.KeepOperations(3));
    }
    assertThat(IntentStore.peek(file).operations())
        .extracting(OperationRecord::id)
        .containsExactly("o0", "o18", "o19", "o20");
  }

  @Test
  void manyWritesAreReadableWhileTheyHappenAndCompleteInOrder() {
    try (IntentStore store = IntentStore.open(file)) {
      List<CompletableFuture<?>> all = new ArrayList<>();
      for (int i = 1; i <= 200; i++) {
        all.add(store.write(List.of(ledger("api", i), ledger("db", i))));
      }
      for (int i = 0; i < 20; i++) {
        List<UnitIntent> units = IntentStore.peek(file).units();
        // One transaction wrote both.
        assertThat(units.stream().map(UnitIntent::ledger).distinct().count())
            .isLessThanOrEqualTo(1);
      }
      CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
          .orTimeout(60, TimeUnit.SECONDS)
          .join();
      assertThat(IntentStore.peek(file).units())
          .allMatch(unit -> unit.ledger().equals(Json.object("run", Json.of(200))));
    }
  }

  @Test
  void theFileIsForItsOwnerOnly() throws IOException {
    IntentStore.open(file).close();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void nothingIsMadeByLooking() {
    assertThat(IntentStore.peek(file)).isEqualTo(Intent.NOTHING);
    assertThat(file).doesNotExist();
  }

  @Test
  void aNewerSchemaIsRefusedAndLeftAlone() throws SQLException, IOException {
    IntentStore.open(file).close();
    sql("PRAGMA user_version = 99");
    byte[] before = Files.readAllBytes(file);
    assertThatThrownBy(() -> IntentStore.open(file))
        .isInstanceOfSatisfying(
            PinfoldException.class,
            e -> assertThat(e.failure().code()).isEqualTo(Code.INTENT_NEWER.id()))
        .hasMessageContaining("has schema 99; this release knows 1");
    assertThatThrownBy(() -> IntentStore.peek(file)).hasMessageContaining("schema 99");
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }

  @Test
  void aDamagedFileIsReportedAndLeftAlone() throws IOException {
    byte[] garbage =
        "this is no database, whatever its name says".repeat(100).getBytes(StandardCharsets.UTF_8);
    Files.write(file, garbage);
    for (Runnable look :
        List.<Runnable>of(() -> IntentStore.open(file), () -> IntentStore.peek(file))) {
      assertThatThrownBy(look::run)
          .isInstanceOfSatisfying(
              PinfoldException.class,
              e -> {
                assertThat(e.failure().code()).isEqualTo(Code.INTENT_UNREADABLE.id());
                assertThat(e.failure().tries().getFirst())
                    .startsWith("mv " + file + " " + file + ".damaged");
              });
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(garbage);
  }

  @Test
  void anEmptyFileIsNoNewDatabaseOnceASupervisorHasServed() throws IOException {
    Places places = new Places(dir.path(), dir.path());
    assertThat(file).isEqualTo(places.intent());
    Files.createFile(file);
    assertThat(IntentStore.peek(places)).isEqualTo(Intent.NOTHING);
    Files.createDirectory(places.journal());
    Files.createFile(JournalFile.named(places.journal(), 1));
    for (Runnable look :
        List.<Runnable>of(() -> IntentStore.open(places), () -> IntentStore.peek(places))) {
      assertThatThrownBy(look::run).hasMessageContaining(Code.INTENT_UNREADABLE.id());
    }
    assertThat(file).isEmptyFile();
  }

  @Test
  void aTornFileIsReportedAndLeftAlone() throws IOException {
    try (IntentStore store = IntentStore.open(file)) {
      for (int i = 0; i < 100; i++) {
        put(store, new IntentChange.PutSpec("shop", "unit" + i, "x".repeat(1000)));
      }
    }
    byte[] whole = Files.readAllBytes(file);
    byte[] torn = Arrays.copyOf(whole, whole.length / 2);
    Files.write(file, torn);
    assertThatThrownBy(() -> IntentStore.open(file)).hasMessageContaining("PF3002");
    assertThat(Files.readAllBytes(file)).isEqualTo(torn);
  }

  @Test
  void migrationsRunInOrderEachWholeOrNotAtAll() throws SQLException {
    IntentStore.open(file).close();
    List<List<String>> next = new ArrayList<>(IntentSchema.MIGRATIONS);
    next.add(List.of("ALTER TABLE unit ADD COLUMN extra TEXT"));
    next.add(List.of("CREATE TABLE more (a TEXT) STRICT", "this is no SQL"));
    assertThatThrownBy(() -> IntentStore.open(file, next)).hasMessageContaining("PF3002");
    try (Connection db = JDBC.createConnection("jdbc:sqlite:" + file, new Properties());
        Statement ask = db.createStatement()) {
      assertThat(IntentSchema.version(db)).isEqualTo(2);
      ask.executeQuery("SELECT extra FROM unit").close();
      assertThatThrownBy(() -> ask.executeQuery("SELECT a FROM more"))
          .hasMessageContaining("no such table");
    }
  }

  @Test
  void aFailedChangeTakesNoOtherWithIt() throws SQLException {
    IntentStore.open(file).close();
    sql(
        "CREATE TRIGGER no BEFORE INSERT ON unit WHEN NEW.name = 'bad'"
            + " BEGIN SELECT RAISE(ABORT, 'not this one'); END");
    try (IntentStore store = IntentStore.open(file)) {
      List<CompletableFuture<?>> good = new ArrayList<>();
      List<CompletableFuture<?>> bad = new ArrayList<>();
      for (int i = 1; i <= 20; i++) {
        good.add(store.write(List.of(ledger("api", i))));
        bad.add(store.write(List.of(ledger("half", i), ledger("bad", i))));
      }
      CompletableFuture.allOf(good.toArray(CompletableFuture[]::new))
          .orTimeout(30, TimeUnit.SECONDS)
          .join();
      for (CompletableFuture<?> one : bad) {
        assertThatThrownBy(() -> one.orTimeout(30, TimeUnit.SECONDS).join())
            .hasMessageContaining("PF3007")
            .hasMessageContaining("not this one");
      }
    }
    assertThat(IntentStore.peek(file).units()).extracting(UnitIntent::unit).containsExactly("api");
  }
}
