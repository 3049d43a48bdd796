package pinfold.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class GraphTest extends AnyManifest {
  private static final String SHOP =
      """
      services:
        web: {command: w, depends_on: [api]}
        api: {command: a, depends_on: [db, {service: migrate, condition: completed}]}
        worker: {command: k, depends_on: [db], profiles: [full]}
        migrate: {command: m, depends_on: [db]}
        db: {command: d, ready: {notify: true}}
        extra: {command: e, profiles: [full, rare]}
      """;

  private final Manifest shop = Texts.valid(SHOP);
  private final Graph graph = Graph.of(shop);

  @Test
  void dependenciesComeFirst() {
    assertThat(graph.order())
        .containsExactly(names("db", "worker", "migrate", "api", "web", "extra"));
    assertThat(graph.reverseOrder())
        .containsExactly(names("extra", "web", "api", "migrate", "worker", "db"));
  }

  @Test
  void neighboursAndAllBehindThem() {
    assertThat(graph.dependencies(name("api"))).containsExactly(names("db", "migrate"));
    assertThat(graph.dependents(name("db"))).containsExactly(names("api", "worker", "migrate"));
    assertThat(graph.withDependents(List.of(name("migrate"))))
        .containsExactly(names("migrate", "api", "web"));
    assertThat(graph.withDependencies(List.of(name("api"))))
        .containsExactly(names("db", "migrate", "api"));
    assertThat(graph.dependents(name("nobody"))).isEmpty();
    assertThat(graph.withDependents(List.of(name("nobody")))).isEmpty();
  }

  @Test
  void conditionsFollowWhatTheOtherDeclares() {
    assertThat(Texts.service("web", shop).dependsOn())
        .containsExactly(new Dependency(name("api"), Dependency.Condition.STARTED, false));
    assertThat(Texts.service("api", shop).dependsOn())
        .containsExactly(
            new Dependency(name("db"), Dependency.Condition.READY, false),
            new Dependency(name("migrate"), Dependency.Condition.COMPLETED, false));
  }

  @Test
  void profilesAndNamesSelect() {
    assertThat(shop.profiles()).containsExactly("full", "rare");
    assertThat(shop.selection(Set.of(), Set.of()))
        .containsExactly(names("db", "migrate", "api", "web"));
    assertThat(shop.selection(Set.of(), Set.of("rare")))
        .containsExactly(names("db", "migrate", "api", "web", "extra"));
    assertThat(shop.selection(Set.of(name("worker")), Set.of()))
        .containsExactly(names("db", "worker"));
  }

  @Test
  void aGraphOfAPartLeavesTheRestOut() {
    Graph part = Graph.of(List.of(Texts.service("web", shop), Texts.service("db", shop)));
    assertThat(part.dependencies(name("web"))).isEmpty();
  }

  @Test
  void cyclesAreFoundOnceEach() {
    Map<ServiceName, List<ServiceName>> edges = new java.util.LinkedHashMap<>();
    edges.put(name("in"), List.of(name("a")));
    edges.put(name("a"), List.of(name("b")));
    edges.put(name("b"), List.of(name("a"), name("leaf")));
    edges.put(name("leaf"), List.of());
    edges.put(name("c"), List.of(name("c")));
    assertThat(Graph.cycles(edges)).containsExactly(List.of(names("a", "b")), List.of(names("c")));
    Service self =
        Service.builder(name("x"), new Command.Shell("x"), Path.of("/"))
            .dependsOn(List.of(new Dependency(name("x"), Dependency.Condition.STARTED, false)))
            .build();
    assertThatThrownBy(() -> Graph.of(List.of(self)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("services wait for each other: [x]");
  }

  @Test
  void aChainOfAnyLengthIsWalked() {
    int length = 10_000;
    StringBuilder text = new StringBuilder("services:\n");
    for (int i = 0; i < length; i++) {
      text.append("  s")
          .append(i)
          .append(": {command: x")
          .append(i + 1 < length ? ", depends_on: [s" + (i + 1) + "]" : "")
          .append("}\n");
    }
    Graph long0 = Graph.of(Texts.valid(text.toString()));
    assertThat(long0.order().getFirst()).isEqualTo(name("s" + (length - 1)));
    assertThat(long0.withDependents(List.of(name("s" + (length - 1))))).hasSize(length);
    assertThat(
            Texts.problems(
                text.toString()
                    .replace(
                        "s" + (length - 1) + ": {command: x",
                        "s" + (length - 1) + ": {command: x, depends_on: [s0]")))
        .contains("PF1119");
  }

  @Property(tries = 100)
  void theOrderHoldsForAll(@ForAll("manifests") Manifest manifest) {
    List<ServiceName> seen = new ArrayList<>();
    for (ServiceName name : Graph.of(manifest).order()) {
      assertThat(seen).containsAll(Graph.of(manifest).dependencies(name));
      seen.add(name);
    }
    assertThat(seen).containsExactlyInAnyOrderElementsOf(manifest.services().keySet());
  }

  private static ServiceName name(String text) {
    return new ServiceName(text);
  }

  private static ServiceName[] names(String... texts) {
    return java.util.Arrays.stream(texts).map(ServiceName::new).toArray(ServiceName[]::new);
  }
}
