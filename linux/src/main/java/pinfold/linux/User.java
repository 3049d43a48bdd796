package pinfold.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * An account of this machine (passwd(5)).
 *
 * @param home absolute path
 * @param shell absolute path
 */
public record User(int uid, int gid, String name, String home, String shell) {
  private static final Path PASSWD = Path.of("/etc/passwd");

  public User {
    Objects.requireNonNull(name, "name is null");
    Objects.requireNonNull(home, "home is null");
    Objects.requireNonNull(shell, "shell is null");
  }

  /** The uid of this process. */
  public static int ownUid() {
    return own("unix:uid");
  }

  /**
   * By the owner of /proc/self, since the first native call costs a short-lived command tens of
   * milliseconds.
   */
  private static int own(String attribute) {
    try {
      return (Integer) Files.getAttribute(Path.of("/proc/self"), attribute);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot examine /proc/self", e);
    }
  }

  /**
   * The account that this process runs as: from /etc/passwd, else as libc knows it. One that nobody
   * knows (in a container) has its number as name, and HOME and SHELL of the environment.
   */
  public static User own() throws IOException {
    int uid = ownUid();
    String passwd = Files.readString(PASSWD, StandardCharsets.ISO_8859_1);
    return known(passwd, uid)
        .orElseGet(() ->
            new User(
                uid,
                own("unix:gid"),
                Integer.toString(uid),
                Objects.requireNonNullElse(System.getenv("HOME"), "/"),
                Objects.requireNonNullElse(System.getenv("SHELL"), "/bin/sh")));
  }

  /** From a text of the form of /etc/passwd, else as libc knows it. */
  static Optional<User> known(String passwd, int uid) {
    return find(passwd, uid).or(() -> Passwd.find(uid));
  }

  /** The first account of this number in a text of the form of /etc/passwd. */
  static Optional<User> find(String passwd, int uid) {
    for (String line : passwd.split("\n", -1)) {
      String[] fields = line.split(":", -1);
      if (fields.length == 7 && fields[2].equals(Integer.toString(uid))) {
        try {
          return Optional.of(
              new User(
                  uid,
                  Integer.parseInt(fields[3]),
                  fields[0],
                  fields[5].isEmpty() ? "/" : fields[5],
                  fields[6].isEmpty() ? "/bin/sh" : fields[6]));
        } catch (NumberFormatException e) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }
}
