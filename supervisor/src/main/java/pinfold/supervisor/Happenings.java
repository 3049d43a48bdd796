package pinfold.supervisor;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import pinfold.contract.Event;
import pinfold.state.Journal;
import pinfold.state.PastEvents;

/// Events for whoever watches: the last of them from memory, the others from the journal. A watcher
/// asks for what came after what it has seen, however long it took over that. Any thread.
public final class Happenings {
  private static final Duration WRITTEN = Duration.ofSeconds(10);

  private final Journal journal;
  private final PastEvents past;
  private final int kept;
  private final Bell bell = new Bell();
  private final ReentrantLock lock = new ReentrantLock();

  /// Guarded by `lock`; oldest first, numbers ascending.
  private final Deque<Event> events = new ArrayDeque<>();

  /// @param journal takes each event before it is added here
  /// @param past reads that journal
  /// @param kept how many are held in memory
  Happenings(Journal journal, PastEvents past, int kept) {
    this.journal = journal;
    this.past = past;
    this.kept = kept;
  }

  void add(Event event) {
    lock.lock();
    try {
      events.addLast(event);
      if (events.size() > kept) {
        events.removeFirst();
      }
    } finally {
      lock.unlock();
    }
    bell.ring();
  }

  /// Rings at each event.
  public Bell bell() {
    return bell;
  }

  /// What the journal has, of this supervisor and of those before it.
  public PastEvents past() {
    return past;
  }

  /// What came after the event of this number, oldest first; of very much the newest
  /// [PastEvents#MOST].
  ///
  /// @param seq negative: only what is in memory
  /// @throws pinfold.contract.PinfoldException when some of it is in the journal only, which cannot
  ///   be read
  public List<Event> after(long seq) throws InterruptedException {
    List<Event> later = remembered(seq);
    if (seq < 0 || later.isEmpty() || later.getFirst().seq() == seq + 1) {
      return later;
    }
    long first = later.getFirst().seq();
    journal.await(first - 2, WRITTEN); // until the one before it can be read
    List<Event> all = past.between(seq, first);
    all.addAll(later);
    return all;
  }

  /// Of what is in memory that after the event of this number, oldest first.
  public List<Event> remembered(long seq) {
    lock.lock();
    try {
      List<Event> later = new ArrayList<>();
      for (Event event : events) {
        if (event.seq() > seq) {
          later.add(event);
        }
      }
      return later;
    } finally {
      lock.unlock();
    }
  }
}
