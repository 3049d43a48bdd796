package pinfold.cli;

import java.util.List;
import java.util.Optional;

/** The options that every verb takes, before it or after it. */
enum Globals {
  FILE("-f", "--file", "FILE", "manifest (default: pinfold.yaml here or in a folder above)"),
  PROJECT("", "--project", "NAME", "only this project"),
  SYS("", "--sys", "", "the system's supervisor instead of yours"),
  DROP_PRIVILEGES("", "--drop-privileges", "", "with --sys: services without a user run as nobody"),
  JSON("", "--json", "", "result as JSON"),
  QUIET("-q", "--quiet", "", "only results and errors"),
  VERBOSE("-v", "--verbose", "", "say more"),
  TIMEOUT("", "--timeout", "DURATION", "how long to wait"),
  NO_WAIT("", "--no-wait", "", "return as soon as the supervisor has taken it"),
  NO_COLOR("", "--no-color", "", "no colours (also NO_COLOR in the environment)"),
  HELP("-h", "--help", "", "this text");

  private final String shortName;
  private final String longName;
  private final String label;
  private final String text;

  Globals(String shortName, String longName, String label, String text) {
    this.shortName = shortName;
    this.longName = longName;
    this.label = label;
    this.text = text;
  }

  /** Empty when it has none. */
  String shortName() {
    return shortName;
  }

  String longName() {
    return longName;
  }

  /** Name of its value; empty for a flag. */
  String label() {
    return label;
  }

  String text() {
    return text;
  }

  boolean takesValue() {
    return !label.isEmpty();
  }

  /** The option of this name, short or long. */
  static Optional<Globals> named(String name) {
    return List.of(values()).stream()
        .filter(option ->
            name.equals(option.longName) || (!name.isEmpty() && name.equals(option.shortName)))
        .findFirst();
  }
}
