package pinfold.contract;

import java.util.Set;

/** What calls and replies have in common. */
final class VarlinkMessage {
  private VarlinkMessage() {}

  static Json.Obj parameters(Json.Obj message) {
    Json parameters = message.get("parameters").orElse(Json.Null.NULL);
    if (parameters instanceof Json.Obj object) {
      return object;
    }
    if (parameters == Json.Null.NULL) {
      return Json.Obj.EMPTY;
    }
    throw PinfoldException.of(Code.BAD_MESSAGE, "\"parameters\" is not an object");
  }

  static boolean flag(Json.Obj message, String name) {
    Json flag = message.get(name).orElse(Json.Null.NULL);
    if (flag instanceof Json.Bool(boolean value)) {
      return value;
    }
    if (flag == Json.Null.NULL) {
      return false;
    }
    throw PinfoldException.of(Code.BAD_MESSAGE, "\"" + name + "\" is not a truth value");
  }

  static void onlyKnown(Json.Obj message, String... names) {
    Set<String> known = Set.of(names);
    for (String name : message.fields().keySet()) {
      if (!known.contains(name)) {
        throw PinfoldException.of(Code.BAD_MESSAGE, "a message has no \"" + name + "\"");
      }
    }
  }
}
