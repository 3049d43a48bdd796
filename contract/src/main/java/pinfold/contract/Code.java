package pinfold.contract;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Stable error codes. A code is never given another meaning and never reused; the texts may
 * improve. What each means and what to do is in the resource `codes.md`, one section per code,
 * printed by `pinfold explain PFnnnn`.
 *
 * <p>PF10xx wrong use · PF11xx manifest · PF12xx life of a service · PF13xx dependencies and
 * operations · PF20xx keeper and kernel · PF30xx state, journal, facts · PF40xx logs · PF50xx
 * protocol and connection
 */
public enum Code {
  // ---- PF10xx wrong use
  USAGE("PF1001", Exit.USAGE, "wrong use of the command line"),
  NO_SUCH_SERVICE("PF1002", Exit.USAGE, "no service of this name"),
  AMBIGUOUS_NAME("PF1003", Exit.USAGE, "the name fits several services"),
  NO_TARGET("PF1004", Exit.USAGE, "it is not clear which services are meant"),
  NO_SUCH_CODE("PF1005", Exit.USAGE, "no error code of this name"),
  NOT_A_TERMINAL("PF1006", Exit.USAGE, "a terminal is needed and there is none"),
  WOULD_OVERWRITE("PF1007", Exit.USAGE, "the file exists and is not overwritten"),
  NO_SUCH_OPERATION("PF1008", Exit.USAGE, "no operation of this id"),
  BAD_TIME("PF1009", Exit.USAGE, "this is not a time, duration or size"),
  NO_SUCH_SIGNAL("PF1010", Exit.USAGE, "no signal of this name"),
  NO_SUCH_INSTANCE("PF1011", Exit.USAGE, "the service has no instance of this number"),
  OUTPUT_FAILED("PF1012", Exit.FAILED, "the result cannot be written"),

  // ---- PF11xx manifest: kept by the room `manifest`
  NO_MANIFEST("PF1100", Exit.INVALID, "no manifest was found"),
  MANIFEST_INVALID("PF1101", Exit.INVALID, "the manifest has problems"),
  MANIFEST_UNREADABLE("PF1102", Exit.INVALID, "the manifest cannot be read"),
  UNKNOWN_KEY("PF1103", Exit.INVALID, "there is no such key"),
  NOT_AVAILABLE("PF1104", Exit.INVALID, "this is not available in this release"),
  DUPLICATE_KEY("PF1105", Exit.INVALID, "the same key is given twice"),
  WRONG_SHAPE("PF1106", Exit.INVALID, "the value is of the wrong kind"),
  MISSING_KEY("PF1107", Exit.INVALID, "a required key is missing"),
  UNKNOWN_VALUE("PF1108", Exit.INVALID, "the value is none of those that are possible"),
  BAD_UNIT("PF1109", Exit.INVALID, "this is not a duration, size or number"),
  OUT_OF_RANGE("PF1110", Exit.INVALID, "the number is out of its range"),
  BAD_NAME("PF1111", Exit.INVALID, "this cannot be a name"),
  BAD_SYNTAX("PF1112", Exit.INVALID, "the file is not valid YAML"),
  INPUT_TOO_LARGE("PF1113", Exit.INVALID, "the manifest is too large or too deep"),
  INCLUDE_FAILED("PF1114", Exit.INVALID, "an included file cannot be read"),
  INCLUDE_CYCLE("PF1115", Exit.INVALID, "files include each other"),
  DUPLICATE_SERVICE("PF1116", Exit.INVALID, "two services have the same name"),
  VARIABLE_MISSING("PF1117", Exit.INVALID, "a variable has no value"),
  UNKNOWN_DEPENDENCY("PF1118", Exit.INVALID, "a service depends on one that does not exist"),
  DEPENDENCY_CYCLE("PF1119", Exit.INVALID, "services wait for each other"),
  CONTRADICTION("PF1120", Exit.INVALID, "two keys contradict each other"),
  BAD_ENV_FILE("PF1121", Exit.INVALID, "a file of variables has a line that cannot be read"),
  BAD_VALUE("PF1122", Exit.INVALID, "the value cannot be used"),
  UNSUPPORTED_VERSION("PF1123", Exit.INVALID, "the manifest is of another version"),
  UNKNOWN_PROFILE("PF1124", Exit.INVALID, "no service has this profile"),
  // ---- end of PF11xx

