package pinfold.contract;

import java.time.Instant;
import java.util.Optional;

/**
 * The supervisor that answers, as in status --json.
 *
 * @param bug the last event that it could not take, and how it failed; empty as long as it took all
 */
public record SupervisorStatus(
    int pid, int keeperPid, Instant since, String release, Optional<String> bug) {}
