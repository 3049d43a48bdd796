package pinfold.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a keeper wrote down of itself and its births, for whoever comes after its death.
 *
 * @param lines in the order in which they were written, as far as they are whole
 * @param tornBytes behind the last whole record: the keeper or the machine died in a write
 */
public record KeeperJournal(List<Line> lines, int tornBytes) {
  private static final long FNV_OFFSET = 0xcbf2_9ce4_8422_2325L;
  private static final long FNV_PRIME = 0x100_0000_01b3L;

  /** PF_J_LOST. */
  private static final int LOST = 0x8000_0000;

  /** The keeper begins a new one at 1 MiB; what is far beyond was not written by it. */
  private static final long MAX_BYTES = 64 << 20;

  public KeeperJournal {
    lines = List.copyOf(lines);
  }

  /** One line of a keeper's life. */
  public sealed interface Line {
    /** The keeper itself; once, first. */
    record Keeper(ProcessIdentity identity, Instant startedAt) implements Line {}

    /**
     * A child has an identity; its gate was opened after this was written.
     *
     * @param main empty for a survivor that was handed over when its main process was gone
     * @param cgroup contained by one, not by a warden
     */
    record Born(
        BirthId birth,
        Optional<ProcessIdentity> main,
        Optional<ProcessIdentity> warden,
        Instant at,
        int run,
        boolean cgroup,
        SpawnRequest.Output output,
        long outPipe,
        long errPipe)
        implements Line {}

    /** Its main process ended; {@link ExitStatus.Unknown} when nobody saw how. */
    record Exit(BirthId birth, ExitStatus status, Instant at) implements Line {}

    /** No process of it was left. */
    record Empty(BirthId birth, Instant at) implements Line {}

    /** The supervisor had recorded the exit. */
    record Acknowledged(BirthId birth, Instant at) implements Line {}
  }

  /**
   * Reads a journal of this boot; may be called while its keeper lives. The file "keeper" of the
   * run directory, which holds the first line of the present keeper's journal, reads the same way.
   *
   * @throws IOException when it cannot be read, or is no journal by its size
   */
  public static KeeperJournal read(Path file) throws IOException {
    long size = Files.size(file);
    if (size > MAX_BYTES) {
      throw new IOException(file + " is no keeper's journal: it has " + size + " bytes");
    }
    return parse(Files.readAllBytes(file), BootId.current());
  }

  static KeeperJournal parse(byte[] bytes, String bootId) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    List<Line> lines = new ArrayList<>();
    int at = 0;
    for (; at + Wire.Journal.BYTES <= bytes.length; at += Wire.Journal.BYTES) {
      ByteBuffer record = buffer.slice(at, Wire.Journal.BYTES).order(ByteOrder.nativeOrder());
      if (record.getLong(Wire.Journal.CHECKSUM) != checksum(bytes, at, Wire.Journal.CHECKSUM)) {
        break;
      }
      Optional<Line> parsed = parse(record, bootId);
      if (parsed.isEmpty()) {
        break;
      }
      lines.add(parsed.get());
    }
    return new KeeperJournal(lines, bytes.length - at);
  }

  /** Empty for what no keeper of this protocol writes. */
  private static Optional<Line> parse(ByteBuffer record, String bootId) {
    BirthId birth = ChildCodec.id(record, Wire.Journal.ID);
    Instant at = ChildCodec.time(record.getLong(Wire.Journal.TIME_NS)).orElse(Instant.EPOCH);
    int pid = record.getInt(Wire.Journal.PID);
    long ticks = record.getLong(Wire.Journal.START_TICKS);
    boolean identified = pid > 0 && ticks >= 0;
    int flags = record.getInt(Wire.Journal.FLAGS);
    return switch (record.getInt(Wire.Journal.KIND)) {
      case 1 ->
          identified
              ? Optional.of(new Line.Keeper(new ProcessIdentity(bootId, pid, ticks, 0), at))
              : Optional.empty();
      case 2 -> {
        int warden = record.getInt(Wire.Journal.WARDEN_PID);
        long wardenTicks = record.getLong(Wire.Journal.WARDEN_START_TICKS);
        yield Optional.of(
            new Line.Born(
                birth,
                identified
                    ? Optional.of(new ProcessIdentity(bootId, pid, ticks, 0))
                    : Optional.empty(),
                warden > 0 && wardenTicks >= 0
                    ? Optional.of(new ProcessIdentity(bootId, warden, wardenTicks, 0))
                    : Optional.empty(),
                at,
                record.getInt(Wire.Journal.RUN),
                (flags & ChildCodec.CGROUP) != 0,
                ChildCodec.output(flags),
                record.getLong(Wire.Journal.OUT_PIPE_INO),
                record.getLong(Wire.Journal.ERR_PIPE_INO)));
      }
      case 3 ->
          Optional.of(
              new Line.Exit(
                  birth,
                  (flags & LOST) != 0
                      ? new ExitStatus.Unknown()
                      : ExitStatus.of(record.getInt(Wire.Journal.WAIT_STATUS)),
                  at));
      case 4 -> Optional.of(new Line.Empty(birth, at));
      case 5 -> Optional.of(new Line.Acknowledged(birth, at));
      default -> Optional.empty();
    };
  }

  /** FNV-1a, 64 bits. */
  static long checksum(byte[] bytes, int offset, int length) {
    long hash = FNV_OFFSET;
    for (int i = offset; i < offset + length; i++) {
      hash = (hash ^ (bytes[i] & 0xff)) * FNV_PRIME;
    }
    return hash;
  }
}
