package pinfold.state;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.contract.PinfoldException;

/**
 * What happened, append only, in files that are closed at a size and removed when all together are
 * too large. Appending only notes the entry; a thread of its own (`journal`) writes what was noted
 * in one go.
 *
 * <p>It survives any death of processes; it is fsynced when a file is closed, not at each entry: a
 * crash of the machine may cost the last entries, which then read as a torn end. What must not be
 * lost is in {@link IntentStore}. While the disk is full entries are dropped, and the gap in the
 * numbers shows how many.
 */
public final class Journal implements AutoCloseable {
  /** Bytes of UTF-8 that an entry may have. */
  public static final int MAX_ENTRY = 1 << 20;

  /** Characters that may wait to be written; beyond, entries are dropped. */
  private static final long MAX_WAITING = 8L << 20;

  /** Bytes of a frame without content: length, checksum, number, time. */
  private static final int SMALLEST = 24;

  private final Path folder;
  private final long fileBytes;
  private final long totalBytes;
  private final Consumer<Failure> problems;
  private final Thread writer;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Condition progress = lock.newCondition();

  // Guarded by the lock.
  private List<JournalEntry> waiting = new ArrayList<>();
  private List<Runnable> tasks = new ArrayList<>();
  private long waitingLength;
  private long lastSeq;
  private long writtenSeq;
  private boolean closed;

  // Only used by the writer, and before it starts.
  private @Nullable FileChannel file;
  private long size;
  private boolean failing;

  private Journal(Path folder, long fileBytes, long totalBytes, Consumer<Failure> problems) {
    this.folder = folder;
    this.fileBytes = fileBytes;
    this.totalBytes = totalBytes;
    this.problems = problems;
    this.writer = Thread.ofPlatform().name("journal").daemon().unstarted(this::write);
  }

  /**
   * Opens the journal for its only writer. Behind a torn entry nothing can be told apart: such a
   * file is left as it is, and what comes goes into the next one.
   *
   * @param folder exists
   * @param fileBytes size at which a file is closed
   * @param totalBytes size of all files beyond which the oldest is removed
   * @param problems told of a torn end ({@link Code#JOURNAL_TORN}), and once each time that writing
   *     begins to fail ({@link Code#STATE_WRITE_FAILED}); called by the opening and by the writing
   *     thread
   * @throws PinfoldException {@link Code#STATE_WRITE_FAILED}
   */
  public static Journal open(
      Path folder, long fileBytes, long totalBytes, Consumer<Failure> problems) {
    Journal journal = new Journal(folder, fileBytes, totalBytes, problems);
    try {
      journal.resume();
    } catch (IOException e) {
      throw new PinfoldException(
          Failure.of(Code.STATE_WRITE_FAILED, "cannot open the journal in " + folder + ": " + e),
          e);
    }
    journal.writer.start();
    return journal;
  }

  private void resume() throws IOException {
    NavigableMap<Long, Path> files = JournalFile.list(folder);
    if (files.isEmpty()) {
      return;
    }
    lastSeq = files.lastKey() - 1;
    Path newest = files.lastEntry().getValue();
    FileChannel found = FileChannel.open(newest, READ, WRITE);
    try {
      while (true) {
        JournalEntry entry = JournalFile.read(found, size);
        lastSeq = Math.max(lastSeq, entry.seq());
        size += JournalFile.size(entry);
      }
    } catch (EOFException e) {
      // Whole.
    } catch (FrameFile.Torn e) {
      problems.accept(
          Failure.of(
                  Code.JOURNAL_TORN,
                  "%s: %s; its last %d bytes cannot be read"
                      .formatted(newest, e.getMessage(), found.size() - size))
              .with("file", newest.toString()));
      // No more entries than these can have had a number there.
      lastSeq += Math.ceilDiv(found.size() - size, SMALLEST);
      writtenSeq = lastSeq;
      found.close();
      return;
    } catch (IOException e) {
      found.close();
      throw e;
    }
    writtenSeq = lastSeq;
    file = found;
  }

