package pinfold.state;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.contract.PinfoldException;
import pinfold.linux.BirthId;

/**
 * Where everything is.
 *
 * @param state state directory, absolute
 * @param config folder of the configuration, absolute
 */
public record Places(Path state, Path config) {
  public Places {
    if (!state.isAbsolute() || !config.isAbsolute()) {
      throw new IllegalArgumentException("not absolute: " + state + ", " + config);
    }
  }

  /**
   * The places of user mode: state in `$PINFOLD_STATE_DIR`, else `$XDG_STATE_HOME/pinfold`, else
   * `$HOME/.local/state/pinfold`; configuration in `$XDG_CONFIG_HOME/pinfold`, else
   * `$HOME/.config/pinfold`. As the XDG specification has it, variables that are empty or not
   * absolute count as not set, except that a relative `PINFOLD_STATE_DIR` is refused.
   *
   * @throws PinfoldException {@link Code#STATE_UNUSABLE} when none of them says where
   */
  public static Places of(Map<String, String> environment) {
    String own = environment.getOrDefault("PINFOLD_STATE_DIR", "");
    if (!own.isEmpty() && !Path.of(own).isAbsolute()) {
      throw refused("PINFOLD_STATE_DIR is not an absolute path: " + own);
    }
    Path state = own.isEmpty() ? base(environment, "XDG_STATE_HOME", ".local/state") : Path.of(own);
    return new Places(state.normalize(), base(environment, "XDG_CONFIG_HOME", ".config"));
  }

  private static Path base(Map<String, String> environment, String variable, String below) {
    String base = environment.getOrDefault(variable, "");
    if (base.startsWith("/")) {
      return Path.of(base).resolve("pinfold");
    }
    String home = environment.getOrDefault("HOME", "");
    if (!home.startsWith("/")) {
      throw refused("neither PINFOLD_STATE_DIR nor " + variable + " nor HOME says where files go");
    }
    return Path.of(home).resolve(below).resolve("pinfold");
  }

  /** The keeper holds a flock(2) on it. */
  public Path lock() {
    return state.resolve("lock");
  }

  /** The supervisor's socket. */
  public Path controlSocket() {
    return state.resolve("control.sock");
  }

  /** The database of {@link IntentStore}. */
  public Path intent() {
    return state.resolve("intent.db");
  }

  /** The folder of {@link Journal}. */
  public Path journal() {
    return state.resolve("journal");
  }

  /** The log directory. */
  public Path logs() {
    return state.resolve("logs");
  }

  /** What does not outlive the boot, of all boots. */
  public Path runs() {
    return state.resolve("run");
  }

  /** What does not outlive this boot; the run directory of the keeper. */
  public Path run(String bootId) {
    if (!bootId.matches("[0-9a-f-]{36}")) {
      throw new IllegalArgumentException("not a boot id: " + bootId);
    }
    return runs().resolve(bootId);
  }

  /** The keeper's record. */
  public Path keeper(String bootId) {
    return run(bootId).resolve("keeper");
  }

  /** The folder of {@link FactStore}. */
  public Path facts(String bootId) {
    return run(bootId).resolve("facts");
  }

  /** The notify socket of a birth. */
  public Path notify(String bootId, BirthId birth) {
    return run(bootId).resolve("notify").resolve(birth.text() + ".sock");
  }

  /**
   * Makes the directories, 0700, and checks those that are there: a state directory must belong to
   * this user, and nobody else may write to it.
   *
   * @param bootId {@link pinfold.linux.BootId#current}
   * @param uid of this process
   * @throws PinfoldException {@link Code#STATE_UNUSABLE}
   */
  public void create(String bootId, int uid) {
    try {
      Path parent = state.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      for (Path folder :
          Set.of(state, journal(), logs(), runs(), run(bootId), facts(bootId)).stream()
              .sorted()
              .toList()) {
        make(folder);
        check(folder, uid);
      }
      make(run(bootId).resolve("notify"));
    } catch (IOException e) {
      throw refused("cannot make the state directory " + state + ": " + e, e);
    }
  }

  private static void make(Path folder) throws IOException {
    try {
      Files.createDirectory(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (FileAlreadyExistsException e) {
      // Checked by the caller.
    }
  }

  /**
   * Checks a state directory that is there, without changing it.
   *
   * @param uid of this process
   * @return why it is not to be trusted; empty when it is, or is not there
   */
  public Optional<Failure> examine(int uid) {
    try {
      if (Files.exists(state, LinkOption.NOFOLLOW_LINKS)) {
        check(state, uid);
      }
      return Optional.empty();
    } catch (PinfoldException e) {
      return Optional.of(e.failure());
    } catch (IOException e) {
      return Optional.of(refused("cannot examine " + state + ": " + e, e).failure());
    }
  }

  private static void check(Path folder, int uid) throws IOException {
    PosixFileAttributes found = Files.readAttributes(folder, PosixFileAttributes.class);
    if (!found.isDirectory()) {
      throw refused(folder + " is not a directory");
    }
    int owner = (Integer) Files.getAttribute(folder, "unix:uid");
    if (owner != uid) {
      throw new PinfoldException(
          Failure.of(
                  Code.STATE_UNUSABLE,
                  "%s belongs to uid %d, and this is uid %d".formatted(folder, owner, uid))
              .with("file", folder.toString())
              .tryNext("PINFOLD_STATE_DIR=/a/folder/of/yours"));
    }
    Set<PosixFilePermission> mode = found.permissions();
    if (mode.contains(PosixFilePermission.GROUP_WRITE)
        || mode.contains(PosixFilePermission.OTHERS_WRITE)) {
      throw new PinfoldException(
          Failure.of(
                  Code.STATE_UNUSABLE,
                  "others may write to %s (%s)"
                      .formatted(folder, PosixFilePermissions.toString(mode)))
              .with("file", folder.toString())
              .tryNext("chmod 700 " + folder));
    }
  }

  private static PinfoldException refused(String message) {
    return PinfoldException.of(Code.STATE_UNUSABLE, message);
  }

  private static PinfoldException refused(String message, Throwable cause) {
    return new PinfoldException(Failure.of(Code.STATE_UNUSABLE, message), cause);
  }
}
