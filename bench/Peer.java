import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** One supervisor under measurement: how it is configured, started and asked. */
interface Peer {
  String name();

  /** Whether its program is installed. */
  boolean present();

  /** Writes a configuration of COUNT services that run the command, below the folder. */
  void configure(Path folder, int count, List<String> command) throws IOException;

  /** Starts everything; may stay or return. */
  List<String> start(Path folder);

  /** Shows the state of all services; empty where there is no such thing. */
  default List<String> status(Path folder) {
    return List.of();
  }

  /** Ends everything as the peer wants to be ended; what is left is killed. */
  default List<String> stop(Path folder) {
    return List.of();
  }

  /** Log files of the services. */
  default Path logs(Path folder) {
    return folder.resolve("logs");
  }

  static List<Peer> all(Path product) {
    return List.of(new Pinfold(product), new Supervisord(), new S6(), new Runit(), new ProcessCompose(), new Pm2(), new Systemg());
  }

  record Pinfold(Path product) implements Peer {
    @Override
    public String name() {
      return "Pinfold";
    }

    @Override
    public boolean present() {
      return Files.isExecutable(product.resolve("bin/pinfold"));
    }

    @Override
    public void configure(Path folder, int count, List<String> command) throws IOException {
      StringBuilder text = new StringBuilder("project: bench\nservices:\n");
      for (int i = 1; i <= count; i++) {
        text.append("  s").append(i).append(": {command: [")
            .append(String.join(", ", command.stream().map(word -> "\"" + word + "\"").toList()))
            .append("], restart_policy: always, backoff: 1ms, max_restarts: 1000000, logs: {max_size: 2G}}\n");
      }
      Files.writeString(folder.resolve("pinfold.yaml"), text);
    }

    @Override
    public List<String> start(Path folder) {
      return with(folder, "up", "-q");
    }

    @Override
    public List<String> status(Path folder) {
      return with(folder, "status");
    }

    @Override
    public List<String> stop(Path folder) {
      return with(folder, "down", "--supervisor");
    }

    @Override
    public Path logs(Path folder) {
      return folder.resolve("state/logs/bench");
    }

    private List<String> with(Path folder, String... words) {
      List<String> command = new ArrayList<>(List.of("env", "PINFOLD_STATE_DIR=" + folder.resolve("state"),
          product.resolve("bin/pinfold").toString()));
      command.addAll(List.of(words));
      return command;
    }
  }

  record Supervisord() implements Peer {
    @Override
    public String name() {
      return "supervisord";
    }

    @Override
    public boolean present() {
      return Files.exists(Path.of("/usr/bin/supervisord"));
    }

    @Override
    public void configure(Path folder, int count, List<String> command) throws IOException {
      StringBuilder text = new StringBuilder("""
          [unix_http_server]
          file=%1$s/sock
          [supervisord]
          logfile=%1$s/supervisord.log
          pidfile=%1$s/pid
          childlogdir=%1$s/logs
          minfds=8192
          [rpcinterface:supervisor]
          supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
          [supervisorctl]
          serverurl=unix://%1$s/sock
          """.formatted(folder));
      for (int i = 1; i <= count; i++) {
        text.append("[program:s%d]\ncommand=%s\nautorestart=true\nstartsecs=0\nstdout_logfile=%s/logs/s%d.log\nstdout_logfile_maxbytes=0\n"
            .formatted(i, String.join(" ", command), folder, i));
      }
      Files.createDirectories(folder.resolve("logs"));
      Files.writeString(folder.resolve("supervisord.conf"), text);
    }

    @Override
    public List<String> start(Path folder) {
      return List.of("/usr/bin/supervisord", "-n", "-c", folder.resolve("supervisord.conf").toString());
    }

    @Override
    public List<String> status(Path folder) {
      return List.of("/usr/bin/supervisorctl", "-c", folder.resolve("supervisord.conf").toString(), "status");
    }
  }

  /** With a logger for each service, as one runs it. */
  record S6() implements Peer {
    @Override
    public String name() {
      return "s6 + s6-log";
    }

    @Override
    public boolean present() {
      return Files.exists(Path.of("/usr/bin/s6-svscan"));
    }

