package pinfold.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.contract.Json;
import pinfold.linux.BirthId;
import pinfold.linux.BootId;
import pinfold.linux.ProcessIdentity;
import pinfold.linux.Processes;

class OfflineStatusTest {
  private final ScratchDir dir = ScratchDir.create();
  private final Places places = new Places(dir.path().resolve("state"), dir.path());

  @BeforeEach
  void make() throws IOException {
    places.create(BootId.current(), (Integer) Files.getAttribute(dir.path(), "unix:uid"));
  }

  @AfterEach
  void clean() {
    dir.close();
  }

  private static ProcessIdentity self() throws IOException {
    return Processes.identity((int) ProcessHandle.current().pid()).orElseThrow();
  }

  private static Optional<Fact.Proc> process(ProcessIdentity of, long ticksOff) {
    return Optional.of(new Fact.Proc(of.pid(), of.startTicks() + ticksOff, 0));
  }

  private static Fact fact(int slot, Optional<Fact.Proc> main, Optional<Fact.Proc> warden) {
    return new Fact(
        BirthId.random(),
        "shop",
        "api",
        slot,
        1,
        "main",
        0,
        "shop/api/" + slot,
        "",
        0,
        main,
        warden,
        0,
        0,
        Instant.ofEpochSecond(slot),
        Json.Obj.EMPTY);
  }

  /** struct pf_journal of protocol.h, kind PF_J_KEEPER. */
  private void keeperRecord(int pid, long startTicks) throws IOException {
    ByteBuffer record = ByteBuffer.allocate(96).order(ByteOrder.nativeOrder());
    record.putInt(1).putInt(pid).position(24);
    record.putLong(startTicks).putLong(1_000_000_000L);
    int checksumAt = 80;
    long hash = 0xcbf2_9ce4_8422_2325L;
    for (int i = 0; i < checksumAt; i++) {
      hash = (hash ^ (record.get(i) & 0xff)) * 0x100_0000_01b3L;
    }
    record.putLong(checksumAt, hash);
    byte[] bytes = new byte[checksumAt + 8];
    record.get(0, bytes);
    Files.write(places.keeper(BootId.current()), bytes);
  }

  @Test
  void nothingEverRan() {
    assertThat(OfflineStatus.read(places))
        .isEqualTo(new OfflineStatus(new KeeperState.None(), Intent.NOTHING, List.of(), List.of()));
    Places none = new Places(Path.of("/pinfold-test-none"), dir.path());
    assertThat(OfflineStatus.read(none).problems()).isEmpty();
  }

  @Test
  void processesAreBelievedByTheirStartOnly() throws IOException {
    FactStore facts = new FactStore(places.facts(BootId.current()));
    ProcessIdentity self = self();
    facts.write(fact(1, process(self, 0), Optional.empty()));
    facts.write(fact(2, process(self, 1), Optional.empty()));
    facts.write(fact(3, process(self, 1), process(self, 0)));
    facts.write(fact(4, Optional.empty(), Optional.empty()));
    assertThat(OfflineStatus.read(places).births())
        .extracting(OfflineStatus.Birth::life)
        .containsExactly(
            OfflineStatus.Life.ALIVE,
            OfflineStatus.Life.GONE,
            OfflineStatus.Life.CONTAINED,
            OfflineStatus.Life.UNBORN);
  }

  @Test
  void theKeeperIsBelievedByItsStartOnly() throws IOException {
    ProcessIdentity self = self();
    keeperRecord(self.pid(), self.startTicks());
    assertThat(KeeperState.of(places))
        .isInstanceOfSatisfying(
            KeeperState.Alive.class,
            alive -> {
              assertThat(alive.identity().pid()).isEqualTo(self.pid());
              assertThat(alive.since()).isEqualTo(Instant.ofEpochSecond(1));
            });
    keeperRecord(self.pid(), self.startTicks() + 1);
    assertThat(KeeperState.of(places)).isInstanceOf(KeeperState.Dead.class);
    Files.write(places.keeper(BootId.current()), new byte[10]);
    assertThat(KeeperState.of(places)).isEqualTo(new KeeperState.None());
  }

  @Test
  void whatIsDamagedIsAProblemAndTheRestIsThere() throws IOException {
    FactStore facts = new FactStore(places.facts(BootId.current()));
    facts.write(fact(1, Optional.empty(), Optional.empty()));
    Files.writeString(places.facts(BootId.current()).resolve(BirthId.random() + ".json"), "{");
    Files.writeString(places.intent(), "no database at all, but long enough to look at".repeat(9));
    OfflineStatus status = OfflineStatus.read(places);
    assertThat(status.births()).hasSize(1);
    assertThat(status.problems())
        .extracting(Failure::code)
        .containsExactlyInAnyOrder(Code.FACT_UNREADABLE.id(), Code.INTENT_UNREADABLE.id());
  }
}
