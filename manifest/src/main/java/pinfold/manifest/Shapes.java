package pinfold.manifest;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import pinfold.contract.Code;
import pinfold.contract.Json;
import pinfold.manifest.Shape.As;
import pinfold.manifest.Shape.Either;
import pinfold.manifest.Shape.Many;
import pinfold.manifest.Shape.One;

/** The single values of a manifest. */
final class Shapes {
  private static final String DURATION_TEXT =
      "^([0-9]+|([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?)$";
  private static final String SIZE_TEXT = "^[0-9]+ ?([KMGTkmgt]?[Bb]?|[KMGTkmgt][Ii][Bb])$";

  static final Shape<String> TEXT =
      new One<>("a string", scalarSchema(), (s, in) -> withoutNul(s.text()));

  static final Shape<Boolean> BOOL =
      new One<>(
          "true or false",
          orVariable(anyOf(Json.object("type", Json.of("boolean")), pattern("^(true|false)$"))),
          (s, in) ->
              switch (s.text()) {
                case "true", "True", "TRUE" -> true;
                case "false", "False", "FALSE" -> false;
                case "yes", "on" ->
                    throw new Refusal(Code.UNKNOWN_VALUE, "is a string in YAML 1.2", "write true");
                case "no", "off" ->
                    throw new Refusal(Code.UNKNOWN_VALUE, "is a string in YAML 1.2", "write false");
                default -> throw new Refusal(Code.UNKNOWN_VALUE, "is no truth value", "");
              });

  static final Shape<Duration> DURATION =
      duration("a duration (250ms, 5s, 2m, 1h30m, 14d; a bare number is seconds)", false);
  static final Shape<Duration> SPAN =
      duration("a duration above zero (250ms, 5s, 2m, 1h30m, 14d; a bare number is seconds)", true);

  static final Shape<Size> SIZE =
      new One<>(
          "a size (512K, 50M, 2G by 1024; MB, GB by 1000; a bare number is bytes)",
          orVariable(
              anyOf(
                  Json.object("type", Json.of("integer"), "minimum", Json.of(0)),
                  pattern(SIZE_TEXT))),
          (s, in) ->
              Sizes.parse(s.text())
                  .orElseThrow(() -> new Refusal(Code.BAD_UNIT, "is no size", "")));

  static final Shape<Signal> SIGNAL =
      new One<>(
          "a signal (TERM, SIGTERM, 15, RTMIN+3)",
          scalarSchema(),
          (s, in) ->
              Signal.parse(s.text())
                  .orElseThrow(() ->
                      new Refusal(
                          Code.UNKNOWN_VALUE,
                          "is no signal",
                          Nearest.hint(s.text(), Signal.NAMES).orElse(""))));

  static final Shape<Path> PATH =
      new One<>(
          "a path (relative to the file that names it; ~ is the home)",
          scalarSchema(),
          (s, in) -> {
            try {
              return in.resolve(s.text(), s.at());
            } catch (InvalidPathException e) {
              throw new Refusal(Code.BAD_VALUE, "is no path", "");
            }
          });

  static final Shape<Command> COMMAND =
      new Either<>(
          "a string for /bin/sh -c, or a list that is executed as it is",
          List.of(
              new One<Command>(
                  "a command",
                  scalarSchema(),
                  (s, in) -> {
                    if (s.text().isBlank()) {
                      throw new Refusal(Code.BAD_VALUE, "is no command", "");
                    }
                    return new Command.Shell(withoutNul(s.text()));
                  })),
          List.of(new Argument().shape()),
          List.of());

  static final Shape<URI> URL =
      new One<>(
          "a URL (http://127.0.0.1:8080/health)",
          orVariable(pattern("^https?://")),
          (s, in) -> {
            try {
              URI uri = new URI(s.text());
              if (!List.of("http", "https").contains(String.valueOf(uri.getScheme()))
                  || uri.getHost() == null
                  || uri.getPort() > 65_535) {
                throw new Refusal(Code.BAD_VALUE, "is no http or https URL with a host", "");
              }
              return uri;
            } catch (URISyntaxException e) {
              throw new Refusal(Code.BAD_VALUE, "is no URL", "");
            }
          });