    @Override
    public void configure(Path folder, int count, List<String> command) throws IOException {
      for (int i = 1; i <= count; i++) {
        Path service = Files.createDirectories(folder.resolve("scan/s" + i));
        script(service.resolve("run"), "exec " + String.join(" ", command));
        Path log = Files.createDirectories(service.resolve("log"));
        script(log.resolve("run"), "exec s6-log t s2000000000 " + folder.resolve("logs/s" + i));
        Files.createDirectories(folder.resolve("logs/s" + i));
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

  /** With a logger for each service, as one runs it. */
  record Runit() implements Peer {
    @Override
    public String name() {
      return "runit + svlogd";
    }

    @Override
    public boolean present() {
      return Files.exists(Path.of("/usr/bin/runsvdir"));
    }

    @Override
    public void configure(Path folder, int count, List<String> command) throws IOException {
      for (int i = 1; i <= count; i++) {
        Path service = Files.createDirectories(folder.resolve("scan/s" + i));
        script(service.resolve("run"), "exec " + String.join(" ", command));
        Path log = Files.createDirectories(service.resolve("log"));
        script(log.resolve("run"), "exec svlogd -tt " + folder.resolve("logs/s" + i));
        Files.writeString(Files.createDirectories(folder.resolve("logs/s" + i)).resolve("config"), "s2000000000\n");
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

  record ProcessCompose() implements Peer {
    @Override
    public String name() {
      return "process-compose";
    }

    @Override
    public boolean present() {
      return Bench.installed("process-compose");
    }

    @Override
    public void configure(Path folder, int count, List<String> command) throws IOException {
      StringBuilder text = new StringBuilder("version: \"0.5\"\nprocesses:\n");
      for (int i = 1; i <= count; i++) {
        text.append("  s%d: {command: \"exec %s\", log_location: %s/logs/s%d.log, availability: {restart: always, backoff_seconds: 1}}\n"
            .formatted(i, String.join(" ", command), folder, i));
      }
      Files.createDirectories(folder.resolve("logs"));
      Files.writeString(folder.resolve("process-compose.yaml"), text);
    }

    @Override
    public List<String> start(Path folder) {
      return List.of("process-compose", "up", "-t=false", "-u", folder.resolve("sock").toString(), "-U", "-f",
          folder.resolve("process-compose.yaml").toString());
    }

    @Override
    public List<String> status(Path folder) {
      return List.of("process-compose", "process", "list", "-u", folder.resolve("sock").toString(), "-U");
    }
  }

  record Pm2() implements Peer {
    @Override
    public String name() {
      return "pm2";
    }

    @Override
    public boolean present() {
      return Bench.installed("pm2");
    }

    @Override
    public void configure(Path folder, int count, List<String> command) throws IOException {
      StringBuilder text = new StringBuilder("module.exports = {apps: [");
      for (int i = 1; i <= count; i++) {
        text.append("{name: 's%d', script: '%s', args: '%s', interpreter: 'none', out_file: '%s/logs/s%d.log', error_file: '/dev/null'},\n"
            .formatted(i, command.getFirst(), String.join(" ", command.subList(1, command.size())), folder, i));
      }
      Files.createDirectories(folder.resolve("logs"));
      Files.writeString(folder.resolve("ecosystem.config.js"), text.append("]}\n"));
    }

    @Override
    public List<String> start(Path folder) {
      return pm2(folder, "start", folder.resolve("ecosystem.config.js").toString());
    }

    @Override
    public List<String> status(Path folder) {
      return pm2(folder, "ls");
    }

    @Override
    public List<String> stop(Path folder) {
      return pm2(folder, "kill");
    }

    private static List<String> pm2(Path folder, String... words) {
      List<String> command = new ArrayList<>(List.of("env", "PM2_HOME=" + folder.resolve("pm2"), "pm2", "-s"));
      command.addAll(List.of(words));
      return command;
    }
  }

  record Systemg() implements Peer {
    @Override
    public String name() {
      return "sysg";
    }

    @Override
    public boolean present() {
      return Bench.installed("sysg");
    }

    @Override
    public void configure(Path folder, int count, List<String> command) throws IOException {
      StringBuilder text = new StringBuilder("version: \"2\"\nprojects:\n  bench:\n    services:\n");
      for (int i = 1; i <= count; i++) {
        text.append("      s").append(i).append(": {exec: [")
            .append(String.join(", ", command.stream().map(word -> "\"" + word + "\"").toList()))
            .append("], restart_policy: always, backoff: \"1ms\", max_restarts: 100000}\n");
      }
      Files.writeString(folder.resolve("systemg.yaml"), text);
    }

    @Override
    public List<String> start(Path folder) {
      return sysg(folder, "start", "--daemonize", "-c", folder.resolve("systemg.yaml").toString());
    }

    @Override
    public List<String> status(Path folder) {
      return sysg(folder, "status", "-c", folder.resolve("systemg.yaml").toString());
    }

    @Override
    public List<String> stop(Path folder) {
      return sysg(folder, "stop", "--supervisor");
    }

    @Override
    public Path logs(Path folder) {
      return folder.resolve(".local/share/systemg/logs");
    }

    private static List<String> sysg(Path folder, String... words) {
      List<String> command = new ArrayList<>(List.of("env", "HOME=" + folder, "sysg"));
      command.addAll(List.of(words));
      return command;
    }
  }

  private static void script(Path file, String text) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + text + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
