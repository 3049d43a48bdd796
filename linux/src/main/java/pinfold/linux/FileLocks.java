package pinfold.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.OptionalInt;

/** Locks of files, looked at without taking them. */
public final class FileLocks {
  private FileLocks() {}

  /**
   * The process that holds a flock(2) on a file, by /proc/locks: no lock is tried, since even a
   * short one could make a keeper that starts at this moment give up. Processes of other pid
   * namespaces are not seen.
   *
   * @return its pid; empty when the file does not exist or nobody has locked it
   */
  public static OptionalInt holder(Path file) throws IOException {
    String inode;
    try {
      inode = ":" + Files.getAttribute(file, "unix:ino");
    } catch (NoSuchFileException e) {
      return OptionalInt.empty();
    }
    return holder(Files.readString(Path.of("/proc/locks")), inode);
  }

  /** Lines are "1: FLOCK ADVISORY WRITE 1234 fd:01:9876 0 EOF" (proc_locks(5)). */
  static OptionalInt holder(String locks, String inode) {
    for (String line : locks.split("\n", -1)) {
      String[] words = line.strip().split(" +", -1);
      if (words.length >= 6 && words[1].equals("FLOCK") && words[5].endsWith(inode)) {
        if (words[4].length() < 10 && words[4].chars().allMatch(c -> c >= '0' && c <= '9')) {
          return OptionalInt.of(Integer.parseInt(words[4]));
        }
      }
    }
    return OptionalInt.empty();
  }
}
