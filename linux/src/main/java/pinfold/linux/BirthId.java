package pinfold.linux;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.UUID;

/**
 * Names one birth: one start of one process. The supervisor chooses it before anything runs; the
 * child carries it in its environment, the keeper in its journal.
 */
public record BirthId(UUID uuid) implements Comparable<BirthId> {
  /** Length of {@link #bytes()}. */
  public static final int SIZE = 16;

  /** Length of {@link #text()}. */
  public static final int TEXT_LENGTH = 36;

  public BirthId {
    Objects.requireNonNull(uuid, "uuid is null");
  }

  /** A new id that no other birth has. */
  public static BirthId random() {
    return new BirthId(Chance.uuid());
  }

  /**
   * Reads the form that {@link #text()} writes, and only that.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static BirthId parse(String text) {
    if (text.length() == TEXT_LENGTH) {
      UUID uuid = UUID.fromString(text);
      if (uuid.toString().equals(text)) {
        return new BirthId(uuid);
      }
    }
    throw new IllegalArgumentException("not a birth id: \"" + text + '"');
  }

  /** The id in 16 bytes, most significant first (RFC 9562). */
  public static BirthId of(byte[] bytes) {
    if (bytes.length != SIZE) {
      throw new IllegalArgumentException("a birth id has 16 bytes, not " + bytes.length);
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new BirthId(new UUID(buffer.getLong(), buffer.getLong()));
  }

  /** The inverse of {@link #of}. */
  public byte[] bytes() {
    return ByteBuffer.allocate(SIZE)
        .putLong(uuid.getMostSignificantBits())
        .putLong(uuid.getLeastSignificantBits())
        .array();
  }

  /** 36 characters, lower case: "0b63c2d4-…". */
  public String text() {
    return uuid.toString();
  }

  @Override
  public int compareTo(BirthId other) {
    return uuid.compareTo(other.uuid);
  }

  @Override
  public String toString() {
    return text();
  }
}
