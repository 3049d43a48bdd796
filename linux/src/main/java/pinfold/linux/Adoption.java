package pinfold.linux;

import java.util.Objects;
import java.util.Optional;

/**
 * A survivor of an earlier keeper, as its journal and the facts describe it. The keeper checks the
 * identities before it believes anything.
 *
 * @param main empty when only the containment is left
 * @param warden where there was one
 * @param log path prefix below the log directory, as in its spawn request
 * @param outPipe inode number of the pipe of standard output, 0 = none
 */
public record Adoption(
    BirthId birth,
    Optional<ProcessIdentity> main,
    Optional<ProcessIdentity> warden,
    Containment containment,
    SpawnRequest.Output output,
    int run,
    long segmentBytes,
    long outPipe,
    long errPipe,
    String log) {
  public Adoption {
    Objects.requireNonNull(birth, "birth is null");
    Objects.requireNonNull(main, "main is null");
    Objects.requireNonNull(warden, "warden is null");
    Objects.requireNonNull(containment, "containment is null");
    Objects.requireNonNull(output, "output is null");
    Objects.requireNonNull(log, "log is null");
  }
}
