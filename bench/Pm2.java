import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

record Pm2() implements Peer {
  @Override
  public String name() {
    return "pm2";
  }

  @Override
  public boolean present() {
    return Peer.installed("pm2");
  }

  @Override
  public void configure(Path folder, List<List<String>> commands) throws IOException {
    Files.createDirectories(folder.resolve("logs"));
    Files.writeString(folder.resolve("ecosystem.config.js"),
        "module.exports = {apps: [\n"
            + Peer.each(commands, (i, command) ->
                """
                {name: 's%d', script: '%s', args: '%s', interpreter: 'none', out_file: '%s/logs/s%1$d.log',
                 error_file: '/dev/null'},
                """.formatted(i, command.getFirst(), Peer.line(command.subList(1, command.size())), folder))
            + "]}\n");
  }

  @Override
  public List<String> start(Path folder) {
    return with(folder, "start", folder.resolve("ecosystem.config.js").toString());
  }

  @Override
  public List<String> status(Path folder) {
    return with(folder, "ls");
  }

  private static List<String> with(Path folder, String... words) {
    return Peer.words(List.of("env", "PM2_HOME=" + folder.resolve("pm2"), "pm2"), words);
  }
}
