package pinfold.logs;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * An open file, read by offsets. Not a channel: an interrupt closes a channel in the middle of a
 * read, and whoever follows a log and is interrupted is owed what was written until then. For one
 * thread.
 */
final class ReadFile implements Closeable {
  private final RandomAccessFile file;

  private ReadFile(RandomAccessFile file) {
    this.file = file;
  }

  /**
   * Opens a file.
   *
   * @throws NoSuchFileException when there is none
   */
  static ReadFile open(Path path) throws IOException {
    try {
      return new ReadFile(new RandomAccessFile(path.toFile(), "r"));
    } catch (FileNotFoundException e) {
      if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        throw e;
      }
      NoSuchFileException missing = new NoSuchFileException(path.toString());
      missing.initCause(e);
      throw missing;
    }
  }

  long size() throws IOException {
    return file.length();
  }

  /**
   * Reads some bytes into an array-backed buffer and moves its position.
   *
   * @return how many; -1 at the end of the file
   */
  int read(ByteBuffer into, long offset) throws IOException {
    file.seek(offset);
    int read = file.read(into.array(), into.arrayOffset() + into.position(), into.remaining());
    if (read > 0) {
      into.position(into.position() + read);
    }
    return read;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
