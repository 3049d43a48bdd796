package pinfold.cli;

/** Colours, or none of them. */
enum Style {
  PLAIN,
  COLOURED;

  String good(String text) {
    return in("32", text);
  }

  String warning(String text) {
    return in("33", text);
  }

  String bad(String text) {
    return in("31", text);
  }

  String strong(String text) {
    return in("1", text);
  }

  String faint(String text) {
    return in("2", text);
  }

  /** One of six colours by number, for things that are to be told apart. */
  String distinct(int number, String text) {
    return in(Integer.toString(31 + Math.floorMod(number + 5, 6)), text);
  }

  private String in(String code, String text) {
    return this == PLAIN || text.isEmpty() ? text : "\033[" + code + "m" + text + "\033[0m";
  }
}
