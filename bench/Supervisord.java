import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

record Supervisord() implements Peer {
  @Override
  public String name() {
    return "supervisord";
  }

  @Override
  public boolean present() {
    return Peer.installed("supervisord");
  }

  @Override
  public void configure(Path folder, List<List<String>> commands) throws IOException {
    Files.createDirectories(folder.resolve("logs"));
    Files.writeString(folder.resolve("supervisord.conf"),
        """
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
        """.formatted(folder)
            + Peer.each(commands, (i, command) ->
                """
                [program:s%d]
                command=%s
                autorestart=true
                startsecs=0
                stdout_logfile=%s/logs/s%1$d.log
                stdout_logfile_maxbytes=0
                """.formatted(i, Peer.line(command), folder)));
  }

  @Override
  public List<String> start(Path folder) {
    return List.of("supervisord", "-n", "-c", folder.resolve("supervisord.conf").toString());
  }

  @Override
  public List<String> status(Path folder) {
    return List.of("supervisorctl", "-c", folder.resolve("supervisord.conf").toString(), "status");
  }
}
