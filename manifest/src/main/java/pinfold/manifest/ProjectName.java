package pinfold.manifest;

import java.util.regex.Pattern;

/**
 * The name of a project: 1 to 63 of {@code A-Z a-z 0-9 . _ -}, beginning with a letter or digit (so
 * it is safe as the name of a folder, and names that begin with an underscore are free for Pinfold
 * itself).
 */
public record ProjectName(String text) implements Comparable<ProjectName> {
  static final String PATTERN = "[A-Za-z0-9][A-Za-z0-9._-]{0,62}";

  private static final Pattern SHAPE = Pattern.compile(PATTERN);

  /**
   * @throws IllegalArgumentException if {@code text} has another shape
   */
  public ProjectName {
    if (!valid(text)) {
      throw new IllegalArgumentException("not a project name: " + text);
    }
  }

  /** Whether {@code text} could be a project's name. */
  public static boolean valid(String text) {
    return SHAPE.matcher(text).matches();
  }

  /** The nearest valid name to that of a folder: what a name cannot hold becomes {@code -}. */
  public static ProjectName ofFolder(String folder) {
    String name = folder.replaceAll("[^A-Za-z0-9._-]", "-").replaceAll("^[^A-Za-z0-9]+", "");
    name = name.substring(0, Math.min(63, name.length()));
    return new ProjectName(name.isEmpty() ? "project" : name);
  }

  @Override
  public int compareTo(ProjectName other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
