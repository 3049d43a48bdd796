package pinfold.state;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import pinfold.contract.Code;
import pinfold.contract.Failure;

/**
 * Reads a journal from its files; needs no supervisor, changes nothing. Any thread; each call reads
 * anew.
 */
public final class JournalReader {
  private final Path folder;
  private final Consumer<Failure> problems;

  /**
   * A reader of a journal.
   *
   * @param folder {@link Places#journal}; need not exist
   * @param problems told of damage ({@link Code#JOURNAL_TORN}); reading goes on with the next file.
   *     The end of the newest file may be an entry that is being written, which is no damage
   */
  public JournalReader(Path folder, Consumer<Failure> problems) {
    this.folder = folder;
    this.problems = problems;
  }

  /**
   * Gives entries, oldest first.
   *
   * @param after only entries with a higher number; 0 for all
   * @param sink takes them on this thread; false to stop
   */
  public void forward(long after, Predicate<JournalEntry> sink) throws IOException {
    NavigableMap<Long, Path> files = JournalFile.list(folder);
    Long first = after < 1 ? null : files.floorKey(after);
    for (Map.Entry<Long, Path> file :
        (first == null ? files : files.tailMap(first, true)).entrySet()) {
      boolean newest = file.getKey().equals(files.lastKey());
      if (!scan(file.getValue(), newest, entry -> entry.seq() <= after || sink.test(entry))) {
        return;
      }
    }
  }

  /** Gives entries of this time or later, oldest first. Files that ended before are not read. */
  public void since(Instant time, Predicate<JournalEntry> sink) throws IOException {
    NavigableMap<Long, Path> files = JournalFile.list(folder);
    long after = 0;
    for (Map.Entry<Long, Path> file : files.entrySet()) {
      Optional<JournalEntry> first = first(file.getValue());
      if (first.isPresent() && first.get().time().isBefore(time)) {
        after = first.get().seq() - 1;
      }
    }
    forward(after, entry -> entry.time().isBefore(time) || sink.test(entry));
  }

  /**
   * Reads everything only to find damage.
   *
   * @param writing whether a supervisor may be writing: then the end of the newest file may be an
   *     entry under way, which is no damage
   */
  public void examine(boolean writing) throws IOException {
    NavigableMap<Long, Path> files = JournalFile.list(folder);
    for (Map.Entry<Long, Path> file : files.entrySet()) {
      scan(file.getValue(), writing && file.getKey().equals(files.lastKey()), _ -> true);
    }
  }

  /**
   * Gives entries, newest first. Holds the positions of one file's entries at a time, not the
   * entries.
   */
  public void backward(Predicate<JournalEntry> sink) throws IOException {
    NavigableMap<Long, Path> files = JournalFile.list(folder);
    for (Map.Entry<Long, Path> file : files.descendingMap().entrySet()) {
      boolean newest = file.getKey().equals(files.lastKey());
      try (FileChannel channel = FileChannel.open(file.getValue())) {
        List<Long> offsets = new ArrayList<>();
        scan(
            channel,
            file.getValue(),
            newest,
            (offset, _) -> {
              offsets.add(offset);
              return true;
            });
        for (long offset : offsets.reversed()) {
          if (!sink.test(JournalFile.read(channel, offset))) {
            return;
          }
        }
      } catch (NoSuchFileException e) {
        return; // this one and all older ones were removed meanwhile
      }
    }
  }

  private static Optional<JournalEntry> first(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      return Optional.of(JournalFile.read(channel, 0));
    } catch (EOFException | NoSuchFileException | FrameFile.Torn e) {
      return Optional.empty(); // the scan of the file says what is wrong with it
    }
  }

  private boolean scan(Path file, boolean newest, Predicate<JournalEntry> sink) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      return scan(channel, file, newest, (_, entry) -> sink.test(entry));
    } catch (NoSuchFileException e) {
      return true; // removed meanwhile: too old to be kept
    }
  }

  private interface Step {
    boolean take(long offset, JournalEntry entry);
  }

  private boolean scan(FileChannel channel, Path file, boolean newest, Step step)
      throws IOException {
    long offset = 0;
    try {
      while (true) {
        JournalEntry entry = JournalFile.read(channel, offset);
        if (!step.take(offset, entry)) {
          return false;
        }
        offset += JournalFile.size(entry);
      }
    } catch (EOFException e) {
      return true;
    } catch (FrameFile.Torn e) {
      if (!newest) {
        problems.accept(
            Failure.of(Code.JOURNAL_TORN, file + ": " + e.getMessage() + "; the rest is skipped")
                .with("file", file.toString()));
      }
      return true;
    }
  }
}
