package pinfold.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.contract.Json;
import pinfold.contract.State;
import pinfold.contract.Wanted;
import pinfold.core.Aim;
import pinfold.core.BirthId;
import pinfold.core.End;
import pinfold.core.Fact;
import pinfold.core.Health;
import pinfold.core.Identity;
import pinfold.core.Ledger;
import pinfold.core.Purpose;
import pinfold.core.Tally;
import pinfold.core.UnitName;
import pinfold.state.UnitIntent;

class RecordsTest {
  private static final Instant T = Instant.parse("2026-11-21T10:00:00.123456789Z");
  private static final UnitName UNIT = UnitName.of("shop", "api");

  private static Ledger ledger(@Nullable End end, @Nullable Failure failure) {
    return new Ledger(
        UNIT,
        7,
        Wanted.UP,
        true,
        State.FAILED,
        end,
        failure,
        12,
        3,
        List.of(new Tally(T, 1), new Tally(T.plusSeconds(1), 2)),
        2,
        T);
  }

  private static UnitIntent kept(Ledger ledger) {
    return new UnitIntent("shop", "api", Wanted.UP, LedgerRecord.write(ledger), Optional.empty());
  }

  @Test
  void aLedgerComesBackAsItWas() throws Fields.DamagedException {
    Failure failure = Failure.of(Code.BUDGET_SPENT, "too often").with("restarts", 10);
    for (End end : List.of(new End.Exited(1), new End.Signalled(9), new End.Unknown())) {
      assertThat(LedgerRecord.read(kept(ledger(end, failure)))).isEqualTo(ledger(end, failure));
    }
    assertThat(LedgerRecord.read(kept(ledger(null, null)))).isEqualTo(ledger(null, null));
  }

  @Test
  void aDamagedLedgerIsRefusedByItsField() {
    UnitIntent unit =
        new UnitIntent(
            "shop",
            "api",
            Wanted.UP,
            LedgerRecord.write(ledger(null, null)).with("since", Json.of("yesterday")),
            Optional.empty());
    assertThatThrownBy(() -> LedgerRecord.read(unit))
        .isInstanceOf(Fields.DamagedException.class)
        .hasMessageContaining("\"since\"");
  }

  private static Fact fact(@Nullable Identity identity, @Nullable End end) {
    return new Fact(
        new BirthId(new UUID(1, 2)),
        UNIT,
        1,
        Purpose.MAIN,
        12,
        7,
        identity,
        identity != null,
        end,
        Health.READY,
        identity == null ? null : Aim.RESTART,
        true,
        false,
        4711,
        T,
        identity == null ? null : T);
  }

  @Test
  void aFactComesBackAsItWas() throws Fields.DamagedException {
    FactRecord.Asked asked = new FactRecord.Asked("shop/api/1", "c1", 1000, true);
    Identity withWarden = new Identity(10, 20, 30, 11, 21, 40, 50);
    Identity inCgroup = new Identity(10, 20, 0, 0, 0, 40, 50);
    for (Fact fact :
        List.of(fact(null, null), fact(withWarden, null), fact(inCgroup, new End.Exited(0)))) {
      pinfold.state.Fact kept = FactRecord.write(fact, asked);
      assertThat(FactRecord.read(kept)).isEqualTo(fact);
      assertThat(FactRecord.asked(kept)).isEqualTo(asked);
      assertThat(kept.purpose()).isEqualTo(pinfold.state.Fact.MAIN);
    }
  }
}
