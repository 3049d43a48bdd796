package pinfold.state;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.function.Consumer;
import pinfold.contract.Code;
import pinfold.contract.Failure;

/**
 * Reads what {@link StepFiles} wrote, also from a copy; needs no supervisor and changes nothing.
 * Each call reads anew.
 */
public final class RecordedSteps {
  /** Takes what is read, on the reading thread. */
  public interface Sink {
    /** Another file follows. */
    void nextFile();

    /** A frame of it; false to leave out the rest of the file. */
    boolean frame(byte[] body);
  }

  private final Path folder;
  private final Consumer<Failure> problems;

  /**
   * A reader of a folder.
   *
   * @param folder {@link Places#journal} or a copy of it
   * @param problems told of damage ({@link Code#JOURNAL_TORN}): what follows the last whole frame
   *     of a file is left out. In the newest it may only be on its way
   */
  public RecordedSteps(Path folder, Consumer<Failure> problems) {
    this.folder = folder;
    this.problems = problems;
  }

  /**
   * Gives everything, oldest first.
   *
   * @param since files that ended before this time are left out; empty = none
   * @return how many files there were
   */
  public int read(Optional<Instant> since, Sink sink) throws IOException {
    NavigableMap<Long, Path> files = FrameFile.list(folder, StepFiles.SUFFIX);
    if (since.isPresent()) {
      files = from(files, since.get());
    }
    for (Path file : files.values()) {
      sink.nextFile();
      scan(file, sink);
    }
    return files.size();
  }

  private static NavigableMap<Long, Path> from(NavigableMap<Long, Path> files, Instant since)
      throws IOException {
    for (Map.Entry<Long, Path> entry : files.descendingMap().entrySet()) {
      if (began(entry.getValue()).filter(time -> time.isBefore(since)).isPresent()) {
        return files.tailMap(entry.getKey(), true);
      }
    }
    return files;
  }

  private static Optional<Instant> began(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      return Optional.of(FrameFile.read(channel, 0, StepFiles.MAX_FRAME).time());
    } catch (EOFException | NoSuchFileException | FrameFile.Torn e) {
      return Optional.empty(); // its scan says what is wrong with it
    }
  }

  private void scan(Path file, Sink sink) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      scan(channel, file, sink);
    } catch (NoSuchFileException e) {
      return; // removed meanwhile: too old to be kept
    }
  }

  private void scan(FileChannel channel, Path file, Sink sink) throws IOException {
    long offset = 0;
    long expected = 1;
    try {
      while (true) {
        FrameFile.Frame frame = FrameFile.read(channel, offset, StepFiles.MAX_FRAME);
        if (frame.seq() != expected++) {
          throw new FrameFile.Torn("frames are missing before byte " + offset);
        }
        if (!sink.frame(frame.body())) {
          return;
        }
        offset += frame.size();
      }
    } catch (EOFException e) {
      return;
    } catch (FrameFile.Torn e) {
      problems.accept(
          Failure.of(
                  Code.JOURNAL_TORN,
                  "%s: %s; the last %d bytes are left out"
                      .formatted(file, e.getMessage(), channel.size() - offset))
              .with("file", file.toString()));
    }
  }
}
