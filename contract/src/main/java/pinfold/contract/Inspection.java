package pinfold.contract;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that is known of one service.
 *
 * @param manifest canonical path of its manifest; empty for what was run without one
 * @param specification its keys with all defaults, as JSON of the manifest
 * @param revision of the specification
 * @param dependencies services that it waits for
 * @param dependents services that wait for it
 * @param paths where to find what belongs to it (logs, working directory, facts)
 */
public record Inspection(
    ServiceStatus status,
    Optional<String> manifest,
    Json.Obj specification,
    String revision,
    List<String> dependencies,
    List<String> dependents,
    Map<String, String> paths) {}
