package pinfold.core;

import static java.util.Objects.requireNonNull;

import java.util.UUID;

/** Names one birth for ever: one walk of one plan. Restarts are new births. */
public record BirthId(UUID value) implements Comparable<BirthId> {
  public BirthId {
    requireNonNull(value, "value is null");
  }

  /**
   * The id of this text form.
   *
   * @throws IllegalArgumentException when the text is no UUID
   */
  public static BirthId of(String text) {
    return new BirthId(UUID.fromString(text));
  }

  /**
   * The {@code count}-th birth of a supervisor whose random seed is ({@code high}, {@code low}): a
   * version-8 UUID, unique as long as each supervisor gets a seed of its own.
   */
  static BirthId derive(long high, long low, long count) {
    long most = Mix.mix(high + count * Mix.STEP);
    long least = Mix.mix(low ^ most ^ Mix.mix(count));
    return new BirthId(
        new UUID((most & ~0xf000L) | 0x8000L, (least & 0x3fffffffffffffffL) | 0x8000000000000000L));
  }

  @Override
  public int compareTo(BirthId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
