package pinfold.contract;

import java.time.Instant;
import java.util.Optional;

/**
 * One link of the chain that made a service what it is.
 *
 * @param happened what happened, in words
 * @param because why that led here, in words
 * @param key the manifest key that changes it, dotted
 */
public record Cause(
    Optional<Instant> time, String happened, Optional<String> because, Optional<String> key) {}
