import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

record ProcessCompose() implements Peer {
  static final String NAME = "process-compose";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean present() {
    return Peer.installed("process-compose");
  }

  @Override
  public void configure(Path folder, List<List<String>> commands) throws IOException {
    Files.createDirectories(folder.resolve("logs"));
    Files.writeString(folder.resolve("process-compose.yaml"),
        "version: \"0.5\"\nprocesses:\n"
            + Peer.each(commands, (i, command) ->
                """
                  s%d:
                    command: "exec %s"
                    log_location: %s/logs/s%1$d.log
                    availability: {restart: always, backoff_seconds: 1}
                """.formatted(i, Peer.line(command), folder)));
  }

  @Override
  public List<String> start(Path folder) {
    return with(folder, "up", "-t=false", "-f", folder.resolve("process-compose.yaml").toString());
  }

  @Override
  public List<String> status(Path folder) {
    return with(folder, "process", "list");
  }

  private static List<String> with(Path folder, String... words) {
    return Peer.words(Peer.words(List.of("process-compose"), words), "-U", "-u", folder.resolve("sock").toString());
  }
}
