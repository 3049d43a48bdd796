package pinfold.manifest;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import pinfold.contract.Code;
import pinfold.manifest.SourceValue.Entry;
import pinfold.manifest.SourceValue.Kind;
import pinfold.manifest.SourceValue.Mapping;
import pinfold.manifest.SourceValue.Scalar;
import pinfold.manifest.SourceValue.Sequence;

/**
 * Builds the tree from the parser's events, with a stack of its own: depth, number of values
 * (aliases counted with all that they stand for) and size are bounded before anything recursive
 * sees the tree. No tag makes an object.
 */
final class YamlReader {
  /** In characters; room for some ten thousand services. */
  static final int LARGEST = 4 << 20;

  static final int DEEPEST = 50;
  static final int MOST_VALUES = 400_000;

  private static final List<String> PLAIN_TAGS =
      List.of(
          "!",
          "tag:yaml.org,2002:str",
          "tag:yaml.org,2002:int",
          "tag:yaml.org,2002:float",
          "tag:yaml.org,2002:bool",
          "tag:yaml.org,2002:null",
          "tag:yaml.org,2002:seq",
          "tag:yaml.org,2002:map");

  private record Anchored(SourceValue value, int weight) {}

  /** A collection that is still open. */
  private static final class Open {
    final Position at;
    final boolean mapping;
    final Optional<Anchor> anchor;
    final List<SourceValue> items = new ArrayList<>();
    final Map<String, Entry> entries = new LinkedHashMap<>();
    final List<SourceValue> merges = new ArrayList<>();
    @Nullable Scalar key;
    boolean mergeKey;
    int weight = 1;

    Open(Position at, boolean mapping, Optional<Anchor> anchor) {
      this.at = at;
      this.mapping = mapping;
      this.anchor = anchor;
    }
  }

  /** Ends a reading that has no sense to continue; its problem is already known. */
  private static final class Abandoned extends Exception {
    private static final long serialVersionUID = 1;
  }

  private final String file;
  private final Problems problems;
  private final Deque<Open> stack = new ArrayDeque<>();
  private final Map<Anchor, Anchored> anchors = new HashMap<>();
  private @Nullable SourceValue root;
  private int values;

  private YamlReader(String file, Problems problems) {
    this.file = file;
    this.problems = problems;
  }

  /** The tree, or empty when there is none or the text cannot be read; then there is a problem. */
  static Optional<SourceValue> read(String file, String text, Problems problems) {
    if (text.length() > LARGEST) {
      problems.add(
          Problem.of(
                  Code.INPUT_TOO_LARGE,
                  new Position(file, 1, 1, 1),
                  "the file has " + text.length() + " characters")
              .why("a manifest has at most " + LARGEST)
              .help("put data into files of their own and name them"));
      return Optional.empty();
    }
    YamlReader reader = new YamlReader(file, problems);
    try {
      reader.consume(text);
    } catch (Abandoned e) {
      return Optional.empty();
    }
    if (reader.root == null) {
      problems.add(
          Problem.of(Code.MISSING_KEY, new Position(file, 1, 1, 1), "the file is empty")
              .help("write `services:` with at least one service, or run `pinfold init`"));
    }
    return Optional.ofNullable(reader.root);
  }

  private void consume(String text) throws Abandoned {
    LoadSettings settings =
        LoadSettings.builder().setLabel(file).setCodePointLimit(LARGEST).build();
    try {
      String content = text.startsWith("\uFEFF") ? text.substring(1) : text;
      ParserImpl events = new ParserImpl(settings, new StreamReader(settings, content));
      while (events.hasNext()) {
        accept(events.next());
      }
    } catch (MarkedYamlEngineException e) {
      Position at =
          e.getProblemMark().or(e::getContextMark).map(m -> position(m, 1)).orElse(start());
      Problem problem =
          Problem.of(Code.BAD_SYNTAX, at, "this is not valid YAML: " + firstLine(e.getProblem()));
      if (e.getContext() != null) {
        Position from = e.getContextMark().map(m -> position(m, 1)).orElse(at);
        String doing = firstLine(e.getContext());
        problem = from.equals(at) ? problem.why(doing) : problem.related(from, doing);
      }
      throw abandon(problem);
    } catch (ReaderException e) {
      throw abandon(
          Problem.of(
              Code.BAD_SYNTAX,
              start(),
              "the file holds a character that YAML does not allow: U+"
                  + "%04X".formatted(e.getCodePoint())));
    } catch (YamlEngineException e) {
      throw abandon(Problem.of(Code.BAD_SYNTAX, start(), firstLine(e.getMessage())));
    }
  }

  private static String firstLine(@Nullable String text) {
    return text == null
        ? "the file is not valid YAML"
        : text.lines().findFirst().orElse("").strip();
  }

  private void accept(Event event) throws Abandoned {
    switch (event) {
      case ScalarEvent scalar -> add(scalar(scalar), scalar.getAnchor(), 1);
      case AliasEvent alias -> alias(alias);
      case MappingStartEvent start -> open(start, true, start.getTag(), start.getAnchor());
      case SequenceStartEvent start -> open(start, false, start.getTag(), start.getAnchor());
      case MappingEndEvent end -> close();
      case SequenceEndEvent end -> close();
      case DocumentStartEvent start -> {
        if (root != null) {
          throw abandon(
              Problem.of(Code.BAD_SYNTAX, position(start), "the file holds more than one document")
                  .why("a manifest is one YAML document"));
        }
      }
      default -> {}
    }
  }

