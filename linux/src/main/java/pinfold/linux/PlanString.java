package pinfold.linux;

/**
 * A string of argv or the environment.
 *
 * @param prefix what is known when the plan is made
 * @param suffix what the child appends
 */
public record PlanString(String prefix, Suffix suffix) {
  /** What the child itself fills in. */
  public enum Suffix {
    NONE,
    /** The birth id as text. */
    BIRTH,
    /** Its own pid in decimal. */
    PID
  }

  static PlanString of(String text) {
    return new PlanString(text, Suffix.NONE);
  }

  /** "PINFOLD_BIRTH={birth id}". */
  public String text() {
    return switch (suffix) {
      case NONE -> prefix;
      case BIRTH -> prefix + "{birth id}";
      case PID -> prefix + "{pid}";
    };
  }
}
