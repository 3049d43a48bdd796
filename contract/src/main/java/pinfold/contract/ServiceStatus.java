package pinfold.contract;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One service, as in status --json.
 *
 * @param runtime process
 * @param health empty when nothing declares it or nothing runs
 * @param reason why it is in this state, one line; empty when it is as wanted
 * @param since when it came into this state
 * @param restarts by Pinfold since it was last started by a person
 */
public record ServiceStatus(
    String project,
    String name,
    String runtime,
    Wanted wanted,
    State state,
    Optional<Health> health,
    Optional<String> reason,
    Optional<Instant> since,
    long restarts,
    List<InstanceStatus> instances) {}
