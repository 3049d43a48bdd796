package pinfold.cli;

/** The release that this command line belongs to. */
final class Release {
  /** As in the root pom; a test compares them. */
  static final String VERSION = "0.1.0";

  private Release() {}
}
