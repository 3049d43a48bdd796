package pinfold.logs;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How much of a stream's closed segments is kept. The file being written is never removed.
 *
 * @param maxBytes of all closed segments of the stream on disk, index files included
 * @param maxFiles closed segments
 * @param maxAge since the last line of a segment
 * @param compress whether closed segments are compressed
 */
public record Retention(
    OptionalLong maxBytes, OptionalInt maxFiles, Optional<Duration> maxAge, boolean compress) {
  /** Keeps everything as it is. */
  public static final Retention EVERYTHING =
      new Retention(OptionalLong.empty(), OptionalInt.empty(), Optional.empty(), false);

  public Retention {
    if (maxBytes.isPresent() && maxBytes.getAsLong() < 0) {
      throw new IllegalArgumentException("maxBytes is negative: " + maxBytes.getAsLong());
    }
    if (maxFiles.isPresent() && maxFiles.getAsInt() < 0) {
      throw new IllegalArgumentException("maxFiles is negative: " + maxFiles.getAsInt());
    }
    if (maxAge.isPresent() && maxAge.get().isNegative()) {
      throw new IllegalArgumentException("maxAge is negative: " + maxAge.get());
    }
  }
}
