package pinfold.state;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import pinfold.contract.Cause;
import pinfold.contract.Event;
import pinfold.contract.Json;

/**
 * Why a service is as it is, from what was written down of it: its own last changes, and where
 * another service brought one about, what had led that one there. Takes events from the newest
 * backwards, whichever supervisor told them. Not thread-safe.
 */
public final class CausalChain {
  /** Changes of the service itself that are told. */
  private static final int OWN = 16;

  /** Changes of each other service that are told. */
  private static final int OTHERS = 4;

  private static final int MOST = 32;

  private final String service;
  private final List<Cause> newestFirst = new ArrayList<>();

  /** How many changes of each service are still to be found. */
  private final Map<String, Integer> open = new HashMap<>();

  /**
   * An empty chain.
   *
   * @param service as {@code shop/api}, or its name alone where it has no project
   */
  public CausalChain(String service) {
    this.service = service;
    open.put(service, OWN);
  }

  /** The service that an event is about, as in {@link #CausalChain}; empty for what is of none. */
  public static Optional<String> about(Event event) {
    return event
        .name()
        .map(name ->
            event.project().filter(p -> !p.startsWith("_")).map(p -> p + "/").orElse("") + name);
  }

  /**
   * Takes the event before those that it has.
   *
   * @return false when the chain is complete
   */
  public boolean take(Event event) {
    String about = about(event).orElse("");
    int left = open.getOrDefault(about, 0);
    if (left > 0 && event.detail().get("state").isPresent()) {
      open.put(about, left - 1);
      Optional<String> because = text(event, "because");
      newestFirst.add(
          new Cause(
              Optional.of(event.time()),
              about.equals(service) ? event.message() : about + " " + event.message(),
              because,
              text(event, "key")));
      because.ifPresent(other -> open.putIfAbsent(other, OTHERS));
    }
    return newestFirst.size() < MOST && open.getOrDefault(service, 0) > 0;
  }

  private static Optional<String> text(Event event, String key) {
    return event.detail().get(key).orElse(Json.Null.NULL) instanceof Json.Str(String text)
        ? Optional.of(text)
        : Optional.empty();
  }

  /** What was found, the first cause first. */
  public List<Cause> causes() {
    return List.copyOf(newestFirst.reversed());
  }
}
