package pinfold.linux;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The keeper's program: the one process that Pinfold's Java starts itself. ProcessBuilder closes
 * every descriptor but the three standard ones in the child, and the keeper gives each of its own
 * children fixed surroundings, so nothing of this process reaches a service.
 *
 * @param binary absolute path of pinfold-keeper
 * @param stateDirectory holds the lock
 * @param runDirectory of this boot; gets the journal
 * @param cgroup absolute directory below which cgroups can be made; empty: none
 */
public record KeeperProgram(
    Path binary, Path stateDirectory, Path runDirectory, Path logDirectory, Optional<Path> cgroup) {
  private static final int EX_TEMPFAIL = 75;
  private static final int MAX_MESSAGE = 4096;
  private static final FileAttribute<?> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  /** How a start ended. */
  public sealed interface Started {
    /** The keeper runs, with its first supervisor, and is on its own. */
    record Running() implements Started {}

    /** Another keeper has the lock of this state directory. */
    record Another() implements Started {}

    /**
     * It could not start.
     *
     * @param status of sysexits.h
     * @param message what it said, for people
     */
    record Failed(int status, String message) implements Started {}
  }

  /**
   * Starts a keeper that detaches, and waits until it has its lock and journal and started the
   * supervisor: milliseconds.
   *
   * @param command of the supervisor, absolute path first
   * @param environment all of the keeper's and supervisor's
   * @throws IOException when the program cannot be executed
   */
  public Started start(List<String> command, Map<String, String> environment) throws IOException {
    // A file, not a pipe: the keeper keeps its standard error until it is detached.
    Path said =
        Files.createFile(runDirectory.resolve(Durable.TEMPORARY_PREFIX + Chance.uuid()), PRIVATE);
    try {
      Process process =
          builder("daemon", command, environment)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(said.toFile())
              .start();
      int status = await(process);
      return switch (status) {
        case 0 -> new Started.Running();
        case EX_TEMPFAIL -> new Started.Another();
        default -> new Started.Failed(status, message(said));
      };
    } finally {
      Files.deleteIfExists(said);
    }
  }

  /**
   * Starts a keeper that stays a child of this process and shares its standard output and error;
   * ends with exit status 75 when another keeper has the lock.
   */
  public Process foreground(List<String> command, Map<String, String> environment)
      throws IOException {
    return builder("foreground", command, environment)
        .redirectOutput(ProcessBuilder.Redirect.INHERIT)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private ProcessBuilder builder(
      String mode, List<String> command, Map<String, String> environment) {
    List<String> words = new ArrayList<>();
    words.add(binary.toString());
    words.add(stateDirectory.toString());
    words.add(runDirectory.toString());
    words.add(logDirectory.toString());
    words.add(cgroup.map(Path::toString).orElse("-"));
    words.add(mode);
    words.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.directory(new File("/"));
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.redirectInput(new File("/dev/null"));
    return builder;
  }

  private static int await(Process process) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return process.waitFor();
        } catch (InterruptedException e) {
          // A half-started keeper would be worse than a late interrupt.
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static String message(Path said) throws IOException {
    byte[] bytes = Files.readAllBytes(said);
    return new String(bytes, 0, Math.min(bytes.length, MAX_MESSAGE), StandardCharsets.UTF_8)
        .strip();
  }
}
