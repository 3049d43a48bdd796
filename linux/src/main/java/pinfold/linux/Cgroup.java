package pinfold.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The cgroup (v2) of this process, when it is one below which it may make others and move its
 * children into them: then services can be contained by cgroups (cgroups(7)).
 *
 * @param mount where the v2 hierarchy is mounted: "/sys/fs/cgroup", or ".../unified" on hybrid
 *     hosts
 * @param path of this process's cgroup below the mount, beginning with "/"
 */
public record Cgroup(Path mount, String path) {
  /**
   * The own cgroup, where it was delegated to this user: its directory and its cgroup.procs are
   * writable and it knows cgroup.kill (Linux 5.14).
   */
  public static Optional<Cgroup> delegated() throws IOException {
    return own()
        .filter(own ->
            Files.isWritable(own.directory())
                && Files.isWritable(own.directory().resolve("cgroup.procs"))
                && (own.path().equals("/")
                    || Files.exists(own.directory().resolve("cgroup.kill"))));
  }

  /** The own cgroup; empty where no v2 hierarchy is mounted. */
  public static Optional<Cgroup> own() throws IOException {
    Optional<Path> mount =
        mount(Files.readString(Path.of("/proc/self/mountinfo"), StandardCharsets.ISO_8859_1));
    if (mount.isEmpty()) {
      return Optional.empty();
    }
    return path(Files.readString(Path.of("/proc/self/cgroup")))
        .map(path -> new Cgroup(mount.get(), path));
  }

  /** The first cgroup2 mount in a text of proc_pid_mountinfo(5). */
  static Optional<Path> mount(String mountinfo) {
    for (String line : mountinfo.split("\n", -1)) {
      int dash = line.indexOf(" - cgroup2 ");
      if (dash > 0) {
        String[] words = line.substring(0, dash).split(" ", -1);
        if (words.length > 4) {
          return Optional.of(Path.of(unescape(words[4])));
        }
      }
    }
    return Optional.empty();
  }

  /** The v2 line of a text of the form of /proc/self/cgroup: "0::/user.slice". */
  static Optional<String> path(String cgroups) {
    for (String line : cgroups.split("\n", -1)) {
      // A path outside of this cgroup namespace begins with "/..": nothing can be made there.
      if (line.startsWith("0::/") && !line.startsWith("0::/..")) {
        return Optional.of(line.substring(3));
      }
    }
    return Optional.empty();
  }

  /** Spaces and the like are octal in mountinfo: "\040". */
  private static String unescape(String text) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 3 < text.length()) {
        plain.append((char) Integer.parseInt(text, i + 1, i + 4, 8));
        i += 3;
      } else {
        plain.append(c);
      }
    }
    return plain.toString();
  }

  /** Absolute directory of this cgroup. */
  public Path directory() {
    return mount.resolve(path.substring(1));
  }

  /**
   * Makes a cgroup below this one; one that exists is taken.
   *
   * @param name one path element, or several
   */
  public Cgroup create(String name) throws IOException {
    Cgroup child = new Cgroup(mount, path.equals("/") ? "/" + name : path + "/" + name);
    Files.createDirectories(child.directory());
    return child;
  }

  /**
   * Removes this cgroup.
   *
   * @return false when processes or cgroups are still in it; true also when it was gone
   */
  public boolean remove() throws IOException {
    try {
      Files.delete(directory());
      return true;
    } catch (NoSuchFileException e) {
      return true;
    } catch (DirectoryNotEmptyException e) {
      return false;
    } catch (IOException e) {
      if (String.valueOf(e.getMessage()).contains("busy")) {
        return false;
      }
      throw e;
    }
  }
}
