package pinfold.linux;

/**
 * A soft and a hard value of one {@link Rlimit}, in its unit.
 *
 * @param soft 0 or more, at most {@code hard}
 * @param hard {@link #UNLIMITED} or 0 and more
 */
public record Limit(long soft, long hard) {
  /** RLIM_INFINITY: the largest value, so that limits compare as numbers. */
  public static final long UNLIMITED = Long.MAX_VALUE;

  public Limit {
    if (soft < 0 || hard < soft) {
      throw new IllegalArgumentException("limit " + soft + ":" + hard);
    }
  }

  /** The kernel's number for a value: RLIM_INFINITY is all ones. */
  static long kernel(long value) {
    return value == UNLIMITED ? -1 : value;
  }

  static long ofKernel(long value) {
    return value < 0 ? UNLIMITED : value;
  }

  /** "1024" or "1024:4096" or "unlimited". */
  public String text() {
    return soft == hard ? text(soft) : text(soft) + ":" + text(hard);
  }

  private static String text(long value) {
    return value == UNLIMITED ? "unlimited" : Long.toString(value);
  }
}
