package pinfold.manifest;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/** Where the reader gets files from; the room itself touches no disk. */
@FunctionalInterface
public interface FileSource {
  /**
   * The text of a file.
   *
   * @param file absolute and normalized
   * @param most so many bytes are read at most
   * @throws NoSuchFileException if there is none
   * @throws TooLarge if it is longer
   * @throws IOException if it cannot be read, is no regular file or not UTF-8; the message says
   *     why, without the path
   */
  String read(Path file, int most) throws IOException;

  /** Files that are held in memory. */
  static FileSource of(Map<Path, String> files) {
    Map<Path, String> copy = Map.copyOf(files);
    return (file, most) -> {
      String text = copy.get(file);
      if (text == null) {
        throw new NoSuchFileException(file.toString());
      }
      if (text.length() > most) {
        throw new TooLarge(text.length());
      }
      return text;
    };
  }

  /** A file is longer than asked for. */
  final class TooLarge extends IOException {
    private static final long serialVersionUID = 1;

    /** A file of that many bytes. */
    public TooLarge(long bytes) {
      super("it has " + bytes + " bytes");
    }
  }
}
