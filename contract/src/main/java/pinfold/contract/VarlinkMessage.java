package pinfold.contract;

import java.util.Set;

/** What calls and replies have in common. */
final class VarlinkMessage {
  private VarlinkMessage() {}

  static Json.Obj parameters(Json.Obj message) {
    return switch (message.get("parameters").orElse(Json.Null.NULL)) {
      case Json.Obj object -> object;
      case Json.Null _ -> Json.Obj.EMPTY;
      case Json.Arr _, Json.Str _, Json.Int _, Json.Real _, Json.Bool _ ->
          throw PinfoldException.of(Code.BAD_MESSAGE, "\"parameters\" is not an object");
    };
  }

  static boolean flag(Json.Obj message, String name) {
    return switch (message.get(name).orElse(Json.Null.NULL)) {
      case Json.Bool(boolean value) -> value;
      case Json.Null _ -> false;
      case Json.Obj _, Json.Arr _, Json.Str _, Json.Int _, Json.Real _ ->
          throw PinfoldException.of(Code.BAD_MESSAGE, "\"" + name + "\" is not a truth value");
    };
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
