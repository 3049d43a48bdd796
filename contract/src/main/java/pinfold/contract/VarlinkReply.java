package pinfold.contract;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A reply as it goes over the wire.
 *
 * @param error with its interface; then the parameters are the error's
 * @param continues more replies to the same call follow
 */
public record VarlinkReply(Json.Obj parameters, Optional<String> error, boolean continues) {
  /** The error that carries a {@link Failure}. */
  public static final String FAILED = Call.INTERFACE + ".Failed";

  /** The interface that every Varlink service has. */
  public static final String SERVICE = "org.varlink.service";

  public static VarlinkReply last(Reply reply) {
    return new VarlinkReply(Records.write((Record) reply), Optional.empty(), false);
  }

  /** A reply that others follow. */
  public static VarlinkReply continued(Reply reply) {
    return new VarlinkReply(Records.write((Record) reply), Optional.empty(), true);
  }

  public static VarlinkReply failed(Failure failure) {
    return new VarlinkReply(failure.json(), Optional.of(FAILED), false);
  }

  /** An error of org.varlink.service, such as {@code MethodNotFound} with {@code method}. */
  public static VarlinkReply serviceError(String name, Json.Obj parameters) {
    return new VarlinkReply(parameters, Optional.of(SERVICE + "." + name), false);
  }

  /**
   * The parameters as a record; unknown fields are ignored.
   *
   * @throws PinfoldException the failure that this reply is, or {@link Code#RELEASE_MISMATCH} when
   *     it has another shape
   */
  public <R extends Record> R as(Class<R> type) {
    Optional<Failure> failure = failure();
    if (failure.isPresent()) {
      throw failure.get().exception();
    }
    try {
      return Records.read(type, parameters, Records.Unknown.IGNORE);
    } catch (PinfoldException e) {
      throw new PinfoldException(
          mismatch("the supervisor's answer is not understood: " + e.failure().message()), e);
    }
  }

  /**
   * What went wrong, if this is an error; errors of the Varlink service itself become failures with
   * codes, too.
   */
  public Optional<Failure> failure() {
    return error.map(this::failure);
  }

  private Failure failure(String name) {
    return switch (name) {
      case FAILED -> Failure.from(parameters);
      case SERVICE + ".InvalidParameter" ->
          Failure.of(
              Code.INVALID_PARAMETER,
              "the supervisor refuses the parameter \"" + named("parameter") + "\"");
      case SERVICE + ".PermissionDenied" ->
          Failure.of(Code.NOT_ALLOWED, "the supervisor refuses this user");
      case SERVICE + ".MethodNotFound", SERVICE + ".MethodNotImplemented" ->
          mismatch("the running supervisor does not know the method \"" + named("method") + "\"");
      case SERVICE + ".InterfaceNotFound" ->
          mismatch(
              "the running supervisor does not know the interface \"" + named("interface") + "\"");
      default -> Failure.of(Code.BAD_MESSAGE, "the supervisor answered with the error " + name);
    };
  }

  private String named(String field) {
    return parameters.get(field).orElse(Json.Null.NULL) instanceof Json.Str(String value)
        ? value
        : "?";
  }

  private static Failure mismatch(String message) {
    return Failure.of(Code.RELEASE_MISMATCH, message)
        .tryNext("pinfold version    (shows both releases)")
        .tryNext("pinfold system upgrade    (this release takes over; services go on)");
  }

  Json.Obj json() {
    Map<String, Json> fields = new LinkedHashMap<>();
    error.ifPresent(name -> fields.put("error", Json.of(name)));
    fields.put("parameters", parameters);
    if (continues) {
      fields.put("continues", Json.of(true));
    }
    return new Json.Obj(fields);
  }

  static VarlinkReply from(Json.Obj json) {
    Json error = json.get("error").orElse(Json.Null.NULL);
    return new VarlinkReply(
        VarlinkMessage.parameters(json),
        error == Json.Null.NULL ? Optional.empty() : Optional.of(Json.string(error, "error")),
        VarlinkMessage.flag(json, "continues"));
  }
}
