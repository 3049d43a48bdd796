package pinfold.contract;

import java.util.Optional;

/**
 * How one service met what was waited for.
 *
 * @param met false: it can no longer happen
 * @param reason why not
 */
public record WaitOutcome(
    String project, String name, boolean met, Optional<ExitStatus> exit, Optional<String> reason) {}
