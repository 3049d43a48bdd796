package pinfold.manifest;

import java.util.List;
import java.util.Optional;
import pinfold.contract.Json;

/**
 * One row of the table of keys.
 *
 * @param fallback what the manifest means without the key, as one would write it; empty where there
 *     is no value then
 * @param usual the same, read by the shape
 * @param required whether the map cannot be without it
 * @param text what it does, one or two sentences; shown by editors and in the reference
 * @param synonyms what people of other tools write for it
 */
record Key<T>(
    String name,
    Shape<T> shape,
    Optional<String> fallback,
    Optional<T> usual,
    boolean required,
    String text,
    List<String> synonyms) {
  static <T> Key<T> of(String name, Shape<T> shape, String text) {
    return new Key<>(name, shape, Optional.empty(), Optional.empty(), false, text, List.of());
  }

  /** The same with a default. */
  Key<T> or(String value) {
    return new Key<>(
        name,
        shape,
        Optional.of(value),
        Optional.of(understood(shape, value)),
        required,
        text,
        synonyms);
  }

  /** The same, and the map cannot be without it. */
  Key<T> must() {
    return new Key<>(name, shape, fallback, usual, true, text, synonyms);
  }

  /** The same key of the whole manifest at another place. */
  Key<T> again() {
    return new Key<>(
        name,
        new Shape.Again<>(shape, "#/properties/" + name),
        fallback,
        usual,
        required,
        text,
        synonyms);
  }

  /** The same with the words of other tools. */
  Key<T> alias(String... others) {
    return new Key<>(name, shape, fallback, usual, required, text, List.of(others));
  }

  Json.Obj schema() {
    Json.Obj schema = shape.schema().with("description", Json.of(text));
    return fallback.map(value -> schema.with("default", Json.of(value))).orElse(schema);
  }

  /** The default, read by the key's own shape. */
  Optional<T> meaning() {
    return usual;
  }

  private static <T> T understood(Shape<T> shape, String value) {
    Problems problems = new Problems();
    return YamlReader.read("<built-in>", value, problems)
        .flatMap(tree ->
            shape.read(
                tree,
                new Reading(problems, Optional.empty(), Optional.of(java.nio.file.Path.of("/")))))
        .orElseThrow(() -> new AssertionError(value + ": " + problems.sorted()));
  }
}