  // ---- PF12xx life of a service
  COMMAND_NOT_FOUND("PF1201", Exit.FAILED, "the command was not found"),
  COMMAND_NOT_EXECUTABLE("PF1202", Exit.FAILED, "the command cannot be executed"),
  EXITED_EARLY("PF1203", Exit.FAILED, "the service exited before it was ready"),
  NEVER_READY("PF1204", Exit.FAILED, "the service did not become ready in time"),
  BUDGET_SPENT("PF1205", Exit.FAILED, "the service was restarted too often and is left failed"),
  START_STEP_FAILED("PF1206", Exit.FAILED, "a step before the service's own program failed"),
  PRE_START_FAILED("PF1207", Exit.FAILED, "pre_start failed"),
  HOOK_FAILED("PF1208", Exit.FAILED, "a hook failed"),
  LIVENESS_LOST("PF1209", Exit.FAILED, "the service no longer answers its liveness probe"),
  STOP_ESCALATED("PF1210", Exit.FAILED, "the service ignored its stop signal and was killed"),
  STOP_FAILED("PF1211", Exit.FAILED, "processes of the service could not be ended"),
  EXIT_UNKNOWN("PF1212", Exit.FAILED, "how the service ended is not known"),
  ENV_FILE_UNREADABLE("PF1213", Exit.FAILED, "an env_file cannot be read"),
  WATCHDOG_LOST("PF1214", Exit.FAILED, "the service missed its watchdog"),
  NOT_RUNNING("PF1216", Exit.FAILED, "the service is not running"),
  PRE_STOP_FAILED("PF1217", Exit.FAILED, "pre_stop failed"),
  RELOAD_FAILED("PF1218", Exit.FAILED, "the service did not reload"),
  EXITED("PF1219", Exit.FAILED, "the service exited"),
  COMPLETED_BADLY("PF1220", Exit.FAILED, "the service ended without success"),
  WORKING_DIR_MISSING("PF1221", Exit.FAILED, "the working directory cannot be entered"),
  PORT_TAKEN("PF1222", Exit.FAILED, "the service ended, and another process listens at its port"),
  ESSENTIAL_FAILED("PF1223", Exit.FAILED, "an essential service failed for good"),
  NO_STDIN("PF1224", Exit.FAILED, "the service has no standard input to write to"),
  EXEC_FAILED("PF1225", Exit.RUNNER, "the command could not be started beside the service"),
  STARTING_TOO_LONG("PF1226", Exit.FAILED, "the service's program was not reached in time"),

  // ---- PF13xx dependencies and operations
  DEPENDENCY_FAILED("PF1301", Exit.FAILED, "a dependency failed"),
  BUSY("PF1302", Exit.RETRY, "another operation holds what this one needs"),
  TIMED_OUT("PF1303", Exit.RETRY, "the time given was not enough"),
  PROJECT_BOUND("PF1304", Exit.REFUSED, "the project belongs to a manifest at another path"),
  OPERATION_INTERRUPTED(
      "PF1305", Exit.FAILED, "the operation was interrupted by the end of its supervisor"),
  CANCELLED("PF1306", Exit.FAILED, "the operation was cancelled"),
  OPERATION_FAILED("PF1307", Exit.FAILED, "the operation failed for some services"),
  OPERATION_OVER("PF1309", Exit.FAILED, "the operation has already ended"),
  SHUTTING_DOWN("PF1311", Exit.RETRY, "the supervisor is shutting down"),

  // ---- PF20xx keeper and kernel
  KEEPER_MISSING("PF2001", Exit.UNREACHABLE, "the keeper program was not found"),
  KEEPER_START_FAILED("PF2002", Exit.UNREACHABLE, "the keeper could not be started"),
  KEEPER_LOST("PF2003", Exit.UNREACHABLE, "the connection to the keeper was lost"),
  KEEPER_REFUSED("PF2004", Exit.FAILED, "the keeper refused a request"),
  SYSCALL_FAILED("PF2006", Exit.FAILED, "a system call failed"),
  NO_DESCRIPTORS("PF2007", Exit.FAILED, "no file descriptor is left"),
  LIMIT_REFUSED("PF2008", Exit.REFUSED, "a limit is above what this user may have"),
  KERNEL_TOO_OLD("PF2009", Exit.REFUSED, "the kernel is too old"),
  PLAN_TOO_LARGE("PF2010", Exit.INVALID, "command and environment are too large"),
  ANOTHER_SUPERVISOR("PF2011", Exit.RETRY, "another keeper holds this state directory"),
  NO_PROCESSES("PF2012", Exit.FAILED, "no further process can be made"),
  NOT_PERMITTED("PF2013", Exit.REFUSED, "the kernel does not permit it"),

