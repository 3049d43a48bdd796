package pinfold.supervisor;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import pinfold.contract.Failure;
import pinfold.contract.Json;
import pinfold.contract.PinfoldException;
import pinfold.contract.State;
import pinfold.core.Ledger;
import pinfold.core.Tally;
import pinfold.core.UnitName;
import pinfold.state.UnitIntent;

/// A ledger of the core as the database keeps it.
final class LedgerRecord {
  private LedgerRecord() {}

  /// The part that only the core reads.
  static Json.Obj write(Ledger ledger) {
    return Json.object("generation", Json.of(ledger.generation()))
        .with("once", Json.of(ledger.once()))
        .with("state", Json.of(ledger.state().name()))
        .with("end", Ends.write(ledger.end()))
        .with("failure", ledger.failure() == null ? Json.Null.NULL : ledger.failure().json())
        .with("run", Json.of(ledger.run()))
        .with("restarts", Json.of(ledger.restarts()))
        .with("recent", Json.array(ledger.recent().stream().map(LedgerRecord::tally).toList()))
        .with("step", Json.of(ledger.step()))
        .with("since", Json.of(ledger.since().toString()));
  }

  static Ledger read(UnitIntent unit) throws Fields.DamagedException {
    Fields fields = new Fields(unit.ledger());
    try {
      return new Ledger(
          UnitName.of(unit.project(), unit.unit()),
          fields.integer("generation"),
          unit.wanted(),
          fields.flag("once"),
          fields.word("state", State.class),
          Ends.read(fields, "end"),
          failure(fields),
          fields.integer("run"),
          fields.integer("restarts"),
          recent(fields),
          fields.integer("step"),
          fields.instant("since"));
    } catch (IllegalArgumentException | PinfoldException e) {
      throw new Fields.DamagedException(
          "the record of " + unit.project() + "/" + unit.unit() + " is damaged", e);
    }
  }

  private static Json tally(Tally tally) {
    return Json.object("at", Json.of(tally.at().toString()), "count", Json.of(tally.count()));
  }

  private static List<Tally> recent(Fields fields) throws Fields.DamagedException {
    List<Tally> all = new ArrayList<>();
    for (Fields tally : fields.parts("recent")) {
      all.add(new Tally(tally.instant("at"), tally.integer("count")));
    }
    return all;
  }

  private static @Nullable Failure failure(Fields fields) throws Fields.DamagedException {
    Fields part = fields.part("failure").orElse(null);
    return part == null ? null : Failure.from(part.object());
  }
}
