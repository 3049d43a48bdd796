package pinfold.state;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * One entry of the journal.
 *
 * @param seq from 1, one more than the entry before; a gap means that entries were lost (full disk,
 *     damage)
 * @param time when it was appended
 * @param json the event as a JSON object, at most {@link Journal#MAX_ENTRY} bytes of UTF-8
 */
public record JournalEntry(long seq, Instant time, String json) {
  public JournalEntry {
    if (seq < 1) {
      throw new IllegalArgumentException("sequence number " + seq);
    }
    requireNonNull(time, "time is null");
    requireNonNull(json, "json is null");
  }
}
