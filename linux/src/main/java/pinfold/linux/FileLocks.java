package pinfold.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Locks of files, looked at without taking them. */
public final class FileLocks {
  private FileLocks() {}

  /**
   * Whether somebody holds a flock(2) on a file, by /proc/locks: no lock is tried, since even a
   * short one could make a keeper that starts at this moment give up.
   *
   * <p>Inside a pid namespace the kernel hides locks whose taker ended and left them to its
   * children, as a keeper that detached does: there {@code false} proves nothing, and the identity
   * in the run directory's file "keeper" ({@link KeeperJournal#read}) is what to look at.
   *
   * @return false also when the file does not exist
   */
  public static boolean held(Path file) throws IOException {
    String inode;
    try {
      inode = ":" + Files.getAttribute(file, "unix:ino");
    } catch (NoSuchFileException e) {
      return false;
    }
    return held(Files.readString(Path.of("/proc/locks")), inode);
  }

  /** Lines are "1: FLOCK ADVISORY WRITE 1234 fd:01:9876 0 EOF" (proc_locks(5)). */
  static boolean held(String locks, String inode) {
    for (String line : locks.split("\n", -1)) {
      String[] words = line.strip().split(" +", -1);
      if (words.length >= 6 && words[1].equals("FLOCK") && words[5].endsWith(inode)) {
        return true;
      }
    }
    return false;
  }
}
