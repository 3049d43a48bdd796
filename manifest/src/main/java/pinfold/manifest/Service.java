package pinfold.manifest;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * One service as declared, defaults filled in. Build one with {@link #builder}; the components are
 * the keys of the manifest.
 *
 * @param name its name in the project
 * @param runtime whose kernel and root
 * @param command what runs
 * @param workingDir absolute
 * @param environment from what its environment is made
 * @param tty a pty instead of pipes
 * @param stdin what it reads
 * @param limits what it may use
 * @param success which ends count as success
 * @param dependsOn what must hold before it starts, each service at most once
 * @param restartPolicy when it is started again
 * @param backoff how long restarts wait
 * @param restartBudget how many restarts it gets
 * @param stopSignal the polite signal
 * @param stopTimeout from that signal to KILL for everything that is left; zero: KILL at once
 * @param reloadSignal what {@code reload} sends; empty: the service cannot reload
 * @param ready what makes it ready
 * @param live what shows that it still works
 * @param pidFile absolute path where a daemon that forks away writes its pid
 * @param essential whether {@code up --foreground} ends with failure when it has failed for good
 * @param preStart part of each start: its failure fails the start
 * @param preStop runs before the stop signal
 * @param hooks runs beside, never delays
 * @param profiles started only when one of them is asked for; empty: always
 * @param skip whether a start does nothing
 * @param logs what becomes of its output
 * @param ports where it answers
 */
public record Service(
    ServiceName name,
    RuntimeKind runtime,
    Command command,
    Path workingDir,
    EnvironmentSpec environment,
    boolean tty,
    Stdin stdin,
    Limits limits,
    SuccessCodes success,
    List<Dependency> dependsOn,
    RestartPolicy restartPolicy,
    Backoff backoff,
    RestartBudget restartBudget,
    Signal stopSignal,
    Duration stopTimeout,
    Optional<Signal> reloadSignal,
    Optional<Probe> ready,
    Optional<Probe> live,
    Optional<Path> pidFile,
    boolean essential,
    Optional<Hook> preStart,
    Optional<Hook> preStop,
    Hooks hooks,
    Set<String> profiles,
    Optional<Skip> skip,
    LogPolicy logs,
    List<Port> ports) {

  /**
   * @throws IllegalArgumentException if a path is relative, a time negative or a dependency named
   *     twice
   */
  public Service {
    dependsOn = List.copyOf(dependsOn);
    profiles = Collections.unmodifiableSet(new TreeSet<>(profiles));
    ports = List.copyOf(ports);
    if (!workingDir.isAbsolute() || pidFile.filter(p -> !p.isAbsolute()).isPresent()) {
      throw new IllegalArgumentException(name + ": relative path");
    }
    if (stopTimeout.isNegative()) {
      throw new IllegalArgumentException(name + ": negative stop timeout");
    }
    if (dependsOn.stream().map(Dependency::service).distinct().count() < dependsOn.size()) {
      throw new IllegalArgumentException(name + ": a dependency is named twice");
    }
  }

  /**
   * A service with every default.
   *
   * @param workingDir absolute
   */
  public static ServiceBuilder builder(ServiceName name, Command command, Path workingDir) {
    return new ServiceBuilder(name, command, workingDir);
  }

  /** This service, to be changed. */
  public ServiceBuilder toBuilder() {
    return new ServiceBuilder(this);
  }
}
