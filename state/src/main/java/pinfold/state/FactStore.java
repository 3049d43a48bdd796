package pinfold.state;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.contract.JsonText;
import pinfold.contract.PinfoldException;
import pinfold.linux.BirthId;

/**
 * The facts of this boot: one file per birth, a line for each time it was written; the last whole
 * line holds. A change is one append, which costs a tenth of a new file that takes the old one's
 * name; that is done every {@link #MOST_LINES} lines, and for a file that somebody else wrote,
 * whose last line may be torn. Not fsynced, since they do not outlive the boot. Different births
 * may be written by different threads at once.
 */
public final class FactStore {
  /** Larger files are not facts. */
  static final int MAX_BYTES = 1 << 20;

  /** Lines of one file. */
  static final int MOST_LINES = 32;

  private static final String SUFFIX = ".json";
  private static final String TEMPORARY = ".tmp";
  private static final String ASIDE = ".unreadable";
  private static final FileAttribute<?> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path folder;

  /** Lines of the files that end in a whole line of this store's own. */
  private final Map<BirthId, Integer> lines = new ConcurrentHashMap<>();

  /**
   * The facts in a folder.
   *
   * @param folder exists; {@link Places#facts}
   */
  public FactStore(Path folder) {
    this.folder = folder;
  }

  /**
   * What was found.
   *
   * @param facts in the order of their births' beginnings
   * @param problems {@link Code#FACT_UNREADABLE}, one per file that is none
   */
  public record Found(List<Fact> facts, List<Failure> problems) {
    public Found {
      facts = List.copyOf(facts);
      problems = List.copyOf(problems);
    }
  }

  /**
   * Writes a fact or replaces it.
   *
   * @throws PinfoldException {@link Code#STATE_WRITE_FAILED}
   */
  public void write(Fact fact) {
    BirthId birth = fact.birth();
    ByteBuffer line = ByteBuffer.wrap(bytes(fact));
    Integer before = lines.remove(birth); // back when the line is whole
    try {
      if (before == null || before == MOST_LINES || !append(file(birth), line.duplicate())) {
        replace(birth, line);
        before = 0;
      }
      lines.put(birth, before + 1);
    } catch (IOException e) {
      throw unwritable(file(birth), e);
    }
  }

  private static byte[] bytes(Fact fact) {
    byte[] text = JsonText.bytes(FactJson.write(fact));
    byte[] line = Arrays.copyOf(text, text.length + 1);
    line[text.length] = '\n';
    return line;
  }

  /** False when there is no such file. */
  private static boolean append(Path file, ByteBuffer line) throws IOException {
    try (FileChannel channel = FileChannel.open(file, WRITE, APPEND)) {
      put(channel, line);
      return true;
    } catch (NoSuchFileException e) {
      return false; // removed by somebody: what is known is written anew
    }
  }

  private void replace(BirthId birth, ByteBuffer line) throws IOException {
    Path temporary = folder.resolve(birth.text() + TEMPORARY);
    FileChannel made;
    try {
      made = FileChannel.open(temporary, Set.of(CREATE_NEW, WRITE), PRIVATE);
    } catch (FileAlreadyExistsException e) {
      Files.delete(temporary); // left by a supervisor that was killed at this moment
      made = FileChannel.open(temporary, Set.of(CREATE_NEW, WRITE), PRIVATE);
    }
    try (FileChannel channel = made) {
      put(channel, line);
    }
    Files.move(temporary, file(birth), ATOMIC_MOVE);
  }

  private static void put(FileChannel channel, ByteBuffer line) throws IOException {
    while (line.hasRemaining()) {
      channel.write(line);
    }
  }

  /**
   * Removes a fact; fine when there is none.
   *
   * @throws PinfoldException {@link Code#STATE_WRITE_FAILED}
   */
  public void forget(BirthId birth) {
    lines.remove(birth);
    try {
      Files.deleteIfExists(file(birth));
    } catch (IOException e) {
      throw unwritable(file(birth), e);
    }
  }

  private Path file(BirthId birth) {
    return folder.resolve(birth.text() + SUFFIX);
  }

  /**
   * Reads all facts, as the supervisor that owns them: what cannot be read is renamed to end in
   * `.unreadable` and stays; what was never published is removed.
   *
   * @throws PinfoldException {@link Code#FACT_UNREADABLE} when the folder itself cannot be read
   */
  public Found load() {
    return load(true);
  }

  /** Reads all facts and changes nothing; none when there is no folder. */
  public Found peek() {
    return load(false);
  }

  /** What {@link #load} could not read and renamed; none when there is no folder. */
  public List<Path> setAside() throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + ASIDE)) {
      files.forEach(found::add);
    } catch (NoSuchFileException e) {
      return List.of(); // no supervisor ran in this boot
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return found;
  }

  private Found load(boolean owner) {
    List<Fact> facts = new ArrayList<>();
    List<Failure> problems = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (name.endsWith(SUFFIX)) {
          read(file, owner, facts, problems);
        } else if (owner && name.endsWith(TEMPORARY)) {
          Files.deleteIfExists(file);
        }
      }
    } catch (NoSuchFileException e) {
      return new Found(List.of(), List.of()); // no supervisor ran in this boot
    } catch (IOException e) {
      throw new PinfoldException(
          Failure.of(Code.FACT_UNREADABLE, "cannot read the facts in " + folder + ": " + e), e);
    }
    facts.sort(Comparator.comparing(Fact::since).thenComparing(Fact::birth));
    return new Found(facts, problems);
  }

  private static void read(Path file, boolean owner, List<Fact> facts, List<Failure> problems)
      throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new IllegalArgumentException("larger than " + MAX_BYTES + " bytes");
      }
      Fact fact = FactJson.read(JsonText.read(lastLine(bytes)));
      if (!file.getFileName().toString().equals(fact.birth().text() + SUFFIX)) {
        throw new IllegalArgumentException("it is that of birth " + fact.birth());
      }
      facts.add(fact);
    } catch (NoSuchFileException e) {
      return; // forgotten meanwhile
    } catch (IOException | IllegalArgumentException | PinfoldException e) {
      Path kept = file;
      if (owner) {
        kept = file.resolveSibling(file.getFileName() + ASIDE);
        Files.move(file, kept, ATOMIC_MOVE);
      }
      problems.add(
          Failure.of(Code.FACT_UNREADABLE, "cannot read " + file + ": " + e.getMessage())
              .with("file", kept.toString())
              .tryNext("pinfold up    (the file is set aside, its service is started anew)"));
    }
  }

  /** What was written last and whole; a file without a line end is one line. */
  private static byte[] lastLine(byte[] bytes) {
    int end = lineEnd(bytes, bytes.length);
    return end < 0 ? bytes : Arrays.copyOfRange(bytes, lineEnd(bytes, end) + 1, end);
  }

  /** Place of the last line end before {@code before}, -1 for none. */
  private static int lineEnd(byte[] bytes, int before) {
    int at = before - 1;
    while (at >= 0 && bytes[at] != '\n') {
      at--;
    }
    return at;
  }

  private static PinfoldException unwritable(Path file, IOException e) {
    return new PinfoldException(
        Failure.of(Code.STATE_WRITE_FAILED, "cannot write " + file + ": " + e)
            .with("file", file.toString()),
        e);
  }
}