  private Scalar scalar(ScalarEvent event) {
    Position at = position(event);
    String tag = event.getTag().orElse("");
    refuseTag(at, tag);
    Kind kind =
        event.isPlain() && !tag.equals("!") && !tag.endsWith(":str")
            ? Kind.ofPlain(event.getValue())
            : Kind.STRING;
    return new Scalar(at, event.getValue(), kind);
  }

  private void refuseTag(Position at, String tag) {
    if (!tag.isEmpty() && !PLAIN_TAGS.contains(tag)) {
      problems.addAndSpoil(
          Problem.of(Code.BAD_SYNTAX, at, "the tag " + tag + " means nothing here")
              .help("remove it; other files come in by `include`"),
          at);
    }
  }

  private void alias(AliasEvent event) throws Abandoned {
    Anchored target = anchors.get(event.getAlias());
    if (target == null) {
      String name = event.getAlias().getValue();
      boolean inside = stack.stream().anyMatch(o -> o.anchor.equals(Optional.of(event.getAlias())));
      throw abandon(
          Problem.of(
              Code.BAD_SYNTAX,
              position(event),
              inside
                  ? "*" + name + " stands inside the value that it names"
                  : "there is no anchor &" + name + " before this"));
    }
    add(target.value, Optional.empty(), target.weight);
  }

  private void open(Event event, boolean mapping, Optional<String> tag, Optional<Anchor> anchor)
      throws Abandoned {
    Position at = position(event);
    refuseTag(at, tag.orElse(""));
    if (stack.size() >= DEEPEST) {
      throw abandon(
          Problem.of(Code.INPUT_TOO_LARGE, at, "values are nested more than " + DEEPEST + " deep"));
    }
    stack.push(new Open(at, mapping, anchor));
  }

  private void close() throws Abandoned {
    Open done = stack.pop();
    SourceValue value =
        done.mapping
            ? new Mapping(done.at, List.copyOf(merged(done).values()))
            : new Sequence(done.at, done.items);
    add(value, done.anchor, done.weight);
  }

  /** Own keys win over merged ones, earlier merges over later ones, as YAML's merge key says. */
  private Map<String, Entry> merged(Open open) {
    Map<String, Entry> all = new LinkedHashMap<>(open.entries);
    for (SourceValue merge : open.merges) {
      List<SourceValue> sources = merge instanceof Sequence list ? list.items() : List.of(merge);
      for (SourceValue source : sources) {
        if (source instanceof Mapping map) {
          map.entries().forEach(e -> all.putIfAbsent(e.key(), e));
        } else {
          problems.add(
              Problem.of(
                  Code.WRONG_SHAPE, source.at(), "`<<` merges maps, not " + source.kindWords()));
        }
      }
    }
    return all;
  }

  private void add(SourceValue value, Optional<Anchor> anchor, int weight) throws Abandoned {
    anchor.ifPresent(name -> anchors.put(name, new Anchored(value, weight)));
    Open parent = stack.peek();
    if (parent == null || !(parent.mapping && parent.key == null)) {
      values += weight;
      if (values > MOST_VALUES) {
        throw abandon(
            Problem.of(
                    Code.INPUT_TOO_LARGE,
                    value.at(),
                    "the file stands for more than " + MOST_VALUES + " values")
                .why("each alias counts with everything that it stands for"));
      }
    }
    if (parent == null) {
      root = value;
      return;
    }
    parent.weight = Math.min(MOST_VALUES, parent.weight + weight);
    if (!parent.mapping) {
      parent.items.add(value);
    } else if (parent.key == null) {
      key(parent, value);
    } else {
      entry(parent, parent.key, value);
    }
  }

  private void key(Open parent, SourceValue value) throws Abandoned {
    if (!(value instanceof Scalar scalar)) {
      throw abandon(
          Problem.of(
                  Code.WRONG_SHAPE, value.at(), "a key is a single value, not " + value.kindWords())
              .why("text such as {{name}} needs quotes"));
    }
    parent.key = scalar;
    parent.mergeKey = scalar.text().equals("<<") && scalar.at().width() == 2;
  }

  private void entry(Open parent, Scalar key, SourceValue value) {
    parent.key = null;
    if (parent.mergeKey) {
      parent.merges.add(value);
      return;
    }
    Entry first = parent.entries.putIfAbsent(key.text(), new Entry(key.text(), key.at(), value));
    if (first != null) {
      problems.add(
          Problem.of(Code.DUPLICATE_KEY, key.at(), "the key \"" + key.text() + "\" is given twice")
              .related(first.at(), "it was first given here"));
    }
  }

  private Abandoned abandon(Problem problem) {
    problems.add(problem);
    return new Abandoned();
  }

  private Position start() {
    return new Position(file, 1, 1, 1);
  }

  private Position position(Event event) {
    Optional<Mark> from = event.getStartMark();
    if (from.isEmpty()) {
      return start();
    }
    int width =
        event
            .getEndMark()
            .filter(to -> to.getLine() == from.get().getLine())
            .map(to -> to.getColumn() - from.get().getColumn())
            .orElse(1);
    return position(from.get(), width);
  }

  private Position position(Mark mark, int width) {
    return new Position(file, mark.getLine() + 1, mark.getColumn() + 1, Math.max(1, width));
  }
}
