package pinfold.linux;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a process is born with. Everything that a child could inherit has a value here or a fixed
 * one that {@link SpawnPlan} gives it; nothing comes from the terminal, shell or supervisor that
 * happened to start Pinfold, except what an ordinary user cannot change: identity, capabilities,
 * namespaces, security labels and hard limits.
 *
 * @param program path with a slash, or a name that is searched in the PATH of {@code environment}
 * @param arguments argv, the program's own name first
 * @param environment all of it, without the two that follow
 * @param birthVariable name of the variable that carries the birth id ("PINFOLD_BIRTH")
 * @param pidVariable name of the variable that carries the process's own pid ("LISTEN_PID")
 * @param directory absolute path of the working directory
 * @param umask 0 to 0777
 * @param nice -20 to 19; 0 is set where the kernel lets it, another value must succeed
 * @param limits must succeed; limits not named get {@link Rlimits#standard}
 * @param placements received descriptors and the numbers from 3 on where the child finds them
 * @param controllingTerminal standard input is a terminal and becomes the controlling one
 * @param noNewPrivileges PR_SET_NO_NEW_PRIVS
 * @param cgroup how the child joins its cgroup; empty: it stays in the keeper's
 */
public record LaunchSpec(
    String program,
    List<String> arguments,
    SortedMap<String, String> environment,
    Optional<String> birthVariable,
    Optional<String> pidVariable,
    String directory,
    int umask,
    int nice,
    Map<Rlimit, Limit> limits,
    Input stdin,
    Output stdout,
    Output stderr,
    List<Placement> placements,
    boolean controllingTerminal,
    boolean noNewPrivileges,
    Optional<CgroupJoin> cgroup) {

  /** Where standard input comes from. */
  public sealed interface Input permits Null, File, Received, Terminal {}

  /** Where standard output or error goes. */
  public sealed interface Output permits Null, Logged, Merged, Received {}

  /** /dev/null. */
  public record Null() implements Input, Output {}

  /** A file of an absolute path, opened for reading by the child. */
  public record File(String path) implements Input {
    public File {
      requireAbsolute("stdin", path);
    }
  }

  /**
   * The terminal that the warden holds ({@link SpawnRequest.Output#TERMINAL}); it is also where
   * {@link Logged} and {@link Merged} go. With {@link #controllingTerminal}.
   */
  public record Terminal() implements Input {}

  /** The stream's own pipe to the log. */
  public record Logged() implements Output {}

  /**
   * Standard error goes where standard output goes; with {@code SpawnRequest.Output.MERGED}. Not
   * for standard output.
   */
  public record Merged() implements Output {}

  /**
   * A descriptor that comes with the spawn request, counted from 0: first those of the request,
   * then the held ones.
   */
  public record Received(int index) implements Input, Output {
    public Received {
      if (index < 0 || index >= MAX_RECEIVED) {
        throw new IllegalArgumentException("received descriptor " + index);
      }
    }
  }

  /**
   * One received descriptor at a number of the child.
   *
   * @param name of the socket, for {@code explain}
   * @param target 3 to 255
   */
  public record Placement(String name, Received source, int target) {
    public Placement {
      Objects.requireNonNull(name, "name is null");
      if (target < 3 || target >= PlanDescriptors.SLOT_MIN) {
        throw new IllegalArgumentException("descriptor " + name + " cannot be placed at " + target);
      }
    }
  }

  /** How the child joins a cgroup. */
  public sealed interface CgroupJoin {
    /** Through its cgroup.procs, received open for writing. */
    record ByDescriptor(Received procs) implements CgroupJoin {}

    /** Through its absolute path. */
    record ByPath(String path) implements CgroupJoin {
      public ByPath {
        requireAbsolute("cgroup", path);
      }
    }
  }

  /** Slots of the protocol less the keeper's own four. */
  public static final int MAX_RECEIVED = 60;

  /** MAX_ARG_STRLEN of the kernel: one string with its NUL (execve(2)). */
  static final int MAX_STRING = 131_072;

  public LaunchSpec {
    requireText("program", program);
    if (program.isEmpty()) {
      throw new IllegalArgumentException("program is empty");
    }
    arguments = List.copyOf(arguments);
    if (arguments.isEmpty()) {
      throw new IllegalArgumentException("a program has at least its own name as argument");
    }
    for (int i = 0; i < arguments.size(); i++) {
      requireText("argument " + i, arguments.get(i));
    }
    TreeMap<String, String> variables = new TreeMap<>();
    for (Map.Entry<String, String> entry : environment.entrySet()) {
      requireVariable(entry.getKey());
      requireText("variable " + entry.getKey(), entry.getKey() + "=" + entry.getValue());
      variables.put(entry.getKey(), entry.getValue());
    }
    environment = Collections.unmodifiableSortedMap(variables);
    for (Optional<String> placeholder : List.of(birthVariable, pidVariable)) {
      if (placeholder.isPresent()) {
        requireVariable(placeholder.get());
        if (environment.containsKey(placeholder.get())) {
          throw new IllegalArgumentException("variable " + placeholder.get() + " is given twice");
        }
      }
    }
    if (birthVariable.isPresent() && birthVariable.equals(pidVariable)) {
      throw new IllegalArgumentException("variable " + birthVariable.get() + " is given twice");
    }
    requireAbsolute("working directory", directory);
    if (umask < 0 || umask > 0777) {
      throw new IllegalArgumentException("umask " + umask);
    }
    if (nice < -20 || nice > 19) {
      throw new IllegalArgumentException("nice " + nice);
    }
    EnumMap<Rlimit, Limit> sorted = new EnumMap<>(Rlimit.class);
    sorted.putAll(limits);
    limits = Collections.unmodifiableMap(sorted);
    Objects.requireNonNull(stdin, "stdin is null");
    Objects.requireNonNull(stdout, "stdout is null");
    Objects.requireNonNull(stderr, "stderr is null");
    if (stdout instanceof Merged) {
      throw new IllegalArgumentException("standard output cannot be merged into itself");
    }
    placements = List.copyOf(placements);
    Set<Integer> targets = new HashSet<>();
    for (Placement placement : placements) {
      if (!targets.add(placement.target())) {
        throw new IllegalArgumentException("two descriptors for number " + placement.target());
      }
    }
    Objects.requireNonNull(cgroup, "cgroup is null");
  }

  private static void requireText(String what, String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(what + " holds a NUL character");
    }
    if (text.getBytes(StandardCharsets.UTF_8).length >= MAX_STRING) {
      throw new IllegalArgumentException(
          what + " is longer than " + (MAX_STRING - 1) + " bytes, the most that Linux passes");
    }
  }

  private static void requireVariable(String name) {
    requireText("variable " + name, name);
    if (name.isEmpty() || name.indexOf('=') >= 0) {
      throw new IllegalArgumentException("no variable can be named \"" + name + '"');
    }
  }

  private static void requireAbsolute(String what, String path) {
    requireText(what, path);
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException(what + " is not absolute: \"" + path + '"');
    }
  }

  /** A specification with defaults for all but the program: see {@link Builder}. */
  public static Builder builder(String program) {
    return new Builder(program);
  }

  /**
   * Gathers a specification. Defaults: the program alone as arguments, no environment, directory
   * "/", umask 022, nice 0, no explicit limits, standard input null, output and error logged. Not
   * for more than one thread.
   */
  public static final class Builder {
    private final String program;
    private final List<String> arguments = new ArrayList<>();
    private final SortedMap<String, String> environment = new TreeMap<>();
    private Optional<String> birthVariable = Optional.empty();
    private Optional<String> pidVariable = Optional.empty();
    private String directory = "/";
    private int umask = 0022;
    private int nice;
    private final Map<Rlimit, Limit> limits = new EnumMap<>(Rlimit.class);
    private Input stdin = new Null();
    private Output stdout = new Logged();
    private Output stderr = new Logged();
    private final List<Placement> placements = new ArrayList<>();
    private boolean controllingTerminal;
    private boolean noNewPrivileges;
    private Optional<CgroupJoin> cgroup = Optional.empty();

    private Builder(String program) {
      this.program = program;
    }

    /** All arguments, the program's own name first. */
    public Builder arguments(List<String> argv) {
      arguments.clear();
      arguments.addAll(argv);
      return this;
    }

    public Builder environment(Map<String, String> variables) {
      environment.clear();
      environment.putAll(variables);
      return this;
    }

    public Builder birthVariable(String name) {
      birthVariable = Optional.of(name);
      return this;
    }

    public Builder pidVariable(String name) {
      pidVariable = Optional.of(name);
      return this;
    }

    public Builder directory(String path) {
      directory = path;
      return this;
    }

    public Builder umask(int mask) {
      umask = mask;
      return this;
    }

    public Builder nice(int value) {
      nice = value;
      return this;
    }

    public Builder limit(Rlimit which, Limit limit) {
      limits.put(which, limit);
      return this;
    }

    public Builder stdin(Input input) {
      stdin = input;
      return this;
    }

    public Builder stdout(Output output) {
      stdout = output;
      return this;
    }

    public Builder stderr(Output output) {
      stderr = output;
      return this;
    }

    public Builder place(String name, int received, int target) {
      placements.add(new Placement(name, new Received(received), target));
      return this;
    }

    public Builder controllingTerminal(boolean wanted) {
      controllingTerminal = wanted;
      return this;
    }

    public Builder noNewPrivileges(boolean wanted) {
      noNewPrivileges = wanted;
      return this;
    }

    public Builder cgroup(CgroupJoin join) {
      cgroup = Optional.of(join);
      return this;
    }

    /**
     * The specification.
     *
     * @throws IllegalArgumentException says which value cannot be
     */
    public LaunchSpec build() {
      return new LaunchSpec(
          program,
          arguments.isEmpty() ? List.of(program) : arguments,
          environment,
          birthVariable,
          pidVariable,
          directory,
          umask,
          nice,
          limits,
          stdin,
          stdout,
          stderr,
          placements,
          controllingTerminal,
          noNewPrivileges,
          cgroup);
    }
  }
}
