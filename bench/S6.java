import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** With a logger for each service, as one runs it. */
record S6() implements Peer {
  static final String NAME = "s6 + s6-log";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean present() {
    return Peer.installed("s6-svscan");
  }

  @Override
  public void configure(Path folder, List<List<String>> commands) throws IOException {
    for (int i = 1; i <= commands.size(); i++) {
      Path service = folder.resolve("scan/s" + i);
      Path logs = Files.createDirectories(folder.resolve("logs/s" + i));
      Peer.script(service.resolve("run"), "exec " + Peer.line(commands.get(i - 1)));
      Peer.script(service.resolve("log/run"), "exec s6-log t s268435455 n20 " + logs);
    }
  }

  @Override
  public List<String> start(Path folder) {
    return List.of("s6-svscan", "-c", "2000", folder.resolve("scan").toString());
  }

  @Override
  public List<String> status(Path folder) {
    return List.of("sh", "-c", "for s in " + folder + "/scan/*; do s6-svstat $s; done");
  }
}
