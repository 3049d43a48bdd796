package pinfold.manifest;

import java.util.regex.Pattern;

/**
 * The name of a service inside its project: 1 to 63 of {@code A-Z a-z 0-9 _ -}, beginning with a
 * letter or digit. A dot is not part of a name because {@code api.2} is the second instance of
 * {@code api}.
 */
public record ServiceName(String text) implements Comparable<ServiceName> {
  private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,62}");

  /**
   * @throws IllegalArgumentException if {@code text} has another shape
   */
  public ServiceName {
    if (!valid(text)) {
      throw new IllegalArgumentException("not a service name: " + text);
    }
  }

  /** Whether {@code text} could be a service's name. */
  public static boolean valid(String text) {
    return SHAPE.matcher(text).matches();
  }

  // Written out: what a record gets by itself is put together from method handles at its first use,
  // which is in no AOT cache and was a quarter of what `up` costs.
  @Override
  public boolean equals(Object other) {
    return other instanceof ServiceName name && text.equals(name.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public int compareTo(ServiceName other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
