package pinfold.supervisor;

import java.nio.file.Path;
import java.util.Optional;
import pinfold.linux.User;

/// Where a supervisor runs and for whom.
///
/// @param logs the log directory
/// @param journal the folder of the journal
/// @param run the run directory of this boot
/// @param sockets folder of the notify sockets, private. Its path is short: a socket's whole path
///   has room for 107 bytes in every program that connects to it (unix(7))
/// @param bootId of this boot
/// @param owner whose services these are
/// @param zone TZ of the services; empty = not set
/// @param release of this program
public record Setting(
    Path logs,
    Path journal,
    Path run,
    Path sockets,
    String bootId,
    User owner,
    Optional<String> zone,
    String release) {}
