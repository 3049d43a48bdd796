package pinfold.contract;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A call as it goes over the wire.
 *
 * @param method with its interface
 * @param more several replies are welcome
 * @param oneway no reply is
 * @param upgrade after the reply the connection speaks another protocol
 */
public record VarlinkCall(
    String method, Json.Obj parameters, boolean more, boolean oneway, boolean upgrade) {
  /** A call of the supervisor's interface, for one reply. */
  public static VarlinkCall of(Call call) {
    return new VarlinkCall(
        Call.INTERFACE + "." + call.method(), Records.write((Record) call), false, false, false);
  }

  public VarlinkCall withMore() {
    return new VarlinkCall(method, parameters, true, oneway, upgrade);
  }

  public VarlinkCall withUpgrade() {
    return new VarlinkCall(method, parameters, more, oneway, true);
  }

  Json.Obj json() {
    Map<String, Json> fields = new LinkedHashMap<>();
    fields.put("method", Json.of(method));
    fields.put("parameters", parameters);
    if (more) {
      fields.put("more", Json.of(true));
    }
    if (oneway) {
      fields.put("oneway", Json.of(true));
    }
    if (upgrade) {
      fields.put("upgrade", Json.of(true));
    }
    return new Json.Obj(fields);
  }

  static VarlinkCall from(Json.Obj json) {
    VarlinkMessage.onlyKnown(json, "method", "parameters", "more", "oneway", "upgrade");
    return new VarlinkCall(
        Json.string(json.get("method").orElse(Json.Null.NULL), "method"),
        VarlinkMessage.parameters(json),
        VarlinkMessage.flag(json, "more"),
        VarlinkMessage.flag(json, "oneway"),
        VarlinkMessage.flag(json, "upgrade"));
  }
}
