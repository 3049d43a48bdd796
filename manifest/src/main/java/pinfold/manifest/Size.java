package pinfold.manifest;

/** A number of bytes, 0 or more. */
public record Size(long bytes) implements Comparable<Size> {
  /**
   * @throws IllegalArgumentException if negative
   */
  public Size {
    if (bytes < 0) {
      throw new IllegalArgumentException("negative size: " + bytes);
    }
  }

  @Override
  public int compareTo(Size other) {
    return Long.compare(bytes, other.bytes);
  }
}
