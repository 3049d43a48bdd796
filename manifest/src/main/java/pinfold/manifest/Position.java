package pinfold.manifest;

/**
 * A place in a file.
 *
 * @param file absolute path, or a name in angle brackets for text that is not from a file
 * @param line from 1
 * @param column from 1, in code points
 * @param width how many code points of this line belong to it; at least 1
 */
public record Position(String file, int line, int column, int width) {
  /** What has no place in any file. */
  public static final Position NOWHERE = new Position("<built-in>", 1, 1, 1);

  /**
   * @throws IllegalArgumentException if a number is below 1
   */
  public Position {
    if (line < 1 || column < 1 || width < 1) {
      throw new IllegalArgumentException("not a position: " + line + ":" + column);
    }
  }

  /** {@code file:line:column}. */
  @Override
  public String toString() {
    return file + ":" + line + ":" + column;
  }
}