  private static final Pattern ADDRESS =
      Pattern.compile("(\\[[0-9A-Fa-f:.%]+]|[^\\s:\\[\\]/]+):(\\d{1,5})");

  static final Shape<Probe.Tcp> ADDRESS_AND_PORT =
      new One<>(
          "an address (127.0.0.1:5432, [::1]:5432)",
          orVariable(pattern("^.+:[0-9]{1,5}$")),
          (s, in) -> {
            Matcher parts = ADDRESS.matcher(s.text());
            if (!parts.matches()) {
              throw new Refusal(Code.BAD_VALUE, "is not HOST:PORT", "");
            }
            return new Probe.Tcp(parts.group(1).replaceAll("^\\[|]$", ""), port(parts.group(2)));
          });

  static final Shape<String> REGEX =
      new One<>(
          "a regular expression (java.util.regex)",
          scalarSchema(),
          (s, in) -> {
            if (s.text().length() > 1_000) {
              throw new Refusal(Code.OUT_OF_RANGE, "is longer than 1000 characters", "");
            }
            try {
              return Pattern.compile(s.text()).pattern();
            } catch (PatternSyntaxException e) {
              throw new Refusal(
                  Code.BAD_VALUE, "is no regular expression: " + e.getDescription(), "");
            } catch (StackOverflowError e) {
              throw new Refusal(Code.BAD_VALUE, "is nested too deep for a regular expression", "");
            }
          });

  private static final Pattern DECIMAL = Pattern.compile("\\d{1,9}(\\.\\d{1,400})?");

  static final Shape<Double> FACTOR =
      new One<>(
          "a number from 1 to 100",
          orVariable(
              anyOf(
                  Json.object("type", Json.of("number"))
                      .with("minimum", Json.of(1))
                      .with("maximum", Json.of(100)),
                  pattern("^[0-9]+(\\.[0-9]+)?$"))),
          (s, in) -> ranged(decimal(s.text()), 1, 100, "1 to 100"));

  static final Shape<Double> PART =
      new One<>(
          "a part (20%, 0.2)",
          orVariable(
              anyOf(
                  Json.object("type", Json.of("number"))
                      .with("minimum", Json.of(0))
                      .with("maximum", Json.of(1)),
                  pattern("^[0-9]+(\\.[0-9]+)?%?$"))),
          (s, in) ->
              s.text().endsWith("%")
                  ? ranged(
                          decimal(s.text().substring(0, s.text().length() - 1)),
                          0,
                          100,
                          "0% to 100%")
                      / 100
                  : ranged(decimal(s.text()), 0, 1, "0 to 1"));

  static final Shape<Integer> EXIT_CODE = whole(0, 255);

  private Shapes() {}

  /** A list of arguments; an argument may be empty, the program not. */
  private record Argument() {
    Shape<Command> shape() {
      Shape<String> argument =
          new One<>(
              "an argument",
              scalarSchema(),
              (s, in) -> {
                if (s.text().isEmpty() && in.member().equals("0")) {
                  throw new Refusal(Code.BAD_VALUE, "is no program", "");
                }
                return withoutNul(s.text());
              });
      return new As<>(
          new Many<>("a list of a program and its arguments", argument, 1), Command.Argv::new);
    }
  }

  /** A whole number. */
  static Shape<Integer> whole(int least, int most) {
    String range = most == Integer.MAX_VALUE ? "from " + least : "from " + least + " to " + most;
    Json.Obj number = Json.object("type", Json.of("integer"), "minimum", Json.of(least));
    return new One<>(
        "a whole number " + range,
        orVariable(
            anyOf(
                most == Integer.MAX_VALUE ? number : number.with("maximum", Json.of(most)),
                pattern("^-?[0-9]+$"))),
        (s, in) -> {
          if (!s.text().matches("-?\\d{1,18}")) {
            throw new Refusal(Code.BAD_UNIT, "is no whole number", "");
          }
          long number0 = Long.parseLong(s.text());
          if (number0 < least || number0 > most) {
            throw new Refusal(Code.OUT_OF_RANGE, "is out of range", "");
          }
          return (int) number0;
        });
  }

