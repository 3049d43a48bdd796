package pinfold.manifest;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Collects the parts of a {@link Service}; every part not set has the manifest's default. Not
 * thread-safe.
 */
public final class ServiceBuilder {
  private final ServiceName name;
  private RuntimeKind runtime = RuntimeKind.PROCESS;
  private Command command;
  private Path workingDir;
  private EnvironmentSpec environment = EnvironmentSpec.EMPTY;
  private boolean tty = false;
  private Stdin stdin = new Stdin.None();
  private Limits limits = Limits.NONE;
  private SuccessCodes success = SuccessCodes.DEFAULT;
  private List<Dependency> dependsOn = List.of();
  private RestartPolicy restartPolicy = RestartPolicy.ON_FAILURE;
  private Backoff backoff = Backoff.DEFAULT;
  private Optional<RestartBudget> restartBudget = Optional.empty();
  private Signal stopSignal = Signal.TERM;
  private Duration stopTimeout = Duration.ofSeconds(10);
  private Optional<Signal> reloadSignal = Optional.empty();
  private Optional<Probe> ready = Optional.empty();
  private Optional<Probe> live = Optional.empty();
  private Optional<Path> pidFile = Optional.empty();
  private boolean essential = false;
  private Optional<Hook> preStart = Optional.empty();
  private Optional<Hook> preStop = Optional.empty();
  private Hooks hooks = Hooks.NONE;
  private Set<String> profiles = Set.of();
  private Optional<Skip> skip = Optional.empty();
  private LogPolicy logs = LogPolicy.DEFAULT;
  private List<Port> ports = List.of();

  ServiceBuilder(ServiceName name, Command command, Path workingDir) {
    this.name = name;
    this.command = command;
    this.workingDir = workingDir;
  }

  ServiceBuilder(Service from) {
    name = from.name();
    runtime = from.runtime();
    command = from.command();
    workingDir = from.workingDir();
    environment = from.environment();
    tty = from.tty();
    stdin = from.stdin();
    limits = from.limits();
    success = from.success();
    dependsOn = from.dependsOn();
    restartPolicy = from.restartPolicy();
    backoff = from.backoff();
    restartBudget = Optional.of(from.restartBudget());
    stopSignal = from.stopSignal();
    stopTimeout = from.stopTimeout();
    reloadSignal = from.reloadSignal();
    ready = from.ready();
    live = from.live();
    pidFile = from.pidFile();
    essential = from.essential();
    preStart = from.preStart();
    preStop = from.preStop();
    hooks = from.hooks();
    profiles = from.profiles();
    skip = from.skip();
    logs = from.logs();
    ports = from.ports();
  }

  /** See {@link Service}. */
  public ServiceBuilder runtime(RuntimeKind runtime) {
    this.runtime = runtime;
    return this;
  }

  /** See {@link Service}. */
  public ServiceBuilder command(Command command) {
    this.command = command;
    return this;
  }

  /** See {@link Service}. */
  public ServiceBuilder workingDir(Path workingDir) {
    this.workingDir = workingDir;
    return this;
  }

  /** See {@link Service}. */
  public ServiceBuilder environment(EnvironmentSpec environment) {
    this.environment = environment;
    return this;
  }

  /** See {@link Service}. */
  public ServiceBuilder tty(boolean tty) {
    this.tty = tty;
    return this;
  }

  /** See {@link Service}. */
  public ServiceBuilder stdin(Stdin stdin) {
    this.stdin = stdin;
    return this;
  }

  /** See {@link Service}. */
  public ServiceBuilder limits(Limits limits) {
    this.limits = limits;
    return this;
  }

  /** See {@link Service}. */
  public ServiceBuilder success(SuccessCodes success) {
    this.success = success;
    return this;
  }

  /** See {@link Service}. */
  public ServiceBuilder dependsOn(List<Dependency> dependsOn) {
    this.dependsOn = dependsOn;
    return this;
  }

  /** See {@link Service}. */
  public ServiceBuilder restartPolicy(RestartPolicy restartPolicy) {
    this.restartPolicy = restartPolicy;
    return this;
  }

  /** See {@link Service}. */
  public ServiceBuilder backoff(Backoff backoff) {
    this.backoff = backoff;
    return this;
  }

  /** See {@link Service}. Without it the budget follows the policy. */
  public ServiceBuilder restartBudget(RestartBudget restartBudget) {
    this.restartBudget = Optional.of(restartBudget);
    return this;
  }

  /** See {@link Service}. */
  public ServiceBuilder stopSignal(Signal stopSignal) {
    this.stopSignal = stopSignal;
    return this;
  }

  /** See {@link Service}. */
  public ServiceBuilder stopTimeout(Duration stopTimeout) {
    this.stopTimeout = stopTimeout;
    return this;
  }

  /** See {@link Service}. */
  public ServiceBuilder reloadSignal(Signal reloadSignal) {
    this.reloadSignal = Optional.of(reloadSignal);
    return this;
  }

  /** See {@link Service}. */
  public ServiceBuilder ready(Probe ready) {
    this.ready = Optional.of(ready);
    return this;
  }

  /** See {@link Service}. */
  public ServiceBuilder live(Probe live) {
    this.live = Optional.of(live);
    return this;
  }

  /** See {@link Service}. */
  public ServiceBuilder pidFile(Path pidFile) {
    this.pidFile = Optional.of(pidFile);
    return this;
  }

  /** See {@link Service}. */
  public ServiceBuilder essential(boolean essential) {
    this.essential = essential;
    return this;
  }

  /** See {@link Service}. */
  public ServiceBuilder preStart(Hook preStart) {
    this.preStart = Optional.of(preStart);
    return this;
  }

  /** See {@link Service}. */
  public ServiceBuilder preStop(Hook preStop) {
    this.preStop = Optional.of(preStop);
    return this;
  }

  /** See {@link Service}. */
  public ServiceBuilder hooks(Hooks hooks) {
    this.hooks = hooks;
    return this;
  }

  /** See {@link Service}. */
  public ServiceBuilder profiles(Set<String> profiles) {
    this.profiles = profiles;
    return this;
  }

  /** See {@link Service}. */
  public ServiceBuilder skip(Skip skip) {
    this.skip = Optional.of(skip);
    return this;
  }

  /** See {@link Service}. */
  public ServiceBuilder logs(LogPolicy logs) {
    this.logs = logs;
    return this;
  }

  /** See {@link Service}. */
  public ServiceBuilder ports(List<Port> ports) {
    this.ports = ports;
    return this;
  }

  /**
   * What was collected.
   *
   * @throws IllegalArgumentException as the constructor of {@link Service}
   */
  public Service build() {
    return new Service(
        name,
        runtime,
        command,
        workingDir,
        environment,
        tty,
        stdin,
        limits,
        success,
        dependsOn,
        restartPolicy,
        backoff,
        restartBudget.orElseGet(() -> RestartBudget.defaultOf(restartPolicy)),
        stopSignal,
        stopTimeout,
        reloadSignal,
        ready,
        live,
        pidFile,
        essential,
        preStart,
        preStop,
        hooks,
        profiles,
        skip,
        logs,
        ports);
  }
}
