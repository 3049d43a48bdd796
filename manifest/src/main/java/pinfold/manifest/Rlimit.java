package pinfold.manifest;

/**
 * A pair for setrlimit(2), in the unit of its resource.
 *
 * @param soft the limit in force
 * @param hard how far the service may raise it itself; {@link #INFINITY} or at least {@code soft}
 */
public record Rlimit(long soft, long hard) {
  /** {@code RLIM_INFINITY}: no limit. The same 64 bits as the kernel's. */
  public static final long INFINITY = -1;

  /**
   * @throws IllegalArgumentException if a value is negative without being infinity, or soft is
   *     above hard
   */
  public Rlimit {
    boolean above = hard != INFINITY && (soft == INFINITY || soft > hard);
    if (soft < INFINITY || hard < INFINITY || above) {
      throw new IllegalArgumentException("limit out of range: " + soft + ":" + hard);
    }
  }
}
