import java.io.IOException;
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
    Peer.scanned(folder, commands, "s6-log t s268435455 n20");
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
