package pinfold.state;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
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
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.contract.JsonText;
import pinfold.contract.PinfoldException;
import pinfold.linux.BirthId;

/**
 * The facts of this boot: one file per birth, written under another name and renamed, not fsynced,
 * since they do not outlive the boot. A reader sees a fact whole, old or new. Different births may
 * be written by different threads at once.
 */
public final class FactStore {
  /** Larger files are not facts. */
  static final int MAX_BYTES = 1 << 20;

  private static final String SUFFIX = ".json";
  private static final String TEMPORARY = ".tmp";
  private static final String ASIDE = ".unreadable";

  private final Path folder;

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
    Path target = file(fact.birth());
    Path temporary = folder.resolve(fact.birth().text() + TEMPORARY);
    ByteBuffer bytes = ByteBuffer.wrap(JsonText.bytes(FactJson.write(fact)));
    var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    try {
      FileChannel made;
      try {
        made = FileChannel.open(temporary, Set.of(CREATE_NEW, WRITE), mode);
      } catch (FileAlreadyExistsException e) {
        Files.delete(temporary); // left by a supervisor that was killed at this moment
        made = FileChannel.open(temporary, Set.of(CREATE_NEW, WRITE), mode);
      }
      try (FileChannel file = made) {
        while (bytes.hasRemaining()) {
          file.write(bytes);
        }
      }
      Files.move(temporary, target, ATOMIC_MOVE);
    } catch (IOException e) {
      throw unwritable(target, e);
    }
  }

  /**
   * Removes a fact; fine when there is none.
   *
   * @throws PinfoldException {@link Code#STATE_WRITE_FAILED}
   */
  public void forget(BirthId birth) {
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
      Fact fact = FactJson.read(JsonText.read(bytes));
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

  private static PinfoldException unwritable(Path file, IOException e) {
    return new PinfoldException(
        Failure.of(Code.STATE_WRITE_FAILED, "cannot write " + file + ": " + e)
            .with("file", file.toString()),
        e);
  }
}
