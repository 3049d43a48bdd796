import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** With a logger for each service, as one runs it. */
record Runit() implements Peer {
  @Override
  public String name() {
    return "runit + svlogd";
  }

  @Override
  public boolean present() {
    return Peer.installed("runsvdir");
  }

  @Override
  public void configure(Path folder, List<List<String>> commands) throws IOException {
    Peer.scanned(folder, commands, "svlogd -tt");
    for (int i = 1; i <= commands.size(); i++) {
      Files.writeString(folder.resolve("logs/s" + i + "/config"), "s2000000000\n");
    }
  }

  @Override
  public List<String> start(Path folder) {
    return List.of("runsvdir", folder.resolve("scan").toString());
  }

  @Override
  public List<String> status(Path folder) {
    return List.of("sh", "-c", "sv status " + folder + "/scan/*");
  }
}
