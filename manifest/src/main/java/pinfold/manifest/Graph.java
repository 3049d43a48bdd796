package pinfold.manifest;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;

/**
 * Who waits for whom. Immutable; every walk is iterative, so that a chain of any length is walked.
 */
public final class Graph {
  private final Map<ServiceName, List<ServiceName>> dependencies;
  private final Map<ServiceName, List<ServiceName>> dependents = new LinkedHashMap<>();
  private final List<ServiceName> order;

  private Graph(Map<ServiceName, List<ServiceName>> dependencies) {
    this.dependencies = dependencies;
    dependencies.keySet().forEach(name -> dependents.put(name, new ArrayList<>()));
    dependencies.forEach((name, on) -> on.forEach(d -> listAt(dependents, d).add(name)));
    this.order = sorted();
  }

  /** The graph of a manifest. */
  public static Graph of(Manifest manifest) {
    return of(manifest.services().values());
  }

  /**
   * The graph of some services; dependencies on others than these are left out.
   *
   * @throws IllegalArgumentException if they wait for each other
   */
  public static Graph of(Collection<Service> services) {
    Map<ServiceName, List<ServiceName>> edges = new LinkedHashMap<>();
    services.forEach(s -> edges.put(s.name(), new ArrayList<>()));
    services.forEach(s ->
        s.dependsOn().stream()
            .map(Dependency::service)
            .filter(edges::containsKey)
            .forEach(listAt(edges, s.name())::add));
    List<List<ServiceName>> cycles = cycles(edges);
    if (!cycles.isEmpty()) {
      throw new IllegalArgumentException("services wait for each other: " + cycles.getFirst());
    }
    return new Graph(edges);
  }

  /** Every service after all that it depends on; otherwise in the order of the manifest. */
  public List<ServiceName> order() {
    return order;
  }

  /** The opposite of {@link #order}: every service before all that it depends on. */
  public List<ServiceName> reverseOrder() {
    return order.reversed();
  }

  /** What a service waits for, directly; empty for a name that is not here. */
  public List<ServiceName> dependencies(ServiceName name) {
    return List.copyOf(dependencies.getOrDefault(name, List.of()));
  }

  /** Who waits for a service, directly; empty for a name that is not here. */
  public List<ServiceName> dependents(ServiceName name) {
    return List.copyOf(dependents.getOrDefault(name, List.of()));
  }

  /** The given ones and all that they wait for, in {@link #order}. */
  public SequencedSet<ServiceName> withDependencies(Collection<ServiceName> names) {
    return reach(names, dependencies);
  }

  /** The given ones and all that wait for them, in {@link #order}. */
  public SequencedSet<ServiceName> withDependents(Collection<ServiceName> names) {
    return reach(names, dependents);
  }

  private SequencedSet<ServiceName> reach(
      Collection<ServiceName> names, Map<ServiceName, List<ServiceName>> edges) {
    Set<ServiceName> found = new LinkedHashSet<>();
    Deque<ServiceName> open = new ArrayDeque<>(names);
    while (!open.isEmpty()) {
      ServiceName name = open.pop();
      if (dependencies.containsKey(name) && found.add(name)) {
        edges.getOrDefault(name, List.of()).forEach(open::push);
      }
    }
    SequencedSet<ServiceName> sorted = new LinkedHashSet<>(order);
    sorted.retainAll(found);
    return sorted;
  }

  private List<ServiceName> sorted() {
    Map<ServiceName, Integer> missing = new HashMap<>();
    dependencies.forEach((name, on) -> missing.put(name, on.size()));
    List<ServiceName> rank = List.copyOf(dependencies.keySet());
    Map<ServiceName, Integer> place = new HashMap<>();
    rank.forEach(name -> place.put(name, place.size()));
    java.util.PriorityQueue<ServiceName> free =
        new java.util.PriorityQueue<>(
            java.util.Comparator.comparing(name -> place.getOrDefault(name, 0)));
    missing.forEach((name, count) -> {
      if (count == 0) {
        free.add(name);
      }
    });
    List<ServiceName> sorted = new ArrayList<>();
    while (!free.isEmpty()) {
      ServiceName name = free.remove();
      sorted.add(name);
      for (ServiceName waiting : listAt(dependents, name)) {
        if (missing.merge(waiting, -1, Integer::sum) == 0) {
          free.add(waiting);
        }
      }
    }
    return List.copyOf(sorted);
  }

  /**
   * Some cycles, at least one if there is any, no service in two of them; each as the path that a
   * reader follows, without its first name repeated at the end.
   */
  static List<List<ServiceName>> cycles(Map<ServiceName, List<ServiceName>> edges) {
    Map<ServiceName, List<ServiceName>> left = new LinkedHashMap<>();
    edges.forEach((name, on) -> left.put(name, new ArrayList<>(on)));
    List<List<ServiceName>> found = new ArrayList<>();
    while (true) {
      prune(left);
      Optional<ServiceName> start = left.keySet().stream().findFirst();
      if (start.isEmpty()) {
        return found;
      }
      List<ServiceName> path = new ArrayList<>();
      Set<ServiceName> seen = new LinkedHashSet<>();
      ServiceName at = start.get();
      while (seen.add(at)) {
        path.add(at);
        at = listAt(left, at).getFirst();
      }
      List<ServiceName> cycle = List.copyOf(path.subList(path.indexOf(at), path.size()));
      found.add(cycle);
      cycle.forEach(left::remove);
    }
  }

  /** Takes away all that waits for nothing that is left. */
  private static void prune(Map<ServiceName, List<ServiceName>> left) {
    Map<ServiceName, List<ServiceName>> back = new HashMap<>();
    left.forEach((name, on) -> {
      on.removeIf(d -> !left.containsKey(d));
      on.forEach(d -> back.computeIfAbsent(d, k -> new ArrayList<>()).add(name));
    });
    Deque<ServiceName> free =
        new ArrayDeque<>(left.keySet().stream().filter(n -> listAt(left, n).isEmpty()).toList());
    while (!free.isEmpty()) {
      ServiceName name = free.pop();
      left.remove(name);
      for (ServiceName waiting : back.getOrDefault(name, List.of())) {
        List<ServiceName> on = left.get(waiting);
        if (on != null && on.removeIf(name::equals) && on.isEmpty()) {
          free.push(waiting);
        }
      }
    }
  }

  private static List<ServiceName> listAt(
      Map<ServiceName, List<ServiceName>> map, ServiceName name) {
    List<ServiceName> list = map.get(name);
    if (list == null) {
      throw new AssertionError(name + " is not in the graph");
    }
    return list;
  }
}
