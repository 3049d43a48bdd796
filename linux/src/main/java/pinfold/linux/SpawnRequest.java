package pinfold.linux;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * One birth, asked of the keeper.
 *
 * @param plan number under which {@link Keeper#putPlan} put the plan
 * @param output where the pipes' bytes go
 * @param log path prefix below the log directory ("shop/api/1"), at most 191 bytes
 * @param run the slot's run number, from 1
 * @param segmentBytes a log segment is closed at the first line end beyond this; 0 = never
 * @param deadline from fork to exec; exceeded: killed, failed with ETIMEDOUT; zero = 10 s
 * @param descriptors given to the child; the plan's {@link LaunchSpec.Received} numbers count them
 *     from 0, held ones follow. The caller keeps its own and may close them when the call returned
 * @param held keys of descriptors that the keeper holds, at most 8
 */
public record SpawnRequest(
    BirthId birth,
    long plan,
    Containment containment,
    Output output,
    String log,
    int run,
    long segmentBytes,
    Duration deadline,
    List<Fd> descriptors,
    List<Long> held) {

  /** What becomes of the service's standard output and error. */
  public enum Output {
    /** One file for each. */
    SEPARATE,
    /** Standard error goes into the file of standard output. */
    MERGED,
    /** There are no pipes; the plan places received descriptors. */
    NONE,
    /** Pipes are drained and dropped. */
    DISCARDED,
    /**
     * The child has a terminal, which its warden holds, as {@link LaunchSpec.Terminal} and {@link
     * LaunchSpec.Logged}; what is printed on it goes into the file of standard output. Only with a
     * {@link Containment.Warden}.
     */
    TERMINAL,
    /** The same, drained and dropped. */
    TERMINAL_DISCARDED
  }

  /** Held descriptors of one spawn. */
  public static final int MAX_HELD = 8;

  public SpawnRequest {
    Objects.requireNonNull(birth, "birth is null");
    Objects.requireNonNull(containment, "containment is null");
    Objects.requireNonNull(output, "output is null");
    Objects.requireNonNull(log, "log is null");
    descriptors = List.copyOf(descriptors);
    held = List.copyOf(held);
    if (run < 1 || segmentBytes < 0 || deadline.isNegative()) {
      throw new IllegalArgumentException(
          "run " + run + ", segment " + segmentBytes + ", deadline " + deadline);
    }
    if (held.size() > MAX_HELD || held.contains(0L)) {
      throw new IllegalArgumentException("held keys: at most 8, none 0: " + held);
    }
    if (descriptors.size() + held.size() > LaunchSpec.MAX_RECEIVED) {
      throw new IllegalArgumentException(
          "a birth gets at most " + LaunchSpec.MAX_RECEIVED + " descriptors");
    }
    if (deadline.toMillis() > 0xffff_ffffL) {
      throw new IllegalArgumentException("deadline " + deadline);
    }
  }
}
