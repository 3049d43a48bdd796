import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** One of its two generations: the manifest's first version, and the later one. */
record Systemg(Path tools, String release) implements Peer {
  @Override
  public String name() {
    return "sysg-" + release;
  }

  @Override
  public boolean present() {
    return Files.isExecutable(program());
  }

  @Override
  public void configure(Path folder, List<List<String>> commands) throws IOException {
    Files.writeString(folder.resolve("systemg.yaml"), first()
        ? "version: \"1\"\nservices:\n"
            + Peer.each(commands, (i, command) ->
                "  s%d: {command: \"exec %s\", restart_policy: \"always\", backoff: \"1s\"}\n"
                    .formatted(i, Peer.line(command)))
        : "version: \"2\"\nprojects:\n  bench:\n    services:\n"
            + Peer.each(commands, (i, command) ->
                "      s%d: {exec: %s, restart_policy: always, backoff: \"1ms\", max_restarts: 100000}\n"
                    .formatted(i, Peer.quoted(command))));
  }

  @Override
  public List<String> start(Path folder) {
    return with(folder, "start", "--daemonize");
  }

  @Override
  public List<String> status(Path folder) {
    return with(folder, "status");
  }

  @Override
  public Path logs(Path folder) {
    return folder.resolve(".local/share/systemg/logs");
  }

  private List<String> with(Path folder, String... words) {
    return Peer.words(Peer.words(List.of("env", "HOME=" + folder, program().toString()), words), "-c",
        folder.resolve("systemg.yaml").toString());
  }

  private boolean first() {
    return release.startsWith("0.3");
  }

  private Path program() {
    return tools.resolve("sysg-" + release + "/bin/sysg");
  }
}
