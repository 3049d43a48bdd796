package pinfold.manifest;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import pinfold.contract.Code;
import pinfold.contract.Json;
import pinfold.manifest.SourceValue.Entry;
import pinfold.manifest.SourceValue.Mapping;
import pinfold.manifest.SourceValue.Scalar;
import pinfold.manifest.SourceValue.Sequence;

/**
 * How a value is written. A shape reads it, and describes itself to the JSON Schema and to the
 * reference, so that the three cannot differ.
 */
sealed interface Shape<T> {
  /** The value, or empty when it is not of this shape; then at least one problem was added. */
  Optional<T> read(SourceValue value, Reading in);

  /** The JSON Schema of what is read. */
  Json.Obj schema();

  /** What a person writes: {@code a duration}. */
  String words();

  /** Reads the text of one scalar. */
  interface TextReader<T> {
    T read(Scalar scalar, Reading in) throws Refusal;
  }

  /** A single value. Quotes make no difference. */
  record One<T>(String words, Json.Obj schema, TextReader<T> reader) implements Shape<T> {
    @Override
    public Optional<T> read(SourceValue value, Reading in) {
      if (!(value instanceof Scalar scalar)
          || (scalar.kind() == SourceValue.Kind.NULL && !scalar.text().equals("~"))) {
        in.wrongKind(value, words);
        return Optional.empty();
      }
      try {
        return Optional.of(reader.read(scalar, in));
      } catch (Refusal e) {
        String shown =
            scalar.text().length() > 80 ? scalar.text().substring(0, 80) + "..." : scalar.text();
        in.problems.add(
            Problem.of(e.code(), scalar.at(), in.subject() + ": \"" + shown + "\" " + e.why())
                .why("it takes " + words)
                .help(e.hint()));
        return Optional.empty();
      }
    }
  }

  /** A list. */
  record Many<T>(String words, Shape<T> element, int least) implements Shape<List<T>> {
    @Override
    public Optional<List<T>> read(SourceValue value, Reading in) {
      if (!(value instanceof Sequence sequence) || sequence.items().size() < least) {
        in.wrongKind(value, words());
        return Optional.empty();
      }
      List<T> all = new ArrayList<>();
      int index = 0;
      for (SourceValue item : sequence.items()) {
        in.enter(Integer.toString(index++), item.at(), item.at());
        element.read(item, in).ifPresent(all::add);
        in.leave();
      }
      return all.size() == index ? Optional.of(all) : Optional.empty();
    }

    @Override
    public Json.Obj schema() {
      Json.Obj list = Json.object("type", Json.of("array"), "items", element.schema());
      return least == 0 ? list : list.with("minItems", Json.of(least));
    }
  }

  /**
   * A map whose keys are names that the user chooses.
   *
   * @param nameWords what a key is: {@code an environment variable}
   * @param pattern of valid keys, for the schema
   */
  record Named<T>(String nameWords, String pattern, Predicate<String> valid, Shape<T> element)
      implements Shape<Map<String, T>> {
    @Override
    public Optional<Map<String, T>> read(SourceValue value, Reading in) {
      if (!(value instanceof Mapping mapping)) {
        in.wrongKind(value, words());
        return Optional.empty();
      }
      Map<String, T> all = new LinkedHashMap<>();
      for (Entry entry : mapping.entries()) {
        if (!valid.test(entry.key())) {
          in.problems.add(
              Problem.of(
                      Code.BAD_NAME,
                      entry.at(),
                      "\"" + entry.key() + "\" cannot be the name of " + nameWords)
                  .why("it must match " + pattern));
          continue;
        }
        in.enter(entry.key(), entry.at(), entry.value().at());
        element.read(entry.value(), in).ifPresent(read -> all.put(entry.key(), read));
        in.leave();
      }
      return all.size() == mapping.entries().size() ? Optional.of(all) : Optional.empty();
    }

    @Override
    public Json.Obj schema() {
      return Json.object("type", Json.of("object"))
          .with("patternProperties", Json.object(pattern, element.schema()))
          .with("additionalProperties", Json.of(false));
    }

    @Override
    public String words() {
      return "a map from " + nameWords + " to " + element.words();
    }
  }

  /** Several shapes, told apart by the kind of the value. */
  record Either<T>(
      String words,
      List<Shape<? extends T>> scalars,
      List<Shape<? extends T>> lists,
      List<Shape<? extends T>> maps)
      implements Shape<T> {
    @Override
    public Optional<T> read(SourceValue value, Reading in) {
      List<Shape<? extends T>> fitting =
          switch (value) {
            case Scalar s -> scalars;
            case Sequence s -> lists;
            case Mapping m -> maps;
          };
      boolean nothing =
          value instanceof Scalar s && s.kind() == SourceValue.Kind.NULL && !s.text().equals("~");
      if (fitting.isEmpty() || nothing) {
        in.wrongKind(value, words);
        return Optional.empty();
      }
      return fitting.getFirst().read(value, in).map(Function.identity());
    }

    @Override
    public Json.Obj schema() {
      List<Json> all = new ArrayList<>();
      scalars.forEach(shape -> all.add(shape.schema()));
      lists.forEach(shape -> all.add(shape.schema()));
      maps.forEach(shape -> all.add(shape.schema()));
      return Json.object("anyOf", Json.array(all));
    }
  }

