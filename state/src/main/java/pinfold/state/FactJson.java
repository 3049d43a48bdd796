package pinfold.state;

import java.time.Instant;
import java.util.Optional;
import pinfold.contract.Json;
import pinfold.contract.Times;
import pinfold.linux.BirthId;

/** Facts as JSON and back. */
final class FactJson {
  private FactJson() {}

  static Json.Obj write(Fact fact) {
    Json.Obj json =
        Json.object("birth", Json.of(fact.birth().text()), "project", Json.of(fact.project()))
            .with("unit", Json.of(fact.unit()))
            .with("slot", Json.of(fact.slot()))
            .with("run", Json.of(fact.run()))
            .with("purpose", Json.of(fact.purpose()))
            .with("flags", Json.of(fact.flags()))
            .with("log", Json.of(fact.log()))
            .with("cgroup", Json.of(fact.cgroup()))
            .with("segment_bytes", Json.of(fact.segmentBytes()))
            .with("out_pipe", Json.of(fact.outPipe()))
            .with("err_pipe", Json.of(fact.errPipe()))
            .with("since", Json.of(Times.text(fact.since())))
            .with("core", fact.core());
    if (fact.main().isPresent()) {
      json = json.with("main", process(fact.main().get()));
    }
    if (fact.warden().isPresent()) {
      json = json.with("warden", process(fact.warden().get()));
    }
    return json;
  }

  private static Json process(Fact.Proc process) {
    return Json.object("pid", Json.of(process.pid()))
        .with("start_ticks", Json.of(process.startTicks()))
        .with("pidfs_inode", Json.of(process.pidfsInode()));
  }

  /**
   * The inverse of {@link #write}; fields that this release does not know are ignored.
   *
   * @throws IllegalArgumentException when it is something else
   */
  static Fact read(Json json) {
    if (!(json instanceof Json.Obj object)) {
      throw new IllegalArgumentException("not an object");
    }
    return new Fact(
        BirthId.parse(text(object, "birth")),
        text(object, "project"),
        text(object, "unit"),
        number(object, "slot"),
        number(object, "run"),
        text(object, "purpose"),
        number(object, "flags"),
        text(object, "log"),
        text(object, "cgroup"),
        whole(object, "segment_bytes"),
        process(object, "main"),
        process(object, "warden"),
        whole(object, "out_pipe"),
        whole(object, "err_pipe"),
        time(text(object, "since")),
        object.get("core").orElse(Json.Obj.EMPTY) instanceof Json.Obj core ? core : Json.Obj.EMPTY);
  }

  private static Optional<Fact.Proc> process(Json.Obj object, String name) {
    return object
        .get(name)
        .map(value -> {
          if (value instanceof Json.Obj process) {
            return new Fact.Proc(
                number(process, "pid"),
                whole(process, "start_ticks"),
                whole(process, "pidfs_inode"));
          }
          throw new IllegalArgumentException("\"" + name + "\" is not an object");
        });
  }

  private static Instant time(String text) {
    return Times.parse(text)
        .orElseThrow(() -> new IllegalArgumentException("not a time: \"" + text + '"'));
  }

  private static String text(Json.Obj object, String name) {
    if (object.get(name).orElse(Json.Null.NULL) instanceof Json.Str(String value)) {
      return value;
    }
    throw new IllegalArgumentException("no string \"" + name + '"');
  }

  private static long whole(Json.Obj object, String name) {
    if (object.get(name).orElse(Json.Null.NULL) instanceof Json.Int(long value)) {
      return value;
    }
    throw new IllegalArgumentException("no whole number \"" + name + '"');
  }

  private static int number(Json.Obj object, String name) {
    long value = whole(object, name);
    if (value != (int) value) {
      throw new IllegalArgumentException("\"" + name + "\" is out of range: " + value);
    }
    return (int) value;
  }
}
