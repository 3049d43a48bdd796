package pinfold.linux;

import java.util.List;
import java.util.Map;

/**
 * What a child does between fork and exec, as data: an ordered list of steps, each a list of system
 * calls. It can be read before anything runs, compared in tests, kept by the keeper and used for
 * any number of births.
 */
public final class SpawnPlan {
  /** PF_PLAN_MAX: the largest encoded plan, which bounds arguments and environment together. */
  public static final int MAX_BYTES = 1 << 20;

  private final List<Step> steps;

  SpawnPlan(List<Step> steps) {
    this.steps = List.copyOf(steps);
  }

  /**
   * Compiles a specification for this machine.
   *
   * @throws IllegalArgumentException when it cannot be done, for example with more descriptors than
   *     a plan can place
   */
  public static SpawnPlan compile(LaunchSpec spec) {
    return compile(spec, Rlimits.hard());
  }

  /**
   * Compiles a specification for a machine with these hard limits: the pure form.
   *
   * @param hard for limits that the specification does not name; others are left as inherited
   */
  public static SpawnPlan compile(LaunchSpec spec, Map<Rlimit, Long> hard) {
    return new SpawnPlan(PlanCompiler.steps(spec, hard));
  }

  /** In the order in which the child takes them. */
  public List<Step> steps() {
    return steps;
  }

  /**
   * The plan in the form of native/protocol.h.
   *
   * @throws IllegalArgumentException when it is larger than {@link #MAX_BYTES}
   */
  public byte[] encode() {
    return PlanEncoder.encode(steps);
  }

  /**
   * Where a birth failed.
   *
   * @param step the step that failed
   * @param text a sentence without full stop: "cannot change to directory "/x": No such file or
   *     directory (ENOENT)"
   */
  public record Failure(Step step, Errno errno, String text) {}

  /**
   * What the failure of a call means.
   *
   * @param call index as {@link ChildSnapshot.Failure#call} has it
   * @throws IllegalArgumentException when the plan has no such call
   */
  public Failure failure(int call, Errno errno) {
    int index = call;
    for (Step step : steps) {
      if (index < step.calls().size() && index >= 0) {
        String action = step.calls().get(index).action();
        String reason = errno.equals(Errno.NONE) ? "unexpected result" : errno.toString();
        return new Failure(step, errno, "cannot " + action + ": " + reason);
      }
      index -= step.calls().size();
    }
    throw new IllegalArgumentException("the plan has no call " + call);
  }
}
