package pinfold.linux;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads struct pf_child of native/protocol.h. */
final class ChildCodec {
  static final int WARDEN = 1;
  static final int CGROUP = 2;
  static final int MERGE = 4;
  static final int NO_LOG = 8;
  static final int DISCARD = 16;
  static final int TTY = 32;

  private static final int BORN = 1;
  private static final int EXEC = 2;
  private static final int FAIL = 4;
  private static final int EXIT = 8;
  private static final int EMPTY = 16;
  private static final int LOST = 32;
  private static final int STEP_KEEPER = -1;

  private ChildCodec() {}

  /**
   * @param entry positioned nowhere: from its index 0
   */
  static ChildSnapshot read(ByteBuffer entry, String bootId) {
    int state = entry.getInt(Wire.Child.STATE);
    int pid = entry.getInt(Wire.Child.PID);
    int warden = entry.getInt(Wire.Child.WARDEN_PID);
    int flags = entry.getInt(Wire.Child.FLAGS);
    int failedCall = entry.getInt(Wire.Child.FAIL_STEP);
    boolean ended = (state & EXIT) != 0;
    return new ChildSnapshot(
        id(entry, Wire.Child.ID),
        entry.getLong(Wire.Child.PLAN),
        entry.getInt(Wire.Child.RUN),
        (flags & CGROUP) != 0,
        output(flags),
        (state & BORN) != 0,
        (state & EXEC) != 0,
        (state & FAIL) == 0
            ? Optional.empty()
            : Optional.of(
                new ChildSnapshot.Failure(
                    failedCall == STEP_KEEPER ? OptionalInt.empty() : OptionalInt.of(failedCall),
                    new Errno(Math.max(0, entry.getInt(Wire.Child.FAIL_ERRNO))))),
        !ended
            ? Optional.empty()
            : Optional.of(
                (state & LOST) != 0
                    ? new ExitStatus.Unknown()
                    : ExitStatus.of(entry.getInt(Wire.Child.WAIT_STATUS))),
        (state & EMPTY) != 0,
        pid <= 0
            ? Optional.empty()
            : Optional.of(
                new ProcessIdentity(
                    bootId,
                    pid,
                    entry.getLong(Wire.Child.START_TICKS),
                    entry.getLong(Wire.Child.PIDFS_INO))),
        warden <= 0
            ? Optional.empty()
            : Optional.of(
                new ProcessIdentity(
                    bootId, warden, entry.getLong(Wire.Child.WARDEN_START_TICKS), 0)),
        entry.getLong(Wire.Child.OUT_PIPE_INO),
        entry.getLong(Wire.Child.ERR_PIPE_INO),
        time(entry.getLong(Wire.Child.BORN_NS)),
        time(entry.getLong(Wire.Child.EXEC_NS)),
        time(entry.getLong(Wire.Child.EXIT_NS)),
        ended
            ? new ChildSnapshot.Usage(
                Duration.ofNanos(entry.getLong(Wire.Child.USER_NS)),
                Duration.ofNanos(entry.getLong(Wire.Child.SYSTEM_NS)),
                entry.getLong(Wire.Child.MAX_RSS_BYTES))
            : ChildSnapshot.Usage.NONE);
  }

  /** What flags of a spawn say of its output. */
  static SpawnRequest.Output output(int flags) {
    for (SpawnRequest.Output output : SpawnRequest.Output.values()) {
      if ((flags & (MERGE | NO_LOG | DISCARD | TTY)) == flags(output)) {
        return output;
      }
    }
    return SpawnRequest.Output.SEPARATE; // of no keeper of ours
  }

  static int flags(SpawnRequest.Output output) {
    return switch (output) {
      case SEPARATE -> 0;
      case MERGED -> MERGE;
      case NONE -> NO_LOG;
      case DISCARDED -> DISCARD;
      case TERMINAL -> TTY;
      case TERMINAL_DISCARDED -> TTY | DISCARD;
    };
  }

  static BirthId id(ByteBuffer entry, int offset) {
    byte[] bytes = new byte[BirthId.SIZE];
    entry.get(offset, bytes);
    return BirthId.of(bytes);
  }

  /** CLOCK_REALTIME nanoseconds; 0 = not yet. */
  static Optional<Instant> time(long nanoseconds) {
    return nanoseconds == 0
        ? Optional.empty()
        : Optional.of(
            Instant.ofEpochSecond(
                Math.floorDiv(nanoseconds, 1_000_000_000L),
                Math.floorMod(nanoseconds, 1_000_000_000L)));
  }
}
