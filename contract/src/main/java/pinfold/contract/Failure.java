package pinfold.contract;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;

/**
 * What a user is told when something fails.
 *
 * @param code stable code, `PFnnnn`; text because a newer supervisor may know more codes than this
 *     {@link Code}
 * @param message one line that names the thing: `service "api" exited with 1 before it was ready`
 * @param detail what is known. Some keys are shown in a form of their own: `at`
 *     (`file:line:column`), `snippet` (source lines with a caret), `step` and `errno` (where it
 *     failed), `lines` (the last lines that the service printed), `problems` (several failures,
 *     each an object as {@link #json()} makes it), `operation` (id)
 * @param tries commands or actions that help, most helpful first; `try` on the wire
 */
public record Failure(String code, String message, Json.Obj detail, List<String> tries) {
  public Failure {
    requireNonNull(code, "code is null");
    requireNonNull(message, "message is null");
    requireNonNull(detail, "detail is null");
    tries = List.copyOf(tries);
  }

  public static Failure of(Code code, String message) {
    return new Failure(code.id(), message, Json.Obj.EMPTY, List.of());
  }

  /** The same with one more thing known. */
  public Failure with(String key, Json value) {
    return new Failure(code, message, detail.with(key, value), tries);
  }

  /** The same with one more thing known. */
  public Failure with(String key, String value) {
    return with(key, Json.of(value));
  }

  /** The same with one more thing known. */
  public Failure with(String key, long value) {
    return with(key, Json.of(value));
  }

  /** The same with the last lines that the service printed. */
  public Failure withLines(List<String> lines) {
    return lines.isEmpty() ? this : with("lines", Json.strings(lines));
  }

  /** The same with one more next step. */
  public Failure tryNext(String next) {
    List<String> all = new ArrayList<>(tries);
    all.add(next);
    return new Failure(code, message, detail, all);
  }

  /**
   * How a command ends that failed this way; {@link Exit#FAILED} for a code that this release does
   * not know.
   */
  public Exit exit() {
    return Code.of(code).map(Code::exit).orElse(Exit.FAILED);
  }

  /** The failure as an exception. */
  public PinfoldException exception() {
    return new PinfoldException(this);
  }

  /** `{"code", "message", "detail", "try"}`. */
  public Json.Obj json() {
    return Json.object("code", Json.of(code), "message", Json.of(message))
        .with("detail", detail)
        .with("try", Json.strings(tries));
  }

  /**
   * What {@link #json()} made, by whichever release; missing parts are empty.
   *
   * @throws PinfoldException {@link Code#BAD_MESSAGE} when a part has another type
   */
  public static Failure from(Json.Obj json) {
    List<String> tries = new ArrayList<>();
    if (json.get("try").orElse(Json.Arr.EMPTY) instanceof Json.Arr list) {
      list.items().forEach(item -> tries.add(Json.string(item, "try")));
    }
    Json detail = json.get("detail").orElse(Json.Obj.EMPTY);
    return new Failure(
        Json.string(json.get("code").orElse(Json.of(Code.BUG.id())), "code"),
        Json.string(json.get("message").orElse(Json.of("")), "message"),
        detail instanceof Json.Obj object ? object : Json.Obj.EMPTY,
        tries);
  }
}
