package pinfold.runtimes;

/**
 * The account that a service runs as.
 *
 * @param user its name, or its number where no name is known
 * @param home absolute path
 * @param shell absolute path
 */
public record Owner(String user, String home, String shell) {
  /**
   * @throws IllegalArgumentException if a path is not absolute
   */
  public Owner {
    if (!home.startsWith("/") || !shell.startsWith("/")) {
      throw new IllegalArgumentException("home and shell of " + user + " are not absolute paths");
    }
  }
}
