package pinfold.manifest;

import java.time.Duration;
import java.util.Optional;

/**
 * What becomes of what a service prints.
 *
 * @param sink where it goes
 * @param maxSize of one file, after which the next one is begun; at least {@link #SMALLEST} bytes
 * @param maxFiles so many are kept per stream, the one being written included; at least 1
 * @param maxAge older ones are removed
 * @param compress how finished files are packed
 */
public record LogPolicy(
    Sink sink, Size maxSize, int maxFiles, Optional<Duration> maxAge, Compress compress) {
  /** The smallest file size that can be asked for, in bytes. */
  public static final int SMALLEST = 4096;

  /** Files of 10 MiB, five of them, packed. */
  public static final LogPolicy DEFAULT =
      new LogPolicy(Sink.FILE, new Size(10 << 20), 5, Optional.empty(), Compress.ZSTD);

  /**
   * @throws IllegalArgumentException if a value is out of its range
   */
  public LogPolicy {
    if (maxSize.bytes() < SMALLEST
        || maxFiles < 1
        || maxAge.filter(d -> !d.isPositive()).isPresent()) {
      throw new IllegalArgumentException("log policy out of range");
    }
  }

  /** Where output goes. */
  public enum Sink {
    /** The log files. */
    FILE,
    /** /dev/null. */
    NONE
  }

  /** How finished files are packed. */
  public enum Compress {
    /** Zstandard. */
    ZSTD,
    /** Not at all. */
    NONE
  }
}
