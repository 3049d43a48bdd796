package pinfold.supervisor;

import org.jspecify.annotations.Nullable;
import pinfold.contract.Json;
import pinfold.core.End;

/// How a process ended, as it is recorded: `{"code": 1}`, `{"signal": 9}`, or `{}` when nobody
/// knows.
final class Ends {
  private Ends() {}

  static Json write(@Nullable End end) {
    return switch (end) {
      case null -> Json.Null.NULL;
      case End.Exited(int code) -> Json.object("code", Json.of(code));
      case End.Signalled(int signal) -> Json.object("signal", Json.of(signal));
      case End.Unknown() -> Json.Obj.EMPTY;
    };
  }

  /// @param name the field of `fields` that holds it; null when it holds none
  static @Nullable End read(Fields fields, String name) throws Fields.DamagedException {
    Fields end = fields.part(name).orElse(null);
    if (end == null) {
      return null;
    }
    try {
      return end.has("code")
          ? new End.Exited(end.integer("code"))
          : end.has("signal") ? new End.Signalled(end.integer("signal")) : new End.Unknown();
    } catch (IllegalArgumentException e) {
      throw Fields.damaged(name, e);
    }
  }
}
