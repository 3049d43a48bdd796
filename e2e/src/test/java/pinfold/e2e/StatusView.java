package pinfold.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What `status --json` says, read with another parser than the product's. */
record StatusView(long supervisor, long keeper, List<Service> services) {
  private static final JsonMapper MAPPER = new JsonMapper();

  record Service(
      String project,
      String name,
      String wanted,
      String state,
      String health,
      String reason,
      int restarts,
      List<Instance> instances) {

    long pid() {
      return instances.stream()
          .mapToLong(Instance::pid)
          .filter(pid -> pid > 0)
          .findFirst()
          .orElse(0);
    }

    boolean is(String expected) {
      return state.equals(expected);
    }
  }

  record Instance(
      int slot,
      String id,
      long pid,
      String state,
      Optional<Integer> exitCode,
      Optional<String> exitSignal) {}

  static StatusView parse(String json) {
    JsonNode root = MAPPER.readTree(json);
    List<Service> services = new ArrayList<>();
    for (JsonNode service : root.path("services")) {
      List<Instance> instances = new ArrayList<>();
      for (JsonNode instance : service.path("instances")) {
        JsonNode exit = instance.path("exit");
        instances.add(
            new Instance(
                instance.path("slot").asInt(),
                instance.path("id").asString(""),
                instance.path("pid").asLong(0),
                instance.path("state").asString(),
                exit.path("code").isInt()
                    ? Optional.of(exit.path("code").asInt())
                    : Optional.empty(),
                exit.path("signal").isString()
                    ? Optional.of(exit.path("signal").asString())
                    : Optional.empty()));
      }
      services.add(
          new Service(
              service.path("project").asString(),
              service.path("name").asString(),
              service.path("wanted").asString(),
              service.path("state").asString(),
              service.path("health").asString(""),
              service.path("reason").asString(""),
              service.path("restarts").asInt(),
              instances));
    }
    JsonNode supervisor = root.path("supervisor");
    return new StatusView(
        supervisor.path("pid").asLong(0), supervisor.path("keeper_pid").asLong(0), services);
  }

  Service service(String name) {
    return services.stream()
        .filter(service -> service.name.equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no service " + name + " in " + this));
  }

  boolean has(String name) {
    return services.stream().anyMatch(service -> service.name.equals(name));
  }

  /** Process ids of everything that is said to have a process. */
  List<Long> pids() {
    return services.stream()
        .flatMap(service -> service.instances.stream())
        .map(Instance::pid)
        .filter(pid -> pid > 0)
        .sorted()
        .toList();
  }
}