  /**
   * Forms of one kind of value, told apart by looking into it.
   *
   * @param choose the form to read a value by
   */
  record Union<T>(String words, List<Shape<T>> forms, Function<SourceValue, Shape<T>> choose)
      implements Shape<T> {
    @Override
    public Optional<T> read(SourceValue value, Reading in) {
      return choose.apply(value).read(value, in);
    }

    @Override
    public Json.Obj schema() {
      return Json.object("anyOf", Json.array(forms.stream().map(Shape::schema).toList()));
    }
  }

  /** A shape whose value means something else. */
  record As<A, T>(Shape<A> inner, Function<A, T> meaning) implements Shape<T> {
    @Override
    public Optional<T> read(SourceValue value, Reading in) {
      return inner.read(value, in).map(meaning);
    }

    @Override
    public Json.Obj schema() {
      return inner.schema();
    }

    @Override
    public String words() {
      return inner.words();
    }
  }

  /**
   * A shape that the schema already has at another place.
   *
   * @param pointer of that place, as a JSON Schema refers to it: {@code #/properties/services}
   */
  record Again<T>(Shape<T> inner, String pointer) implements Shape<T> {
    @Override
    public Optional<T> read(SourceValue value, Reading in) {
      return inner.read(value, in);
    }

    @Override
    public Json.Obj schema() {
      return Json.object("$ref", Json.of(pointer));
    }

    @Override
    public String words() {
      return inner.words();
    }
  }

  /**
   * A map whose keys are known.
   *
   * @param name as the reference calls it; what all of them share is described once
   * @param later keys of orders that have not landed; refused with these words, never accepted and
   *     ignored
   * @param meaning the record; only its own problems make it empty
   */
  record Keys<T>(
      String name, List<Key<?>> keys, List<String> later, Function<Fields, Optional<T>> meaning)
      implements Shape<T> {
    @Override
    public Optional<T> read(SourceValue value, Reading in) {
      if (!(value instanceof Mapping mapping)) {
        in.wrongKind(value, words());
        return Optional.empty();
      }
      int before = in.problems.count();
      Fields fields = new Fields(in, mapping);
      Set<String> meant = new HashSet<>();
      for (Entry entry : mapping.entries()) {
        if (!entry.key().startsWith("x-")) {
          keys.stream()
              .filter(k -> k.name().equals(entry.key()))
              .findFirst()
              .ifPresentOrElse(
                  key -> fields.read(key, entry), () -> unknown(entry, in).ifPresent(meant::add));
        }
      }
      for (Key<?> key : keys) {
        if (key.required() && !fields.has(key) && !meant.contains(key.name())) {
          in.problems.add(
              Problem.of(
                      Code.MISSING_KEY,
                      in.keyOr(mapping.at()),
                      in.subject() + " has no \"" + key.name() + "\"")
                  .why(key.text()));
        }
      }
      // What keys mean together is asked only when each is right by itself.
      return in.problems.count() > before ? Optional.empty() : meaning.apply(fields);
    }

    /** Says that there is no such key; gives the key that was probably meant. */
    private Optional<String> unknown(Entry entry, Reading in) {
      if (later.contains(entry.key())) {
        in.problems.add(
            Problem.of(
                    Code.NOT_AVAILABLE,
                    entry.at(),
                    "\"" + entry.key() + "\" is not available in this release")
                .why("it is never accepted and ignored")
                .help("remove it until a release has it"));
        return Optional.empty();
      }
      String of = in.member().isEmpty() ? "" : " in " + in.subject();
      List<String> names = keys.stream().map(Key::name).toList();
      Optional<String> meant =
          keys.stream()
              .filter(k -> k.synonyms().contains(entry.key()))
              .map(k -> k.name())
              .findFirst()
              .or(() -> Nearest.of(entry.key(), names));
      in.problems.add(
          Problem.of(Code.UNKNOWN_KEY, entry.at(), "unknown key \"" + entry.key() + "\"" + of)
              .help(
                  meant
                      .map(name -> "did you mean \"" + name + "\"?")
                      .orElse("the keys here are: " + String.join(", ", names))));
      return meant;
    }

    @Override
    public Json.Obj schema() {
      Json.Obj properties = Json.Obj.EMPTY;
      List<String> required = new ArrayList<>();
      for (Key<?> key : keys) {
        properties = properties.with(key.name(), key.schema());
        if (key.required()) {
          required.add(key.name());
        }
      }
      Json.Obj object =
          Json.object("type", Json.of("object"), "properties", properties)
              .with("patternProperties", Json.object("^x-", Json.Obj.EMPTY))
              .with("additionalProperties", Json.of(false));
      return required.isEmpty() ? object : object.with("required", Json.strings(required));
    }

    @Override
    public String words() {
      return "a map (" + name + ")";
    }
  }
}
