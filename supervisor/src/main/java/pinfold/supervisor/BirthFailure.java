package pinfold.supervisor;

import java.util.List;
import java.util.Optional;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.core.UnitName;
import pinfold.linux.ChildSnapshot;
import pinfold.linux.Errno;
import pinfold.linux.SpawnPlan;

/// Puts into words why a birth never reached its program.
final class BirthFailure {
  private static final Errno ENFILE = new Errno(23);

  private BirthFailure() {}

  /// What the keeper reported, read with the plan that failed.
  ///
  /// @param what could not be started: [#service] or [#command]
  /// @param plan empty when it is not known any more: an earlier supervisor asked for the birth
  /// @param program argv[0], for the messages
  static Failure of(
      String what, String program, Optional<SpawnPlan> plan, ChildSnapshot.Failure failure) {
    Errno errno = failure.errno();
    if (failure.call().isPresent() && plan.isPresent()) {
      SpawnPlan.Failure found = plan.get().failure(failure.call().getAsInt(), errno);
      return step(what, program, found.step().name(), found.text(), errno);
    }
    return keeper(what, errno);
  }

  /// The supervisor itself could not ask for it.
  static Failure unasked(String what, Code code, String reason) {
    return Failure.of(code, what + " could not be started: " + reason);
  }

  /// A unit of the manifest, in words.
  static String service(UnitName unit) {
    return "service \"" + unit.service() + "\"";
  }

  /// What a person runs, in words: beside a service, or by itself.
  static String command(UnitName unit, String program) {
    String command = "command \"" + program + "\"";
    return unit.project().equals(UnitName.RUN) ? command : command + " beside " + service(unit);
  }

  private static Failure step(String what, String program, String step, String text, Errno errno) {
    Failure failure =
        switch (step) {
          case "exec" -> exec(what, program, text, errno);
          case "directory" ->
              unasked(what, Code.WORKING_DIR_MISSING, text)
                  .tryNext("create the directory, or change working_dir");
          case "limits", "scheduling", "oom-score" ->
              unasked(
                  what,
                  errno.equals(Errno.EPERM) ? Code.LIMIT_REFUSED : Code.START_STEP_FAILED,
                  text);
          default -> unasked(what, byErrno(errno).orElse(Code.START_STEP_FAILED), text);
        };
    return failure.with("step", step).with("errno", errno.symbol());
  }

  private static Failure exec(String what, String program, String text, Errno errno) {
    if (errno.equals(Errno.ENOENT) || errno.equals(Errno.ENOTDIR)) {
      return unasked(what, Code.COMMAND_NOT_FOUND, text)
          .tryNext(
              "check that \"" + program + "\" exists, or write its absolute path into command");
    }
    if (List.of(Errno.EACCES, Errno.ENOEXEC, Errno.EPERM).contains(errno)) {
      return unasked(what, Code.COMMAND_NOT_EXECUTABLE, text).tryNext("ls -l " + program);
    }
    return unasked(what, byErrno(errno).orElse(Code.START_STEP_FAILED), text);
  }

  private static Failure keeper(String what, Errno errno) {
    Code code =
        errno.equals(Errno.ETIMEDOUT)
            ? Code.STARTING_TOO_LONG
            : byErrno(errno).orElse(Code.START_STEP_FAILED);
    return unasked(what, code, "the keeper could not make a process: " + errno)
        .with("step", "keeper")
        .with("errno", errno.symbol());
  }

  private static Optional<Code> byErrno(Errno errno) {
    if (errno.equals(Errno.EMFILE) || errno.equals(ENFILE)) {
      return Optional.of(Code.NO_DESCRIPTORS);
    }
    if (errno.equals(Errno.EAGAIN)) {
      return Optional.of(Code.NO_PROCESSES);
    }
    if (errno.equals(Errno.ENOMEM)) {
      return Optional.of(Code.SYSCALL_FAILED);
    }
    if (errno.equals(Errno.EPERM)) {
      return Optional.of(Code.NOT_PERMITTED);
    }
    return errno.equals(Errno.E2BIG) ? Optional.of(Code.PLAN_TOO_LARGE) : Optional.empty();
  }
}