  /**
   * One of some words.
   *
   * @param later words of orders that have not landed
   */
  static <T> Shape<T> words(Map<String, T> known, List<String> later) {
    List<String> names = known.keySet().stream().toList();
    return new One<>(
        String.join(" | ", names),
        orVariable(Json.object("enum", Json.strings(names))),
        (s, in) -> {
          T value = known.get(s.text());
          if (value == null && later.contains(s.text())) {
            throw new Refusal(Code.NOT_AVAILABLE, "is not available in this release", "");
          }
          if (value == null) {
            throw new Refusal(
                Code.UNKNOWN_VALUE,
                "is not one of: " + String.join(", ", names),
                Nearest.hint(s.text(), names).orElse(""));
          }
          return value;
        });
  }

  /** A name of the user's. */
  static Shape<String> name(String of, String pattern) {
    return new One<>(
        "a name (" + pattern + ")",
        orVariable(anyOf(Json.object("type", Json.of("integer")), pattern("^" + pattern + "$"))),
        (s, in) -> {
          if (!s.text().matches(pattern)) {
            throw new Refusal(Code.BAD_NAME, "cannot be the name of " + of, "");
          }
          return s.text();
        });
  }

  /** One value, or a list of them. */
  static <T> Shape<List<T>> oneOrMany(Shape<T> element) {
    return new Either<>(
        element.words() + ", or a list of them",
        List.of(new As<>(element, List::of)),
        List.of(new Many<>("a list", element, 0)),
        List.of());
  }

  private static Shape<Duration> duration(String words, boolean positive) {
    return new One<>(
        words,
        orVariable(
            anyOf(
                Json.object("type", Json.of("integer"), "minimum", Json.of(positive ? 1 : 0)),
                pattern(DURATION_TEXT))),
        (s, in) -> {
          Optional<Duration> read = Durations.parse(s.text());
          String hint =
              s.text().matches("\\d+\\.\\d+\\s*\\w*")
                  ? "fractions are written in the next smaller unit: 1500ms"
                  : "";
          Duration value =
              read.orElseThrow(() -> new Refusal(Code.BAD_UNIT, "is no duration", hint));
          if (positive && value.isZero()) {
            throw new Refusal(Code.OUT_OF_RANGE, "is not above zero", "");
          }
          return value;
        });
  }

  static int port(String digits) throws Refusal {
    int port = Integer.parseInt(digits);
    if (port < 1 || port > 65_535) {
      throw new Refusal(Code.OUT_OF_RANGE, "has a port that is not 1 to 65535", "");
    }
    return port;
  }

  private static double decimal(String text) throws Refusal {
    if (!DECIMAL.matcher(text).matches()) {
      throw new Refusal(Code.BAD_UNIT, "is no number", "");
    }
    return Double.parseDouble(text);
  }

  private static double ranged(double value, double least, double most, String range)
      throws Refusal {
    if (value < least || value > most) {
      throw new Refusal(Code.OUT_OF_RANGE, "is not " + range, "");
    }
    return value;
  }

  static String withoutNul(String text) throws Refusal {
    if (text.indexOf('\0') >= 0) {
      throw new Refusal(Code.BAD_VALUE, "holds a NUL", "");
    }
    return text;
  }

  /** Text; unquoted numbers and truth values are text too. */
  static Json.Obj scalarSchema() {
    return Json.object("type", Json.strings(List.of("string", "number", "boolean")));
  }

  static Json.Obj pattern(String regex) {
    return Json.object("type", Json.of("string"), "pattern", Json.of(regex));
  }

  static Json.Obj anyOf(Json.Obj... all) {
    return Json.object("anyOf", Json.array(List.of(all)));
  }

  /** What an editor must also take: a value that a variable gives. */
  static Json.Obj orVariable(Json.Obj schema) {
    Json.Obj variable = Json.object("$ref", Json.of("#/$defs/variable"));
    if (schema.fields().keySet().equals(java.util.Set.of("anyOf"))
        && schema.fields().get("anyOf") instanceof Json.Arr(List<Json> items)) {
      List<Json> all = new ArrayList<>(items);
      all.add(variable);
      return Json.object("anyOf", Json.array(all));
    }
    return anyOf(schema, variable);
  }
}
