package pinfold.state;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import pinfold.contract.Code;
import pinfold.contract.Event;
import pinfold.contract.Failure;
import pinfold.contract.Json;
import pinfold.contract.JsonText;
import pinfold.contract.PinfoldException;
import pinfold.contract.Records;

/**
 * Events of before, whichever supervisor told them, from the files of the journal. Any thread; each
 * call reads anew.
 */
public final class PastEvents {
  /** The newest so many are given; the whole journal may be far larger than an answer can be. */
  public static final int MOST = 8192;

  private final Path journal;
  private final JournalReader reader;
  private final Consumer<Failure> problems;

  /**
   * A reader of a journal.
   *
   * @param journal its folder; need not exist
   * @param problems told of damage, and of entries that cannot be read
   */
  public PastEvents(Path journal, Consumer<Failure> problems) {
    this.journal = journal;
    this.reader = new JournalReader(journal, problems);
    this.problems = problems;
  }

  /**
   * Events after a time, oldest first, as far as the journal has them.
   *
   * @param before only those with a lower number
   * @param wanted which of them
   */
  public List<Event> since(Instant time, long before, Predicate<Event> wanted) {
    Deque<Event> found = new ArrayDeque<>();
    try {
      reader.since(
          time,
          entry -> {
            if (entry.seq() >= before) {
              return false;
            }
            event(entry)
                .filter(event -> event.time().isAfter(time) && wanted.test(event))
                .ifPresent(found::addLast);
            if (found.size() > MOST) {
              found.removeFirst();
            }
            return true;
          });
    } catch (IOException e) {
      throw unreadable(e);
    }
    return new ArrayList<>(found);
  }

  /**
   * The newest events, oldest first.
   *
   * @param count how many at most
   * @param before only those with a lower number
   * @param wanted which of them
   */
  public List<Event> newest(int count, long before, Predicate<Event> wanted) {
    Deque<Event> found = new ArrayDeque<>();
    if (count > 0) {
      backward(
          before,
          event -> {
            if (wanted.test(event)) {
              found.addFirst(event);
            }
            return found.size() < count;
          });
    }
    return new ArrayList<>(found);
  }

  /**
   * What lies between two events, oldest first, as far as the journal has it; of more than {@link
   * #MOST} the newest.
   *
   * @param after only those with a higher number
   * @param before only those with a lower number
   */
  public List<Event> between(long after, long before) {
    Deque<Event> found = new ArrayDeque<>();
    backward(
        before,
        event -> {
          if (event.seq() <= after) {
            return false;
          }
          found.addFirst(event);
          return found.size() < MOST;
        });
    return new ArrayList<>(found);
  }

  /**
   * Gives events, newest first.
   *
   * @param before only those with a lower number
   * @param sink takes them on this thread; false to stop
   */
  public void backward(long before, Predicate<Event> sink) {
    try {
      reader.backward(entry -> entry.seq() >= before || event(entry).map(sink::test).orElse(true));
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private PinfoldException unreadable(IOException e) {
    return new PinfoldException(
        Failure.of(Code.STATE_UNUSABLE, "cannot read the journal in " + journal + ": " + e), e);
  }

  /** The event, with the number that the journal gave it; empty when another release wrote it. */
  private Optional<Event> event(JournalEntry entry) {
    try {
      if (!(JsonText.read(entry.json()) instanceof Json.Obj json)) {
        return Optional.empty();
      }
      Event event = Records.read(Event.class, json, Records.Unknown.IGNORE);
      return Optional.of(event.numbered(entry.seq()));
    } catch (PinfoldException e) {
      problems.accept(e.failure());
      return Optional.empty();
    }
  }
}
