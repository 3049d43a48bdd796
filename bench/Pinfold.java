import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

record Pinfold(Path product) implements Peer {
  static final String NAME = "Pinfold";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean present() {
    return Files.isExecutable(product.resolve("bin/pinfold"));
  }

  @Override
  public void configure(Path folder, List<List<String>> commands) throws IOException {
    Files.writeString(folder.resolve("pinfold.yaml"),
        """
        project: bench
        defaults: {restart_policy: always, backoff: 0s, max_restarts: 1000000, logs: {max_size: 2G}}
        services:
        """
            + Peer.each(commands, (i, command) -> "  s%d: {command: %s}\n".formatted(i, Peer.quoted(command))));
  }

  @Override
  public List<String> start(Path folder) {
    return with(folder, "up", "-q");
  }

  @Override
  public List<String> status(Path folder) {
    return with(folder, "status");
  }

  /** Prints what was logged in the last minutes, found by time. */
  List<String> recent(Path folder) {
    return with(folder, "logs", "--since", "5m", "--tail", "all");
  }

  @Override
  public Path logs(Path folder) {
    return folder.resolve("state/logs/bench");
  }

  static boolean supervisor(Proc process) {
    return process.names("pinfold.server.Main");
  }

  /** The keeper itself; its wardens are forks of it. */
  static boolean keeper(Proc process, List<Proc> own) {
    return process.program().endsWith("/pinfold-keeper") && own.stream().noneMatch(p -> p.pid() == process.parent());
  }

  private List<String> with(Path folder, String... words) {
    return Peer.words(
        List.of("env", "PINFOLD_STATE_DIR=" + folder.resolve("state"), product.resolve("bin/pinfold").toString()),
        words);
  }
}
