package pinfold.contract;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One instance of a service, as in status --json.
 *
 * @param slot from 1
 * @param id birth id of its run, the last one when it does not run
 * @param pid main process while it lives
 * @param exit how its last run ended, while none lives
 * @param memoryBytes of all its processes
 * @param cpuSeconds of all its processes in this run
 * @param ports as the manifest says, as text
 */
public record InstanceStatus(
    int slot,
    Optional<String> id,
    Optional<Integer> pid,
    State state,
    Optional<Health> health,
    Optional<Instant> since,
    Optional<ExitStatus> exit,
    Optional<Long> memoryBytes,
    Optional<Double> cpuSeconds,
    List<String> ports) {}
