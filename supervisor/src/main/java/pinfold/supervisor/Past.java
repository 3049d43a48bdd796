package pinfold.supervisor;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import pinfold.contract.Code;
import pinfold.contract.Event;
import pinfold.contract.Failure;
import pinfold.contract.Json;
import pinfold.contract.JsonText;
import pinfold.contract.PinfoldException;
import pinfold.contract.Records;
import pinfold.state.JournalReader;

/// Events of before: those that this supervisor has forgotten, and those of earlier ones. Any
/// thread; reads files.
public final class Past {
  private static final System.Logger LOG = System.getLogger("supervisor");

  /// The newest so many are given; the whole journal may be far larger than an answer can be.
  static final int MOST = 8192;

  private final JournalReader reader;

  /// @param journal the folder of the journal
  Past(Path journal) {
    this.reader = new JournalReader(journal, problem -> LOG.log(Level.WARNING, problem.message()));
  }

  /// Events after a time, oldest first, as far as the journal has them.
  ///
  /// @param before only those with a lower number
  /// @param wanted which of them
  public List<Event> since(Instant time, long before, Predicate<Event> wanted) {
    Deque<Event> found = new ArrayDeque<>();
    try {
      reader.since(
          time,
          entry -> {
            if (entry.seq() >= before) {
              return false;
            }
            event(entry.seq(), entry.json())
                .filter(event -> event.time().isAfter(time) && wanted.test(event))
                .ifPresent(found::addLast);
            if (found.size() > MOST) {
              found.removeFirst();
            }
            return true;
          });
    } catch (IOException e) {
      throw Failure.of(Code.STATE_UNUSABLE, "the journal cannot be read: " + Reasons.of(e))
          .exception();
    }
    return new ArrayList<>(found);
  }

  /// The event, with the number that the journal gave it; empty when another release wrote it.
  private static Optional<Event> event(long seq, String text) {
    try {
      if (!(JsonText.read(text) instanceof Json.Obj json)) {
        return Optional.empty();
      }
      Event event = Records.read(Event.class, json, Records.Unknown.IGNORE);
      return Optional.of(event.numbered(seq));
    } catch (PinfoldException e) {
      LOG.log(Level.WARNING, "an entry of the journal is left out: " + e.getMessage());
      return Optional.empty();
    }
  }
}
