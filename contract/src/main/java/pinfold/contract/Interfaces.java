package pinfold.contract;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The interfaces that the supervisor speaks: their descriptions, and calls by their names. */
public final class Interfaces {
  /** Names, as GetInfo lists them. */
  public static final List<String> NAMES = List.of(VarlinkReply.SERVICE, Call.INTERFACE);

  private static final Map<String, Class<? extends Record>> CALLS = calls();

  private Interfaces() {}

  /** The description of an interface in Varlink's IDL; empty for one that is not spoken. */
  public static Optional<String> description(String name) {
    return NAMES.contains(name) ? Optional.of(resource(name + ".varlink")) : Optional.empty();
  }

  /**
   * A call of the supervisor's interface; unknown parameters are refused.
   *
   * @return empty when there is no such method
   * @throws PinfoldException {@link Code#INVALID_PARAMETER} with {@code parameter} in its detail
   */
  public static Optional<Call> call(VarlinkCall call) {
    String prefix = Call.INTERFACE + ".";
    if (!call.method().startsWith(prefix)) {
      return Optional.empty();
    }
    return Optional.ofNullable(CALLS.get(call.method().substring(prefix.length())))
        .map(type -> (Call) Records.read(type, call.parameters(), Records.Unknown.REFUSE));
  }

  static String resource(String name) {
    try (InputStream in = Interfaces.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new AssertionError("the resource " + name + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Class<? extends Record>> calls() {
    Map<String, Class<? extends Record>> calls = new java.util.HashMap<>();
    for (Class<?> type : Call.class.getPermittedSubclasses()) {
      calls.put(type.getSimpleName(), type.asSubclass(Record.class));
    }
    return Map.copyOf(calls);
  }
}
