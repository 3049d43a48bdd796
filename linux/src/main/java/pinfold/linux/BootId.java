package pinfold.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** This boot of this machine. */
public final class BootId {
  private BootId() {}

  /**
   * Text of /proc/sys/kernel/random/boot_id: 36 characters, another one after each boot.
   *
   * @throws IOException where /proc is not mounted
   */
  public static String current() throws IOException {
    return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
  }
}