  // ---- PF30xx state, journal, facts
  STATE_UNUSABLE("PF3001", Exit.REFUSED, "the state directory cannot be used"),
  INTENT_UNREADABLE("PF3002", Exit.FAILED, "what is wanted cannot be read"),
  INTENT_NEWER("PF3003", Exit.FAILED, "the state was written by a newer release"),
  FACT_UNREADABLE("PF3004", Exit.FAILED, "a fact about a running process cannot be read"),
  JOURNAL_TORN("PF3005", Exit.FAILED, "the end of a journal was torn"),
  DISK_FULL("PF3006", Exit.FAILED, "the disk is full"),
  STATE_WRITE_FAILED("PF3007", Exit.FAILED, "the state cannot be written"),
  UNVERIFIED("PF3009", Exit.FAILED, "it cannot be proven which process belongs to the service"),
  JOURNAL_RELEASE("PF3010", Exit.FAILED, "the steps were recorded by another release"),

  // ---- PF40xx logs
  LOG_UNREADABLE("PF4001", Exit.FAILED, "a log cannot be read"),
  NO_LOG("PF4002", Exit.FAILED, "there is no log"),
  LOG_DISK_FULL("PF4003", Exit.FAILED, "log lines are dropped: the disk is full"),
  LOG_WRITE_FAILED("PF4004", Exit.FAILED, "a log cannot be written"),
  BAD_PATTERN("PF4006", Exit.USAGE, "the pattern is not a regular expression"),

  // ---- PF50xx protocol and connection
  NO_SUPERVISOR("PF5001", Exit.UNREACHABLE, "no supervisor runs"),
  SUPERVISOR_START_FAILED("PF5002", Exit.UNREACHABLE, "the supervisor did not start"),
  NO_ANSWER("PF5003", Exit.UNREACHABLE, "the supervisor does not answer"),
  CONNECTION_LOST("PF5004", Exit.UNREACHABLE, "the connection to the supervisor was lost"),
  RELEASE_MISMATCH(
      "PF5005", Exit.UNREACHABLE, "command line and supervisor are of different releases"),
  BAD_MESSAGE("PF5006", Exit.UNREACHABLE, "a message does not follow the protocol"),
  MESSAGE_TOO_LARGE("PF5007", Exit.INVALID, "a message is too large"),
  NOT_ALLOWED("PF5008", Exit.REFUSED, "this user may not talk to the supervisor"),
  INVALID_PARAMETER("PF5009", Exit.INVALID, "a parameter of a call is invalid"),
  BUG("PF5010", Exit.FAILED, "Pinfold has a bug"),
  SOCKET_UNUSABLE("PF5011", Exit.UNREACHABLE, "the control socket cannot be used"),
  TOO_MANY_CONNECTIONS("PF5012", Exit.RETRY, "the supervisor has too many connections");

  private static final Map<String, Code> BY_ID =
      Stream.of(values()).collect(Collectors.toUnmodifiableMap(Code::id, Function.identity()));

  private final String id;
  private final Exit exit;
  private final String title;

  Code(String id, Exit exit, String title) {
    this.id = id;
    this.exit = exit;
    this.title = title;
  }

  /** The code as users see it: `PF` and four digits. */
  public String id() {
    return id;
  }

  /** How a command ends that failed with this code. */
  public Exit exit() {
    return exit;
  }

  /** What happened, in a few words, without the names of a particular case. */
  public String title() {
    return title;
  }

  /** The code of this id, or empty when this release does not know it. Upper or lower case. */
  public static Optional<Code> of(String id) {
    return Optional.ofNullable(BY_ID.get(id.toUpperCase(java.util.Locale.ROOT)));
  }
}
