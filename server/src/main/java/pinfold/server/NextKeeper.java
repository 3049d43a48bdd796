package pinfold.server;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import pinfold.linux.KeeperProgram;
import pinfold.linux.Processes;
import pinfold.state.Places;

/// Starts a keeper in the place of one that died: that of this supervisor's own product, since the
/// dead one may be of a release that was taken over from and is gone. Where this supervisor does
/// not know its product, the keeper is called as the dead one was, so that is looked at while it
/// lives.
///
/// @param program the keeper
/// @param command of the supervisor that it starts
record NextKeeper(KeeperProgram program, List<String> command) {
  private static final System.Logger LOG = System.getLogger("supervisor");

  /// `pinfold-keeper STATE_DIR RUN_DIR LOG_DIR CGROUP_DIR|- MODE COMMAND…`
  private static final int CGROUP = 4;

  private static final int COMMAND = 6;

  /// One for this supervisor.
  ///
  /// @param keeper pid of the one that lives
  /// @param product folder of this supervisor's product; empty when it is not known
  static Optional<NextKeeper> of(int keeper, Optional<Path> product, Places places, String bootId) {
    Optional<NextKeeper> same = like(keeper, places, bootId);
    Optional<Path> own = product.map(home -> home.resolve("libexec/pinfold-keeper"));
    Optional<Path> command = product.map(home -> home.resolve("bin/pinfold-supervisor"));
    if (own.filter(Files::isExecutable).isEmpty()
        || command.filter(Files::isExecutable).isEmpty()) {
      return same;
    }
    Optional<Path> cgroup = same.flatMap(next -> next.program.cgroup());
    return Optional.of(
        new NextKeeper(
            new KeeperProgram(own.get(), places.state(), places.run(bootId), places.logs(), cgroup),
            List.of(command.get().toString())));
  }

  /// One like the keeper of this pid; empty when its command line cannot be read.
  static Optional<NextKeeper> like(int keeper, Places places, String bootId) {
    List<String> argv = Processes.commandLine(keeper);
    if (argv.size() <= COMMAND || !argv.getFirst().startsWith("/")) {
      return Optional.empty();
    }
    Optional<Path> cgroup =
        argv.get(CGROUP).equals("-") ? Optional.empty() : Optional.of(Path.of(argv.get(CGROUP)));
    KeeperProgram program =
        new KeeperProgram(
            Path.of(argv.getFirst()), places.state(), places.run(bootId), places.logs(), cgroup);
    return Optional.of(new NextKeeper(program, argv.subList(COMMAND, argv.size())));
  }

  /// Starts it. When another one was faster, that one is as good.
  void start() throws IOException {
    switch (program.start(command, System.getenv())) {
      case KeeperProgram.Started.Running() -> LOG.log(Level.INFO, "a new keeper runs");
      case KeeperProgram.Started.Another() -> LOG.log(Level.INFO, "another keeper runs already");
      case KeeperProgram.Started.Failed(int status, String message) ->
          LOG.log(Level.ERROR, "a new keeper could not start (" + status + "): " + message);
    }
  }
}
