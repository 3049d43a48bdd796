package pinfold.supervisor;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import pinfold.contract.Json;
import pinfold.core.Aim;
import pinfold.core.Fact;
import pinfold.core.Health;
import pinfold.core.Identity;
import pinfold.core.Purpose;
import pinfold.core.UnitName;
import pinfold.state.Fact.Proc;

/// A fact of the core as its file keeps it, together with what its spawn was asked with, so that a
/// survivor can be handed to a new keeper.
final class FactRecord {
  /// How a birth was asked of the keeper.
  ///
  /// @param log prefix of its log files
  /// @param cgroup below the keeper's cgroup directory; empty: contained by a warden
  /// @param segmentBytes size at which a log segment is closed
  /// @param merged stderr goes into the stream of stdout
  record Asked(String log, String cgroup, long segmentBytes, boolean merged) {}

  private FactRecord() {}

  static pinfold.state.Fact write(Fact fact, Asked asked) {
    Identity identity = fact.identity();
    return new pinfold.state.Fact(
        Reports.id(fact.id()),
        fact.unit().project(),
        fact.unit().service().text(),
        fact.slot(),
        fact.run(),
        fact.purpose().name().toLowerCase(Locale.ROOT),
        asked.merged() ? MERGED : 0,
        asked.log(),
        asked.cgroup(),
        asked.segmentBytes(),
        identity == null
            ? Optional.empty()
            : Optional.of(new Proc(identity.pid(), identity.startTicks(), identity.pidfsInode())),
        identity == null || identity.wardenPid() == 0
            ? Optional.empty()
            : Optional.of(new Proc(identity.wardenPid(), identity.wardenStartTicks(), 0)),
        identity == null ? 0 : identity.outPipe(),
        identity == null ? 0 : identity.errPipe(),
        fact.since(),
        core(fact));
  }

  /// PF_MERGE of protocol.h.
  private static final int MERGED = 4;

  private static Json.Obj core(Fact fact) {
    Aim aim = fact.aim();
    Instant readySince = fact.readySince();
    Map<String, Json> core = new LinkedHashMap<>();
    core.put("generation", Json.of(fact.generation()));
    core.put("executed", Json.of(fact.executed()));
    core.put("end", Ends.write(fact.end()));
    core.put("health", Json.of(fact.health().name()));
    core.put("aim", aim == null ? Json.Null.NULL : Json.of(aim.name()));
    core.put("paused", Json.of(fact.paused()));
    core.put("forked", Json.of(fact.forked()));
    core.put("mainPid", Json.of(fact.mainPid()));
    core.put("readySince", readySince == null ? Json.Null.NULL : Json.of(readySince.toString()));
    return new Json.Obj(core);
  }

  static Fact read(pinfold.state.Fact fact) throws Fields.DamagedException {
    Fields core = new Fields(fact.core());
    try {
      return new Fact(
          Reports.id(fact.birth()),
          UnitName.of(fact.project(), fact.unit()),
          fact.slot(),
          Purpose.valueOf(fact.purpose().toUpperCase(Locale.ROOT)),
          fact.run(),
          core.integer("generation"),
          identity(fact),
          core.flag("executed"),
          Ends.read(core, "end"),
          core.word("health", Health.class),
          core.has("aim") ? core.word("aim", Aim.class) : null,
          core.flag("paused"),
          core.flag("forked"),
          core.integer("mainPid"),
          fact.since(),
          core.has("readySince") ? core.instant("readySince") : null);
    } catch (IllegalArgumentException e) {
      throw new Fields.DamagedException("the fact of " + fact.birth() + " is damaged", e);
    }
  }

  static Asked asked(pinfold.state.Fact fact) {
    return new Asked(fact.log(), fact.cgroup(), fact.segmentBytes(), (fact.flags() & MERGED) != 0);
  }

  private static @Nullable Identity identity(pinfold.state.Fact fact) {
    if (fact.main().isEmpty()) {
      return null;
    }
    Proc main = fact.main().get();
    return new Identity(
        main.pid(),
        main.startTicks(),
        main.pidfsInode(),
        fact.warden().map(Proc::pid).orElse(0),
        fact.warden().map(Proc::startTicks).orElse(0L),
        fact.outPipe(),
        fact.errPipe());
  }
}
