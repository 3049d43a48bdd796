package pinfold.manifest;

import java.time.Duration;

/**
 * A command beside the service.
 *
 * @param command what is run, as the service's user, in its directory and environment
 * @param timeout after which it is killed with all its descendants; positive
 */
public record Hook(Command command, Duration timeout) {
  /**
   * @throws IllegalArgumentException if the time is not positive
   */
  public Hook {
    if (!timeout.isPositive()) {
      throw new IllegalArgumentException("hook timeout out of range: " + timeout);
    }
  }
}
