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
    for (int i = 1; i <= commands.size(); i++) {
      Path service = folder.resolve("scan/s" + i);
      Path logs = Files.createDirectories(folder.resolve("logs/s" + i));
      Peer.script(service.resolve("run"), "exec " + Peer.line(commands.get(i - 1)));
      Peer.script(service.resolve("log/run"), "exec svlogd -tt " + logs);
      Files.writeString(logs.resolve("config"), "s2000000000\n");
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
