package pinfold.cli;

import java.time.Duration;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.contract.PinfoldException;

/** The time between two looks at something that cannot be waited for otherwise. */
final class Pause {
  private Pause() {}

  /**
   * @param during what is waited for, after "while"
   * @throws PinfoldException {@link Code#CANCELLED} when the thread was interrupted, which it stays
   */
  static void of(Duration time, String during) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      throw interrupted(during, e);
    }
  }

  /** The thread stays interrupted. */
  static PinfoldException interrupted(String during, InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new PinfoldException(Failure.of(Code.CANCELLED, "interrupted while " + during), cause);
  }
}
