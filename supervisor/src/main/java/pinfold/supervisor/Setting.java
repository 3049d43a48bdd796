package pinfold.supervisor;

import java.nio.file.Path;
import java.util.Optional;
import pinfold.linux.User;

/// Where a supervisor runs and for whom.
///
/// @param logs the log directory
/// @param run the run directory of this boot
/// @param bootId of this boot
/// @param owner whose services these are
/// @param zone TZ of the services; empty = not set
/// @param release of this program
public record Setting(
    Path logs, Path run, String bootId, User owner, Optional<String> zone, String release) {}