  /**
   * Notes an entry. Never blocks on the disk.
   *
   * @param json the event as a JSON object, at most {@link #MAX_ENTRY} bytes of UTF-8
   * @return its number
   * @throws IllegalStateException after {@link #close}
   */
  public long append(Instant time, String json) {
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the journal was closed");
      }
      JournalEntry entry = new JournalEntry(++lastSeq, time, json);
      if (waitingLength + json.length() <= MAX_WAITING && json.length() <= MAX_ENTRY) {
        waiting.add(entry);
        waitingLength += json.length();
        work.signal();
      }
      return entry.seq();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Has the journal's thread do something, after what was noted before. It must not throw.
   *
   * @return false after {@link #close}: it is not done
   */
  public boolean later(Runnable task) {
    lock.lock();
    try {
      if (!closed) {
        tasks.add(task);
        work.signal();
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /** Number of the newest entry that can be read, or was dropped; 0 when there is none. */
  public long written() {
    lock.lock();
    try {
      return writtenSeq;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until there is more to read. Whoever watches reads with {@link JournalReader#forward} and
   * then waits here, so that a slow one loses nothing and holds nothing up.
   *
   * @param after number that is known already
   * @return {@link #written}; not more than `after` when the time was over or the journal was
   *     closed
   */
  public long await(long after, Duration atMost) throws InterruptedException {
    long left = atMost.toNanos();
    lock.lockInterruptibly();
    try {
      while (writtenSeq <= after && !closed && left > 0) {
        left = progress.awaitNanos(left);
      }
      return writtenSeq;
    } finally {
      lock.unlock();
    }
  }

  private void write() {
    boolean more = true;
    while (more) {
      List<JournalEntry> batch;
      List<Runnable> due;
      lock.lock();
      try {
        while (waiting.isEmpty() && tasks.isEmpty() && !closed) {
          work.awaitUninterruptibly();
        }
        batch = waiting;
        waiting = new ArrayList<>();
        waitingLength = 0;
        due = tasks;
        tasks = new ArrayList<>();
        more = !closed || !batch.isEmpty() || !due.isEmpty();
      } finally {
        lock.unlock();
      }
      if (!batch.isEmpty()) {
        write(batch);
        lock.lock();
        try {
          writtenSeq = batch.getLast().seq();
          progress.signalAll();
        } finally {
          lock.unlock();
        }
      }
      due.forEach(Runnable::run);
    }
  }

  private void write(List<JournalEntry> batch) {
    try {
      ByteBuffer out = ByteBuffer.allocate(1 << 16);
      for (JournalEntry entry : batch) {
        ByteBuffer frame;
        try {
          frame = JournalFile.frame(entry);
        } catch (IllegalArgumentException e) {
          continue; // too long in UTF-8: dropped, as one that is too long in characters
        }
        boolean full = file != null && size + out.position() + frame.remaining() > fileBytes;
        if (full || frame.remaining() > out.remaining()) {
          flush(out);
        }
        if (full) {
          rotate();
        }
        if (file == null) {
          begin(entry.seq());
        }
        if (frame.remaining() > out.remaining()) {
          put(frame);
        } else {
          out.put(frame);
        }
      }
      flush(out);
      failing = false;
    } catch (IOException e) {
      if (!failing) {
        failing = true;
        problems.accept(
            Failure.of(
                Code.STATE_WRITE_FAILED,
                "cannot write the journal in %s: %s; events are lost".formatted(folder, e)));
      }
      repair();
    }
  }

  private void flush(ByteBuffer out) throws IOException {
    put(out.flip());
    out.clear();
  }

  private void put(ByteBuffer bytes) throws IOException {
    FileChannel to = file;
    if (to != null && bytes.hasRemaining()) {
      long at = size;
      while (bytes.hasRemaining()) {
        at += to.write(bytes, at);
      }
      size = at;
    }
  }

  private void begin(long first) throws IOException {
    file =
        FileChannel.open(
            JournalFile.named(folder, first),
            Set.of(CREATE, READ, WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    size = 0;
  }

  /** Closes the file, durable, and removes the oldest ones beyond the bound. */
  private void rotate() throws IOException {
    FileChannel full = file;
    if (full != null) {
      file = null;
      try (full) {
        full.force(true);
      }
    }
    NavigableMap<Long, Path> files = JournalFile.list(folder);
    long total = fileBytes;
    for (Map.Entry<Long, Path> entry : files.descendingMap().entrySet()) {
      total += Files.size(entry.getValue());
      if (total > totalBytes) {
        Files.delete(entry.getValue());
      }
    }
  }

  /** Cuts off what was written in part, so that what follows can be read. */
  private void repair() {
    FileChannel partly = file;
    if (partly != null) {
      try {
        partly.truncate(size);
      } catch (IOException e) {
        // The next entries go into a file of their own; readers skip the torn end of this one.
        file = null;
      }
    }
  }

  /** Writes what was noted, fsyncs, closes. A second time does nothing. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      work.signal();
      progress.signalAll();
    } finally {
      lock.unlock();
    }
    Joining.uninterruptibly(writer);
    FileChannel last = file;
    file = null;
    if (last != null) {
      try (last) {
        last.force(true);
      } catch (IOException e) {
        problems.accept(
            Failure.of(
                Code.STATE_WRITE_FAILED, "cannot close the journal in " + folder + ": " + e));
      }
    }
  }
}
