package pinfold.state;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import pinfold.contract.Json;
import pinfold.contract.Times;
import pinfold.linux.BirthId;

/** Facts as JSON and back. */
final class FactJson {
  private FactJson() {}

  static Json.Obj write(Fact fact) {
    Map<String, Json> json = new LinkedHashMap<>();
    json.put("birth", Json.of(fact.birth().text()));
    json.put("project", Json.of(fact.project()));
    json.put("unit", Json.of(fact.unit()));
    json.put("slot", Json.of(fact.slot()));
    json.put("run", Json.of(fact.run()));
    json.put("purpose", Json.of(fact.purpose()));
    json.put("flags", Json.of(fact.flags()));
    json.put("log", Json.of(fact.log()));
    json.put("cgroup", Json.of(fact.cgroup()));
    json.put("segment_bytes", Json.of(fact.segmentBytes()));
    json.put("out_pipe", Json.of(fact.outPipe()));
    json.put("err_pipe", Json.of(fact.errPipe()));
    json.put("since", Json.of(Times.text(fact.since())));
    json.put("core", fact.core());
    fact.main().ifPresent(main -> json.put("main", process(main)));
    fact.warden().ifPresent(warden -> json.put("warden", process(warden)));
    return new Json.Obj(json);
  }

  private static Json process(Fact.Proc process) {
    Map<String, Json> json = new LinkedHashMap<>();
    json.put("pid", Json.of(process.pid()));
    json.put("start_ticks", Json.of(process.startTicks()));
    json.put("pidfs_inode", Json.of(process.pidfsInode()));
    return new Json.Obj(json);
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
